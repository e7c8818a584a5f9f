package import Kernel
import Routing

/// How long contacts take, as planning draws it.
package enum HandlingTime: Hashable, Sendable {
    /// Many short ones, few long ones: what the Erlang formulae assume.
    case exponential(mean: Span)
    /// Most near the mean, some very long: what call centres measure (Brown et al. 2005).
    ///
    /// `deviation` is the standard deviation.
    case lognormal(mean: Span, deviation: Span)

    /// The mean.
    package var mean: Span {
        switch self {
        case .exponential(let mean), .lognormal(let mean, _): mean
        }
    }

    /// Draws one length; at least a millisecond.
    func draw(_ random: inout SeededRandom) -> Span {
        let length: Double
        switch self {
        case .exponential(let mean): length = Double(mean.milliseconds) * drawUnitExponential(&random)
        case .lognormal(let mean, let deviation):
            let spread = Double(deviation.milliseconds) / Double(max(1, mean.milliseconds))
            let variance = naturalLogarithm(1 + spread * spread)
            let shift = naturalLogarithm(Double(max(1, mean.milliseconds))) - variance / 2
            length = Exponential.exp(shift + variance.squareRoot() * drawUnitNormal(&random))
        }
        return .milliseconds(max(1, Int64(min(length, Double(Limits.planningSpanMax.milliseconds)))))
    }
}

/// A normally distributed number with mean 0 and deviation 1 (Marsaglia's polar method).
func drawUnitNormal(_ random: inout SeededRandom) -> Double {
    // Each try succeeds with 78 of 100; after 64 the chance of none is beyond any run.
    for _ in 0..<64 {
        let first = Double(random.next() >> 11) / Double(1 << 52) - 1
        let second = Double(random.next() >> 11) / Double(1 << 52) - 1
        let square = first * first + second * second
        if square > 0, square < 1 { return first * (-2 * naturalLogarithm(square) / square).squareRoot() }
    }
    return 0
}
