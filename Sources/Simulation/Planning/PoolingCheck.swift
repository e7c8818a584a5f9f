package import Kernel
import Routing

/// Compares linked sites with the formula for one pool of all their agents (Erlang C, or Erlang A with patience).
///
/// Waits of a busy queue are so dependent that their plain mean needs tens of millions of calls to be within a
/// percent: at 90 % load the relaxation time is about 1 / (√(nµ) − √λ)² = 19 minutes. So each run is compared with an
/// ideal pool fed with the very same callers (`IdealQueue`), whose mean the formula knows: the estimate is the formula
/// plus the mean difference, and its interval of confidence follows from batch means of the differences.
package struct PoolingCheck: Hashable, Sendable {
    /// Sites.
    package var sites = 3
    /// Agents of each.
    package var agents = 20
    /// Offered load over agents.
    package var load = 0.9
    /// Mean handling time.
    package var handling = Span.seconds(180)
    /// Mean patience; nil: nobody hangs up.
    package var patience: Span?
    /// One way between two sites.
    package var latency = Span.milliseconds(20)
    /// Whether the sites are linked.
    package var isLinked = true
    /// Calls that count.
    package var calls = 20_000
    /// Calls before that, until the queue has forgotten that it began empty.
    package var warmUp = 2_000
    /// Parts whose means are compared.
    package var batches = 20
    /// Where chance comes from.
    package var seed: UInt64 = 1

    /// Makes a check with the figures of the requirement: three sites of 20 agents at 90 % load, 180 s a call.
    package init() {}

    /// What a check found; times in seconds.
    package struct Outcome: Hashable, Sendable {
        /// Mean wait of all callers by the formula.
        package var formulaWait: Double
        /// Share of callers who give up by the formula; 0 without patience.
        package var formulaAbandonment: Double
        /// Mean wait as simulated, with the ideal pool as control.
        package var wait: Estimate
        /// Share of callers who give up, likewise.
        package var abandonment: Estimate
        /// The plain mean of the simulated waits.
        package var plainWait: Estimate
        /// What the day came to.
        package var result: PlanningResult

        /// How far the simulated mean wait is from the formula's, relative to it.
        package var waitError: Double { abs(wait.mean - formulaWait) / formulaWait }
        /// The same for abandonment.
        package var abandonmentError: Double {
            formulaAbandonment > 0 ? abs(abandonment.mean - formulaAbandonment) / formulaAbandonment : 0
        }
    }

    /// Runs the check; nil when the figures make no sense or the queue is not stable.
    package func run() -> Outcome? {
        guard sites > 0, agents > 0, load > 0, handling > .zero, calls > 0, warmUp >= 0 else { return nil }
        let rate = load * Double(agents) / handling.seconds
        let pooled = isLinked ? sites : 1
        guard let formula = formula(rate: rate * Double(pooled), agents: agents * pooled) else { return nil }
        let scenario = scenario(rate: rate)
        var model = PlanningModel(scenario, seed: seed)
        model.log = PlanningLog(
            pools: isLinked ? [agents * sites] : Array(repeating: agents, count: sites)
        )
        while model.step() {}
        model.close()
        guard let log = model.log else { return nil }
        let range = warmUp..<min(log.waits.count, warmUp + calls)
        guard range.count >= batches * 2 else { return nil }
        let waits = range.map { Double(log.waits[$0].milliseconds) / 1_000 }
        let waitGap = range.map { Double(log.waits[$0].milliseconds - log.ideal[$0].milliseconds) / 1_000 }
        let leftGap = range.map { (log.waits[$0].gaveUp ? 1.0 : 0) - (log.ideal[$0].gaveUp ? 1 : 0) }
        guard let plain = Estimate(waits, batches: batches), let wait = Estimate(waitGap, batches: batches),
            let left = Estimate(leftGap, batches: batches)
        else { return nil }
        return Outcome(
            formulaWait: formula.wait,
            formulaAbandonment: formula.abandonment,
            wait: wait + formula.wait,
            abandonment: left + formula.abandonment,
            plainWait: plain,
            result: model.result
        )
    }

    private func formula(rate: Double, agents: Int) -> (wait: Double, abandonment: Double)? {
        if let patience {
            return ErlangA(
                arrivalsPerSecond: rate,
                handlingSeconds: handling.seconds,
                patienceSeconds: patience.seconds,
                agents: agents
            ).map { ($0.meanWait, $0.abandonment) }
        }
        return ErlangC(arrivalsPerSecond: rate, handlingSeconds: handling.seconds, agents: agents)
            .map { ($0.meanWait, 0) }
    }

    private func scenario(rate: Double) -> PlanningScenario {
        // A tenth more time than the calls need on average.
        let length = Span.milliseconds(
            Int64(Double(calls + warmUp) / (rate * Double(sites)) * 1_100) + 60_000
        )
        let shift = PlanningShift(agents: agents, from: .zero, to: length)
        var scenario = PlanningScenario(
            sites: (0..<sites).compactMap { number in
                SiteID("site\(number + 1)").map {
                    PlanningSite(name: $0, calls: [rate * length.seconds], shifts: [shift])
                }
            },
            handling: .exponential(mean: handling),
            begins: .zero,
            ends: length
        )
        scenario.interval = length
        scenario.patience = patience
        scenario.latency = latency
        scenario.isLinked = isLinked
        return scenario
    }
}
