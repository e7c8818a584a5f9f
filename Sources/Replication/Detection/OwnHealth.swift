import Kernel

/// How fit this process is to judge others, by how late its timers come (after memberlist's "awareness").
///
/// Who is stalled or short of processor time hears others late; its own lateness widens all spans of silence.
struct OwnHealth: Hashable, Sendable {
    /// 0 is fit.
    private(set) var points = 0
    private var since = Instant.zero

    /// By how much spans are widened: 1 to 8.
    var scale: Int { points + 1 }

    /// True when what this process sees can be taken at face value.
    var isFit: Bool { points == 0 }

    /// Notes how late this process was just now.
    mutating func note(lag: Span, at now: Instant) {
        if lag > Limits.lagTolerance {
            let lost = 1 + Int(min(lag.milliseconds / Limits.lagPerPoint.milliseconds, 100))
            points = min(points + lost, Limits.lagPointsMax)
            since = now
            return
        }
        while points > 0, now - since >= Limits.lagRecovery {
            points -= 1
            since = since + Limits.lagRecovery
        }
    }
}
