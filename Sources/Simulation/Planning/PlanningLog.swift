import Kernel

/// The wait of each caller of a run, beside the one that an ideal pool would have given the same caller.
struct PlanningLog: Sendable {
    /// What became of one caller.
    struct Wait: Sendable {
        var milliseconds: Int64
        var gaveUp: Bool
    }

    /// One pool of all, or one for each site.
    private var pools: [IdealQueue]
    private(set) var waits: [Wait] = []
    private(set) var ideal: [Wait] = []

    init(pools: [Int]) {
        self.pools = pools.map { IdealQueue(agents: $0) }
    }

    mutating func arrive(_ site: Int, _ now: Instant, _ handling: Span, _ patience: Span?) {
        let (wait, gaveUp) = pools[pools.count == 1 ? 0 : site].add(
            arrival: now.milliseconds,
            handling: handling.milliseconds,
            patience: patience?.milliseconds
        )
        ideal.append(Wait(milliseconds: wait, gaveUp: gaveUp))
        waits.append(Wait(milliseconds: 0, gaveUp: false))
    }

    mutating func ended(_ number: Int, _ wait: Span, gaveUp: Bool) {
        guard waits.indices.contains(number) else { return }
        waits[number] = Wait(milliseconds: wait.milliseconds, gaveUp: gaveUp)
    }
}
