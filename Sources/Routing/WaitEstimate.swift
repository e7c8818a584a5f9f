package import Kernel

/// How long a contact is likely to go on waiting, told honestly: as a range.
package struct WaitEstimate: Hashable, Sendable {
    /// In `WaitEstimator.statedShare` of all cases the wait is no shorter than this and no longer than `high`.
    package let low: Span
    /// The mean.
    package let likely: Span
    /// See `low`.
    package let high: Span

    /// Makes an estimate.
    package init(low: Span, likely: Span, high: Span) {
        self.low = low
        self.likely = likely
        self.high = high
    }

    /// Somebody is free: no wait to speak of.
    package static let none = WaitEstimate(low: .zero, likely: .zero, high: .zero)

    /// True when a wait lies in the range.
    package func contains(_ wait: Span) -> Bool { low <= wait && wait <= high }
}

/// How wrong the estimates of one queue were, over the answers of the last hour.
package struct EstimateErrors: Hashable, Sendable {
    /// Answers to contacts that had been given an estimate.
    package var count = 0
    /// Sum of the differences between `likely` and the true wait, whatever their sign, in milliseconds.
    package var absolute: Int64 = 0
    /// Sum of `likely` minus the true wait, in milliseconds: above zero when estimates were too long.
    package var signed: Int64 = 0
    /// How many true waits lay in the range.
    package var inside = 0

    /// Makes empty sums.
    package init() {}

    /// Takes in one answer.
    package mutating func count(_ estimate: WaitEstimate, true wait: Span) {
        let error = Saturating.difference(estimate.likely.milliseconds, wait.milliseconds)
        count += 1
        absolute = Saturating.sum(absolute, error == .min ? .max : abs(error))
        signed = Saturating.sum(signed, error)
        if estimate.contains(wait) { inside += 1 }
    }

    /// The sums of two queues, sites or minutes together.
    package static func + (left: EstimateErrors, right: EstimateErrors) -> EstimateErrors {
        var sum = left
        sum.count += right.count
        sum.absolute = Saturating.sum(left.absolute, right.absolute)
        sum.signed = Saturating.sum(left.signed, right.signed)
        sum.inside += right.inside
        return sum
    }

    /// The mean absolute error; nil without answers.
    package var meanAbsolute: Span? { count > 0 ? .milliseconds(absolute / Int64(count)) : nil }

    /// The mean signed error: above zero when estimates were too long; nil without answers.
    package var bias: Span? { count > 0 ? .milliseconds(signed / Int64(count)) : nil }

    /// The share of true waits inside the range, to hold against `WaitEstimator.statedShare`; nil without answers.
    package var shareInside: Double? { count > 0 ? Double(inside) / Double(count) : nil }
}

/// Sums by the minute over the last hour: sixty minutes, the present one among them.
struct HourOfErrors: Hashable, Sendable {
    private var minutes = [EstimateErrors](repeating: EstimateErrors(), count: 60)
    /// Which minute each place holds.
    private var numbers = [Int64](repeating: .min, count: 60)

    mutating func count(_ estimate: WaitEstimate, true wait: Span, at now: Instant) {
        let (minute, place) = HourOfErrors.minute(now)
        if numbers[place] != minute {
            numbers[place] = minute
            minutes[place] = EstimateErrors()
        }
        minutes[place].count(estimate, true: wait)
    }

    func sum(at now: Instant) -> EstimateErrors {
        let (present, _) = HourOfErrors.minute(now)
        var sum = EstimateErrors()
        for place in minutes.indices {
            let age = Saturating.difference(present, numbers[place])
            if (0..<60).contains(age) { sum = sum + minutes[place] }
        }
        return sum
    }

    private static func minute(_ now: Instant) -> (Int64, Int) {
        let minute = now.milliseconds / 60_000 - (now.milliseconds % 60_000 < 0 ? 1 : 0)
        return (minute, Int((minute % 60 + 60) % 60))
    }
}
