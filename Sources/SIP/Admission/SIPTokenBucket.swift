import Kernel

/// Lets so many through in a second, with a second's worth in hand.
struct SIPTokenBucket: Hashable, Sendable {
    private let rate: Int64
    /// Thousandths of a token.
    private var level: Int64
    private var at: Instant?

    init(perSecond rate: Int) {
        self.rate = Int64(min(max(rate, 0), Limits.sipRateMax))
        level = self.rate * 1_000
    }

    private mutating func refill(_ now: Instant) {
        let elapsed = at.map { (now - $0).milliseconds } ?? 0
        at = now
        guard elapsed > 0 else { return }
        level = min(rate * 1_000, level + min(elapsed, 1_000) * rate)
    }

    /// Whether one more may pass; it does not count yet.
    mutating func hasRoom(_ now: Instant) -> Bool {
        refill(now)
        return level >= 1_000
    }

    /// Lets one through, if it may.
    mutating func take(_ now: Instant) -> Bool {
        guard hasRoom(now) else { return false }
        level -= 1_000
        return true
    }
}
