package import ContactCenter
package import Kernel

/// What time alone changes: pauses end, demands relax, patience with the last agent ends.
extension WaitingRoom {
    /// Takes note of the time; steps and patience count by it.
    package mutating func tell(_ now: Moment) { clock = now }

    /// When the next pause ends, the next step is reached or patience is over.
    package var nextDeadline: Instant? {
        let pause = pauses.first.map { Instant(milliseconds: $0.at) }
        guard let due = dues.first, let clock else { return pause }
        let left = Saturating.difference(due.at, clock.wall.milliseconds)
        let change = Instant(milliseconds: Saturating.sum(clock.instant.milliseconds, left))
        return min(pause ?? change, change)
    }

    /// Ends the pauses and takes the steps whose time has come; route these contacts again.
    ///
    /// Steps count by the wall clock, which is taken to have moved as far as this one since `tell`.
    package mutating func expirePauses(at now: Instant) -> [ContactID] {
        if let known = clock {
            let passed = Saturating.difference(now.milliseconds, known.instant.milliseconds)
            let wall = Saturating.sum(known.wall.milliseconds, passed)
            clock = Moment(instant: now, wall: WallTime(milliseconds: wall))
        }
        var due: [ContactID] = []
        while let pause = pauses.first, pause.at <= now.milliseconds {
            pauses.remove(pause)
            guard var entry = entries[pause.contact] else { continue }
            entry.pausedUntil = nil
            entry.refusals = 0
            // Old refusals go: the views have had time to follow.
            entry.exclusions = [:]
            entries[pause.contact] = entry
            if !entry.isPatienceOver { unsettled.insert(pause.contact) }
            due.append(pause.contact)
        }
        guard let wall = clock?.wall.milliseconds else { return due }
        var named = Set(due)
        while let next = dues.first, next.at <= wall {
            guard refresh(next.contact) else {
                dues.remove(next)
                continue
            }
            if !isOffered(next.contact), named.insert(next.contact).inserted { due.append(next.contact) }
        }
        return due
    }
}

/// Arithmetic on times that stops at the ends instead of trapping.
enum Saturating {
    static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? (right > 0 ? .max : .min) : sum
    }

    static func difference(_ left: Int64, _ right: Int64) -> Int64 {
        let (difference, overflow) = left.subtractingReportingOverflow(right)
        return overflow ? (right < 0 ? .max : .min) : difference
    }
}
