package import ContactCenter
package import Kernel

/// What routing may be told to do otherwise.
package struct RouterSettings: Hashable, Sendable {
    /// How much less handling time today (or how much longer idle) an agent of another site must have to be taken
    /// before one of this site: about one call, since a smaller difference is no uneven load.
    package var distance: Span = .minutes(5)

    /// Makes settings with the defaults.
    package init() {}
}

/// Who gets which contact, by one rule: the most deserving contact gets the fittest free agent of any reachable
/// site (design §5).
///
/// The fittest: fits skills and tier and has capacity left; then the agent of the customer's latest ticket; then the
/// queue's strategy, with the distance added for other sites; then longest idle, own site, key. A choice is a wish:
/// only the agent's site grants it. Cost: logarithmic in agents and contacts, linear in sites and in distinct
/// requirements.
package struct Router: Sendable {
    /// The site that decides.
    package let site: SiteID
    /// What may be told otherwise.
    package var settings: RouterSettings
    /// The agents known.
    package var agents = AgentDirectory()
    /// The contacts known.
    package var waiting: WaitingRoom
    /// Lots for `weightedRandom` are drawn from here.
    var random: SeededRandom

    /// Makes the router of a site.
    package init(
        site: SiteID,
        settings: RouterSettings = RouterSettings(),
        random: SeededRandom = SeededRandom(seed: 0x10_7E)
    ) {
        self.site = site
        self.settings = settings
        self.random = random
        waiting = WaitingRoom(site: site)
    }

    /// The fittest free agent for a waiting contact (push); several for a queue that rings all.
    ///
    /// The contact is not marked: call `waiting.offer` when asking for the reservation, and `refused` or
    /// `waiting.putBack` when it comes to nothing.
    package mutating func decide(_ contact: ContactID, at now: Moment) -> Decision {
        waiting.tell(now)
        waiting.refresh(contact)
        settleHolds()
        guard let entry = waiting.entries[contact], !entry.isOffered else {
            return Decision(contact, waits: .notWaiting)
        }
        if entry.pausedUntil != nil { return Decision(contact, waits: .paused) }
        if let last = lastAgent(of: entry) { return Decision(contact, Candidate(last, rule: .lastAgent)) }
        if entry.isHeld { return Decision(contact, waits: .awaitsLastAgent) }
        let pool = agents.pool(entry.pool)
        if !entry.waiting.sites.isEmpty, !entry.waiting.onlyThere {
            var narrowed = entry
            narrowed.waiting.onlyThere = true
            if let found = choose(in: pool, for: narrowed) { return found }
        }
        return choose(in: pool, for: entry) ?? Decision(contact, waits: waitReason(pool: pool))
    }

    /// Notes that an agent's site refused a candidate: the contact is back at its place, and that agent is passed
    /// over until something newer is known of it.
    package mutating func refused(_ contact: ContactID, candidate: Candidate, at now: Moment) {
        noteRefusal(contact, candidate: candidate, at: now)
        waiting.putBack(contact)
    }

    /// Notes that one of several candidates was refused while others are still being asked.
    package mutating func noteRefusal(_ contact: ContactID, candidate: Candidate, at now: Moment) {
        waiting.tell(now)
        let exclusion = WaitingRoom.Exclusion(fence: candidate.fence, version: candidate.version)
        waiting.refused(contact, by: candidate.agent, exclusion, at: now.instant)
    }

    /// The most deserving contact of any site known for an agent of this site who takes one (pull); nil when none fits.
    ///
    /// A contact that waits for another agent is left to her.
    package mutating func pull(for agent: AgentID) -> WaitingContact? {
        settleHolds()
        guard let view = agents.views[agent], view.isOpen, view.site == site else { return nil }
        var best: ServiceRank?
        for (key, order) in waiting.orders where key.admits(view) {
            guard let head = order.first, best.map({ head < $0 }) ?? true else { continue }
            if !waiting.isExcluded(view, from: head.contact) {
                best = head
                continue
            }
            // Rare: the head refused lately. Look a bounded way past it.
            let next = order.prefix(Limits.pullSkipsMax).first { !waiting.isExcluded(view, from: $0.contact) }
            if let next, best.map({ next < $0 }) ?? true { best = next }
        }
        let mine = waiting.held[agent]?.prefix(Limits.pullSkipsMax).first { canTake($0.contact, view) }
        if let mine, best.map({ mine < $0 }) ?? true { best = mine }
        return best.flatMap { waiting.contact($0.contact) }
    }

    private func canTake(_ contact: ContactID, _ view: AgentView) -> Bool {
        guard let entry = waiting.entries[contact] else { return false }
        return entry.exclusions[view.agent]?.covers(view) != true && entry.order.admits(view)
    }

    /// Follows the site's own book: what it says of an agent is the truth here.
    package mutating func follow(_ book: AgentBook, _ agent: AgentID) {
        if let view = book.view(of: agent) {
            agents.upsert(view)
        } else {
            agents.remove(agent, from: site)
        }
    }
}
