import Kernel

/// The M/M/n queue: calls that wait as long as it takes (Erlang, 1917).
package struct ErlangC: Hashable, Sendable {
    /// Calls that arrive per second.
    package let arrivals: Double
    /// Mean handling time in seconds.
    package let handling: Double
    /// Agents.
    package let agents: Int
    /// Probability that a call waits.
    package let waitProbability: Double

    /// Makes the queue; nil when the agents cannot keep up (load ≥ agents) or a number makes no sense.
    package init?(arrivalsPerSecond: Double, handlingSeconds: Double, agents: Int) {
        guard arrivalsPerSecond > 0, handlingSeconds > 0, arrivalsPerSecond.isFinite, handlingSeconds.isFinite,
            (1...Limits.erlangAgentsMax).contains(agents)
        else { return nil }
        let load = arrivalsPerSecond * handlingSeconds
        guard load < Double(agents) else { return nil }
        arrivals = arrivalsPerSecond
        handling = handlingSeconds
        self.agents = agents
        // Erlang B by recursion, then C from B: no factorials, nothing overflows.
        var blocking = 1.0
        for count in 1...agents { blocking = load * blocking / (Double(count) + load * blocking) }
        let size = Double(agents)
        waitProbability = size * blocking / (size - load * (1 - blocking))
    }

    /// The offered load in erlangs.
    package var load: Double { arrivals * handling }

    /// Mean wait of all calls in seconds (average speed of answer).
    package var meanWait: Double { waitProbability * handling / (Double(agents) - load) }

    /// The share of calls answered within `seconds`.
    package func serviceLevel(within seconds: Double) -> Double {
        1 - waitProbability * Exponential.exp(-(Double(agents) - load) * max(0, seconds) / handling)
    }

    /// The fewest agents that answer `share` of calls within `seconds`; nil beyond `Limits.erlangAgentsMax`.
    package static func agentsNeeded(
        arrivalsPerSecond: Double,
        handlingSeconds: Double,
        share: Double,
        within seconds: Double
    ) -> Int? {
        let load = arrivalsPerSecond * handlingSeconds
        guard load.isFinite, load > 0, share < 1, load < Double(Limits.erlangAgentsMax) else { return nil }
        // The service level grows with agents: halve the interval.
        var low = Int(load) + 1
        var high = Limits.erlangAgentsMax
        func reaches(_ agents: Int) -> Bool {
            ErlangC(arrivalsPerSecond: arrivalsPerSecond, handlingSeconds: handlingSeconds, agents: agents)
                .map { $0.serviceLevel(within: seconds) >= share } ?? false
        }
        guard low <= high, reaches(high) else { return nil }
        while low < high {
            let middle = (low + high) / 2
            if reaches(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
