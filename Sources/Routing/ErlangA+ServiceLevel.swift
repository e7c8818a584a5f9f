import Kernel

extension ErlangA {
    /// The share of all calls that are answered within `seconds`; calls that give up count against.
    ///
    /// A call that finds j others waiting is answered after exponential steps at rates nµ + jθ … nµ + 0·θ unless its
    /// own patience ends before. Weighted with its patience these become rates nµ + (j+1)θ … nµ + θ, and their sum is
    /// −ln B / θ with B ~ Beta(nµ/θ + 1, j + 1); the share is summed over j.
    package func serviceLevel(within seconds: Double) -> Double {
        guard seconds >= 0 else { return 0 }
        let service = Double(agents) / handling
        let leaving = 1 / patience
        let shape = service / leaving + 1
        // Of the beta distribution at x = e^(−θt), kept as sum · e^offset so that x^shape does not vanish.
        var offset = -leaving * seconds * shape
        let rest = 1 - Exponential.exp(-leaving * seconds)
        var term = 1.0
        var below = 1.0
        var weight = 1.0
        var weights = 0.0
        var inTime = 0.0
        for waiting in 0..<Limits.erlangQueueMax {
            let rate = service + Double(waiting + 1) * leaving
            let late = min(1, below * Exponential.exp(offset))
            weights += weight
            inTime += weight * service / rate * (1 - late)
            // The state with one more waiting, and the next term of the beta distribution.
            weight *= arrivals / rate
            term *= rest * (shape + Double(waiting)) / Double(waiting + 1)
            below += term
            if below > 1e280 {
                below *= 1e-280
                term *= 1e-280
                offset += 644.723_826_038_332_8
            }
            if weights > 1e280 {
                weights *= 1e-280
                weight *= 1e-280
                inTime *= 1e-280
            }
            if weight < weights * 1e-18, rate > arrivals { break }
        }
        return min(1, 1 - waitProbability + waitProbability * inTime / weights)
    }
}
