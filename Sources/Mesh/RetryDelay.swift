package import Kernel

/// How long to wait before a peer is dialled again: drawn from a range that doubles, with full jitter.
///
/// Full jitter (a draw from the whole range instead of a little around its end) keeps sites that lost each other
/// at one moment from dialling at one moment ever after.
package struct RetryDelay {
    private var failures = 0

    /// Starts with the shortest wait.
    package init() {}

    /// The next wait, drawn between the shortest and what the failures so far allow.
    package mutating func next(using random: inout SeededRandom) -> Span {
        let least = Limits.meshRetryMin.milliseconds
        let most = min(Limits.meshRetryMax.milliseconds, least << min(failures + 1, 16))
        failures += 1
        return .milliseconds(Int64.random(in: least...most, using: &random))
    }

    /// Starts from the shortest wait again.
    package mutating func reset() {
        failures = 0
    }
}
