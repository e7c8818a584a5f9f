package import ContactCenter
package import Kernel

extension Router {
    /// When `advance` has something to do next.
    package var nextDeadline: Instant? {
        if !agents.touched.isEmpty || !waiting.released.isEmpty { return waiting.clock?.instant ?? .zero }
        return waiting.nextDeadline
    }

    /// Ends pauses and patience, takes the steps whose time has come, and returns the contacts to match again: also
    /// those whose last agent has gone, whom they need not wait for any longer.
    package mutating func advance(at now: Moment) -> [ContactID] {
        var due = waiting.expirePauses(at: now.instant)
        waiting.tell(now)
        settleHolds()
        let named = Set(due)
        due += waiting.released.subtracting(named).sorted()
        waiting.released = []
        return due
    }

    /// Decides for each contact whose last agent changed, and for each new one, whether it waits for her.
    ///
    /// Work is proportional to what changed since the last look.
    mutating func settleHolds() {
        if waiting.unsettled.isEmpty && agents.touched.isEmpty { return }
        var contacts = waiting.unsettled
        for agent in agents.touched {
            if let others = waiting.awaited[agent] { contacts.formUnion(others) } else { agents.watched.remove(agent) }
        }
        waiting.unsettled = []
        agents.touched = []
        for contact in contacts.sorted() {
            guard let entry = waiting.entries[contact], !entry.isPatienceOver else { continue }
            if let agent = entry.waiting.lastAgent { agents.watched.insert(agent) }
            waiting.hold(contact, awaitedAgent(of: entry) != nil)
        }
    }

    /// The last agent of a contact while she is worth waiting for: logged in, reachable, fit, and busy or free.
    ///
    /// Free counts too: the contact is hers to take, and nobody slips in between her being freed and her taking it.
    private func awaitedAgent(of entry: WaitingRoom.Entry) -> AgentView? {
        guard let last = entry.waiting.lastAgent, let view = agents.views[last], agents.isReachable(view.site),
            entry.waiting.admits(view.site),
            view.state.kind.isBusy || view.takes(cost: entry.waiting.cost),
            entry.requirement.admits(tier: view.tier, skills: view.skills),
            entry.exclusions[last]?.covers(view) != true
        else { return nil }
        return view
    }
}
