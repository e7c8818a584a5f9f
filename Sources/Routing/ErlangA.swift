import Kernel

/// The M/M/n+M queue: callers hang up after an exponential patience (Garnett, Mandelbaum, Reiman 2002).
///
/// A birth-and-death chain: rate k·µ down from k ≤ n calls, n·µ + (k−n)·θ above. It is stable at any load.
package struct ErlangA: Hashable, Sendable {
    /// Calls that arrive per second.
    package let arrivals: Double
    /// Mean handling time in seconds.
    package let handling: Double
    /// Mean patience in seconds.
    package let patience: Double
    /// Agents.
    package let agents: Int
    /// Probability that a call waits.
    package let waitProbability: Double
    /// Share of calls that give up.
    package let abandonment: Double
    /// Mean wait in seconds of all calls, those that give up included.
    package let meanWait: Double

    /// Makes the queue; nil when a number makes no sense.
    package init?(arrivalsPerSecond: Double, handlingSeconds: Double, patienceSeconds: Double, agents: Int) {
        let numbers = [arrivalsPerSecond, handlingSeconds, patienceSeconds]
        guard numbers.allSatisfy({ $0 > 0 && $0.isFinite }), (1...Limits.erlangAgentsMax).contains(agents) else {
            return nil
        }
        arrivals = arrivalsPerSecond
        handling = handlingSeconds
        patience = patienceSeconds
        self.agents = agents
        let service = 1 / handlingSeconds
        let leaving = 1 / patienceSeconds
        // Weights of the states relative to state n, from there downwards and upwards, so that none overflows: below
        // n the chain to the left shrinks faster than geometrically once k < load, above it once k > load.
        var weight = 1.0
        var below = 0.0
        var scale = 1.0
        for count in stride(from: agents, to: 0, by: -1) {
            weight *= Double(count) * service / arrivalsPerSecond
            below += weight
            if below > 1e280 {
                scale *= 1e-280
                below *= 1e-280
                weight *= 1e-280
            }
        }
        var above = scale
        var queued = 0.0
        weight = scale
        for length in 1...Limits.erlangQueueMax {
            weight *= arrivalsPerSecond / (Double(agents) * service + Double(length) * leaving)
            above += weight
            queued += weight * Double(length)
            if above > 1e280 {
                above *= 1e-280
                queued *= 1e-280
                weight *= 1e-280
                below *= 1e-280
            }
            if weight < above * 1e-18 && Double(length) * leaving > arrivalsPerSecond - Double(agents) * service {
                break
            }
        }
        let total = below + above
        waitProbability = above / total
        meanWait = queued / total / arrivalsPerSecond
        abandonment = leaving * meanWait
    }
}
