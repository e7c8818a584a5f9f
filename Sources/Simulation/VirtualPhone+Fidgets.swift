import Kernel
import SIP

/// What people do with the buttons of their phones in the middle of a talk.
extension VirtualPhone {
    enum Fidget: Hashable, Sendable {
        case hold
        case resume
        case refer
    }

    /// Decides at the answer what the fingers will do.
    mutating func planFidget(_ now: Moment) {
        let luck = Int.random(in: 0..<100, using: &random)
        let later = Span.milliseconds(Int64.random(in: 600...9_000, using: &random))
        switch luck {
        // Just when callers hold: both changes cross on the wire.
        case 0..<6: fidget = (.hold, now.instant + .milliseconds(Int64.random(in: 690...730, using: &random)))
        case 6..<16: fidget = (.hold, now.instant + later)
        case 16..<28: fidget = (.refer, now.instant + later)
        default: fidget = nil
        }
    }

    mutating func carryOut(_ what: Fidget, _ now: Moment) -> [SIPPacket] {
        fidget = nil
        switch what {
        case .hold:
            fidget = (.resume, now.instant + .milliseconds(Int64.random(in: 300...5_000, using: &random)))
            return hold(true, now: now)
        case .resume: return hold(false, now: now)
        case .refer:
            guard !known.isEmpty else { return [] }
            return refer(to: known[Int.random(in: 0..<known.count, using: &random)], now: now)
        }
    }
}
