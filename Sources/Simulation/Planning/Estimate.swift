/// A mean with the half width of its 95 % interval of confidence, from independent (or nearly independent) values.
package struct Estimate: Hashable, Sendable {
    /// The mean.
    package let mean: Double
    /// The true mean lies within this of `mean` in 95 of 100 runs; infinite for fewer than two values.
    package let halfWidth: Double

    /// Makes an estimate of values as they are.
    package init?(_ values: [Double]) {
        guard !values.isEmpty else { return nil }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        self.mean = mean
        guard values.count > 1 else {
            halfWidth = .infinity
            return
        }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        halfWidth = Estimate.student(values.count - 1) * (squares / (count - 1) / count).squareRoot()
    }

    /// Makes an estimate from a long row of dependent values: the means of `batches` long parts of it are nearly
    /// independent (batch means; Law, Simulation Modeling and Analysis, §9.5.3).
    package init?(_ values: [Double], batches: Int) {
        let size = values.count / max(1, batches)
        guard size > 0, batches > 0 else { return nil }
        self.init(
            (0..<batches).map { batch in
                values[(batch * size)..<((batch + 1) * size)].reduce(0, +) / Double(size)
            }
        )
    }

    private init(mean: Double, halfWidth: Double) {
        self.mean = mean
        self.halfWidth = halfWidth
    }

    /// The estimate of something that is this much more.
    package static func + (estimate: Estimate, shift: Double) -> Estimate {
        Estimate(mean: estimate.mean + shift, halfWidth: estimate.halfWidth)
    }

    /// The 97.5 % quantile of Student's distribution; beyond the table its values differ from the next by under 1 %.
    static func student(_ freedom: Int) -> Double {
        let table = [
            12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
            2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
        ]
        if freedom <= table.count { return table[max(1, freedom) - 1] }
        // Cornish and Fisher's expansion around the normal quantile.
        return 1.96 + 2.372 / Double(freedom)
    }
}
