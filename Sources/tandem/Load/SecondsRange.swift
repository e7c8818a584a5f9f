import Kernel
import Simulation

/// A time on the command line: seconds (a mean), or a range of seconds.
struct SecondsRange {
    private let lower: Double
    private let upper: Double

    /// Reads `10` or `5..20`; nil for anything else.
    init?(_ text: String) {
        let ends = text.replacing("..", with: "\u{0}").split(separator: "\u{0}").map { Double($0) }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first >= 0,
            last >= first, last <= 86_400
        else { return nil }
        lower = first
        upper = last
    }

    /// The range in milliseconds.
    var milliseconds: ClosedRange<Int64> { Int64(lower * 1_000)...Int64(upper * 1_000) }

    /// A range is drawn from evenly; a single number is the mean of an exponential distribution.
    var chance: Chance {
        lower == upper
            ? .exponential(mean: .milliseconds(Int64(lower * 1_000)))
            : .uniform(.milliseconds(milliseconds.lowerBound), .milliseconds(milliseconds.upperBound))
    }
}
