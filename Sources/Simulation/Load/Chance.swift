package import Kernel

/// How long something takes, as a distribution to draw from.
package enum Chance: Hashable, Sendable {
    /// Always the same.
    case fixed(Span)
    /// Anything between two ends with equal chance.
    case uniform(Span, Span)
    /// Many short ones, few long ones, around a mean: arrivals, patience, talk times.
    case exponential(mean: Span)

    /// Draws one length, never negative.
    package func draw(_ random: inout SeededRandom) -> Span {
        switch self {
        case .fixed(let span): return max(.zero, span)
        case .uniform(let low, let high):
            let least = max(0, min(low, high).milliseconds)
            return .milliseconds(Int64.random(in: least...max(least, high.milliseconds), using: &random))
        case .exponential(let mean):
            let length = drawUnitExponential(&random) * Double(max(0, mean.milliseconds))
            return .milliseconds(Int64(min(length, 1e12).rounded()))
        }
    }
}

/// An exponentially distributed number with mean 1.
func drawUnitExponential(_ random: inout SeededRandom) -> Double {
    // 53 bits in (0, 1]: never zero, so the logarithm is finite.
    -naturalLogarithm(Double((random.next() >> 11) + 1) / Double(1 << 53))
}

/// The natural logarithm of a positive number, good to 12 digits.
///
/// The standard library has none. The number is split into 2^e · m; for m in [1, 2) the series
/// 2 · atanh((m − 1) / (m + 1)) falls by a factor of nine or more with each term.
func naturalLogarithm(_ number: Double) -> Double {
    let ratio = (number.significand - 1) / (number.significand + 1)
    let square = ratio * ratio
    var term = ratio
    var sum = 0.0
    for step in 0..<14 {
        sum += term / Double(2 * step + 1)
        term *= square
    }
    return 2 * sum + Double(number.exponent) * 0.693_147_180_559_945_3
}
