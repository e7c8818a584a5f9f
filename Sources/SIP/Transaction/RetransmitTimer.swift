import Kernel

/// Repeats something at growing intervals: timers A, E, G of RFC 3261 §17 and the 2xx of §13.3.1.4.
struct RetransmitTimer: Hashable, Sendable {
    private(set) var at: Instant
    private var interval: Span
    private let intervalMax: Span

    /// Starts at T1; `intervalMax` is T2, or more than the whole time for timer A.
    init(now: Instant, intervalMax: Span = Limits.sipT2) {
        interval = Limits.sipT1
        self.intervalMax = intervalMax
        at = now + interval
    }

    /// Whether it is time to repeat; if so, the next time is set.
    mutating func fires(_ now: Instant) -> Bool {
        guard at <= now else { return false }
        interval = min(interval * 2, intervalMax)
        at = now + interval
        return true
    }

    /// Timer E in the Proceeding state fires every T2.
    mutating func slowDown(now: Instant) {
        interval = intervalMax
        at = now + interval
    }
}
