import Kernel

/// What callers ask of a pool of agents, for planning how many it takes.
package struct StaffingDemand: Hashable, Sendable {
    /// Calls that arrive per second.
    package var arrivalsPerSecond: Double
    /// Mean handling time in seconds.
    package var handlingSeconds: Double
    /// Mean patience in seconds; nil: nobody hangs up (Erlang C), else Erlang A.
    package var patienceSeconds: Double?

    /// Makes a demand.
    package init(arrivalsPerSecond: Double, handlingSeconds: Double, patienceSeconds: Double? = nil) {
        self.arrivalsPerSecond = arrivalsPerSecond
        self.handlingSeconds = handlingSeconds
        self.patienceSeconds = patienceSeconds
    }

    /// The offered load in erlangs.
    package var load: Double { arrivalsPerSecond * handlingSeconds }
}

/// What is wanted of a pool of agents.
package struct StaffingTarget: Hashable, Sendable {
    /// The share of all calls to answer in time, 0…1; a call that gives up counts against.
    package var share: Double
    /// The time in seconds.
    package var seconds: Double
    /// The most that agents may be busy, 0…1.
    package var occupancyMax: Double

    /// Makes a target.
    package init(share: Double, seconds: Double, occupancyMax: Double = 1) {
        self.share = share
        self.seconds = seconds
        self.occupancyMax = occupancyMax
    }
}

/// What a number of agents brings about.
package struct StaffingFigures: Hashable, Sendable {
    /// How many agents.
    package let agents: Int
    /// The share of all calls answered within the target's time.
    package let serviceLevel: Double
    /// Mean wait of all calls in seconds, those that give up included.
    package let meanWait: Double
    /// Busy time over time at work.
    package let occupancy: Double
    /// Share of calls that give up.
    package let abandonment: Double

    /// The figures of `agents`; nil when the numbers make no sense, or the calls outrun agents whom nobody leaves.
    package init?(_ demand: StaffingDemand, agents: Int, within seconds: Double) {
        self.agents = agents
        if let patience = demand.patienceSeconds {
            guard
                let queue = ErlangA(
                    arrivalsPerSecond: demand.arrivalsPerSecond,
                    handlingSeconds: demand.handlingSeconds,
                    patienceSeconds: patience,
                    agents: agents
                )
            else { return nil }
            serviceLevel = queue.serviceLevel(within: seconds)
            meanWait = queue.meanWait
            abandonment = queue.abandonment
        } else {
            guard
                let queue = ErlangC(
                    arrivalsPerSecond: demand.arrivalsPerSecond,
                    handlingSeconds: demand.handlingSeconds,
                    agents: agents
                )
            else { return nil }
            serviceLevel = queue.serviceLevel(within: seconds)
            meanWait = queue.meanWait
            abandonment = 0
        }
        occupancy = demand.load * (1 - abandonment) / Double(agents)
    }

    /// True when the target is met.
    package func meets(_ target: StaffingTarget) -> Bool {
        serviceLevel >= target.share && occupancy <= target.occupancyMax
    }
}

extension StaffingDemand {
    /// The fewest agents that meet a target; nil when `Limits.erlangAgentsMax` do not.
    package func agentsNeeded(for target: StaffingTarget) -> Int? {
        guard load.isFinite, load > 0, target.share.isFinite, target.seconds.isFinite, target.occupancyMax.isFinite
        else { return nil }
        func meets(_ agents: Int) -> Bool {
            StaffingFigures(self, agents: agents, within: target.seconds)?.meets(target) ?? false
        }
        // Both figures get better with each agent: double until it is enough, then halve the interval.
        var high = max(1, Int(min(load, Double(Limits.erlangAgentsMax))))
        while !meets(high) {
            guard high < Limits.erlangAgentsMax else { return nil }
            high = min(Limits.erlangAgentsMax, high * 2)
        }
        var low = 1
        while low < high {
            let middle = (low + high) / 2
            if meets(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// How many to put on the roster so that `agents` are at work when the share `shrinkage` (0…1, below 1) of paid
    /// time goes to breaks, training, leave and illness; nil for a share that makes no sense.
    package static func rostered(_ agents: Int, shrinkage: Double) -> Int? {
        guard agents >= 0, shrinkage >= 0, shrinkage < 1 else { return nil }
        let needed = Double(agents) / (1 - shrinkage)
        guard needed < 1e9 else { return nil }
        // The division of whole people may end a hair above a whole number.
        return Int((needed - 1e-9).rounded(.up))
    }
}
