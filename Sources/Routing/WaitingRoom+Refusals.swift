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
        guard let exclusion = entries[id]?.exclusions[view.agent] else { return false }
        return exclusion.fence == view.fence && view.version <= exclusion.version
    }

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

extension WaitingRoom {
    /// How many wait in a queue, at all sites known.
    package func waiting(in queue: QueueID) -> Int { lines[queue]?.service.count ?? 0 }

    /// Since when the longest wait of a queue lasts.
    package func longestSince(in queue: QueueID) -> WallTime? {
        (lines[queue]?.arrival.first).map { WallTime(milliseconds: $0.since) }
    }

    /// A caller's place in the queue, from 1, by the order of service over all sites known; nil when not waiting.
    package func position(of id: ContactID) -> Int? {
        guard let entry = entries[id], !entry.isOffered else { return nil }
        return lines[entry.waiting.queue].map { $0.service.rank(of: entry.rank) + 1 }
    }

    /// The contacts of a queue in the order of service, at most `limit`.
    package func heads(of queue: QueueID, limit: Int) -> [WaitingContact] {
        var heads: [WaitingContact] = []
        lines[queue]?.service.scan { rank in
            guard heads.count < limit else { return false }
            if let entry = entries[rank.contact] { heads.append(entry.waiting) }
            return true
        }
        return heads
    }
}
