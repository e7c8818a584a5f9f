package import ContactCenter
package import Kernel

extension WaitingRoom {
    /// Notes that an agent's site refused: that agent is passed over until its view changes.
    ///
    /// After `Limits.reservationAttemptsMax` refusals in a row the contact pauses; a freed agent may still pull it.
    mutating func refused(_ id: ContactID, by agent: AgentID, _ exclusion: Exclusion, at now: Instant) {
        guard var entry = entries[id] else { return }
        entry.exclusions[agent] = exclusion
        entry.refusals += 1
        if entry.refusals >= Limits.reservationAttemptsMax, entry.pausedUntil == nil {
            let until = now + Limits.reservationPause
            entry.pausedUntil = until
            pauses.insert(Pause(until: until, contact: id))
        }
        entries[id] = entry
    }

    /// True while a refusal by this agent still stands: nothing newer is known of the agent.
    func isExcluded(_ view: AgentView, from id: ContactID) -> Bool {
        entries[id]?.exclusions[view.agent]?.covers(view) ?? false
    }

    /// All refusals of a contact that were noted, also those that no longer stand.
    func exclusions(from id: ContactID) -> [AgentID: Exclusion] { entries[id]?.exclusions ?? [:] }

    /// Whether a contact pauses after too many refusals.
    func isPaused(_ id: ContactID) -> Bool { entries[id]?.pausedUntil != nil }

    /// The end of the first pause.
    package var nextDeadline: Instant? { pauses.first?.until }

    /// Ends the pauses whose time is up; route these contacts again.
    package mutating func expirePauses(at now: Instant) -> [ContactID] {
        var due: [ContactID] = []
        while let pause = pauses.first, pause.until <= now {
            pauses.remove(pause)
            guard var entry = entries[pause.contact] else { continue }
            entry.pausedUntil = nil
            entry.refusals = 0
            // Old refusals go: the views have had time to follow.
            entry.exclusions = [:]
            entries[pause.contact] = entry
            due.append(pause.contact)
        }
        return due
    }
}
