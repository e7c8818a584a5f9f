/// The exponential function, since pure modules have no mathematics library.
package enum Exponential {
    /// e to the power of `exponent`, to about 15 digits: 2^k · e^r with |r| ≤ ln 2 / 2 and a Taylor series for e^r.
    package static func exp(_ exponent: Double) -> Double {
        guard !exponent.isNaN else { return .nan }
        if exponent > 709 { return .infinity }
        if exponent < -745 { return 0 }
        let ln2 = 0.693_147_180_559_945_3
        // By conversion: `rounded()` would call the C library.
        let power = Double(Int(exponent / ln2 + (exponent < 0 ? -0.5 : 0.5)))
        let rest = exponent - power * ln2
        var term = 1.0
        var sum = 1.0
        for index in 1...18 {
            term *= rest / Double(index)
            sum += term
        }
        // Two steps keep results below the smallest normal number right.
        let half = Int(power) / 2
        let first = Double(sign: .plus, exponent: half, significand: sum)
        return first * Double(sign: .plus, exponent: Int(power) - half, significand: 1)
    }
}
