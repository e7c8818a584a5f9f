package import ContactCenter
import Kernel

extension WaitingRoom {
    /// Notes that an agent's site refused: that agent is passed over until its view changes.
    ///
    /// After `Limits.reservationAttemptsMax` refusals in a row the contact pauses; a freed agent may still pull it.
    mutating func refused(_ id: ContactID, by agent: AgentID, _ exclusion: Exclusion, at now: Instant) {
        guard var entry = entries[id] else { return }
        if entry.exclusions.count < Limits.exclusionsMax || entry.exclusions[agent] != nil {
            entry.exclusions[agent] = exclusion
        }
        entry.refusals += 1
        if entry.refusals >= Limits.reservationAttemptsMax, entry.pausedUntil == nil {
            let until = now + Limits.reservationPause
            entry.pausedUntil = until
            pauses.insert(Due(at: until.milliseconds, contact: id))
        }
        if !entry.isPatienceOver { unsettled.insert(id) }
        entries[id] = entry
    }

    /// True while a refusal by this agent still stands, nothing newer being known of the agent, and for agents of sites
    /// that the contact is not for.
    func isExcluded(_ view: AgentView, from id: ContactID) -> Bool {
        guard let entry = entries[id] else { return false }
        return !entry.waiting.admits(view.site) || entry.exclusions[view.agent]?.covers(view) ?? false
    }

    /// Whether a contact pauses after too many refusals.
    package func isPaused(_ id: ContactID) -> Bool { entries[id]?.pausedUntil != nil }
}
