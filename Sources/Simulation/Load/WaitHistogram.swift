package import Kernel

/// Counts lengths of time in buckets an eighth of their size wide: bounded memory, error at most 12.5 %.
package struct WaitHistogram: Hashable, Sendable {
    private var buckets = [Int](repeating: 0, count: 8 * 42)
    /// How many lengths were counted.
    package private(set) var count = 0
    /// The longest.
    package private(set) var longest = Span.zero
    private var sum: Int64 = 0

    /// Makes an empty histogram.
    package init() {}

    /// Counts one length.
    package mutating func add(_ span: Span) {
        let value = max(0, span.milliseconds)
        buckets[WaitHistogram.index(value)] += 1
        count += 1
        sum &+= value
        longest = max(longest, span)
    }

    /// The mean.
    package var mean: Span {
        .milliseconds(count == 0 ? 0 : sum / Int64(count))
    }

    /// The length that the given share (0 to 1) of all lengths does not exceed.
    package func quantile(_ share: Double) -> Span {
        let wanted = Int((Double(count) * min(max(share, 0), 1)).rounded(.up))
        guard wanted > 0 else { return .zero }
        var seen = 0
        for (index, bucket) in buckets.enumerated() {
            seen += bucket
            if seen >= wanted { return min(longest, .milliseconds(WaitHistogram.upperEnd(index))) }
        }
        return longest
    }

    /// Values below 8 have their own bucket; above, the three bits after the first choose among eight.
    private static func index(_ value: Int64) -> Int {
        guard value >= 8 else { return Int(value) }
        let exponent = 63 - value.leadingZeroBitCount
        return min(8 * (exponent - 2) + Int(value >> (exponent - 3)) & 7, 8 * 42 - 1)
    }

    private static func upperEnd(_ index: Int) -> Int64 {
        guard index >= 8 else { return Int64(index) }
        let exponent = index / 8 + 2
        return (Int64(8 + index % 8 + 1) << (exponent - 3)) - 1
    }
}
