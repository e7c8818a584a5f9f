import Kernel

/// One run of a simulated cluster: faults while safety is checked at every step, then healing, and at rest
/// progress and equality.
package struct SimulationRun: Sendable {
    private let options: SimulationOptions

    /// Prepares a run.
    package init(_ options: SimulationOptions) {
        self.options = options
    }

    /// Runs to the end or to the first broken promise.
    package func run() -> SimulationReport {
        var cluster = SimulatedCluster(options)
        var checkers = ClusterCheckers()
        var report = SimulationReport(options: options)
        cluster.start()
        let settlingFrom = Instant.zero + options.faultPhase
        let end = settlingFrom + options.settleMax
        let stepsMax = Int((end - Instant.zero).milliseconds / 1_000 * Limits.simulationStepsPerSecondMax)
        var lookAgainAt = settlingFrom
        // What stood in the way of rest most often when it was looked for: the last moment may be busy by chance.
        var hindrances: [String: Int] = [:]
        var pending: (checker: String, message: String)?
        while report.violation == nil, cluster.now < end, cluster.steps < stepsMax, cluster.step() {
            if !cluster.lastDirectives.isEmpty, let broken = checkers.anytime(cluster) {
                report.violation = violation(broken, cluster)
            }
            guard cluster.isSettling, cluster.now >= lookAgainAt, report.violation == nil else { continue }
            // Rest must last: what is planned for the next seconds has happened too.
            let broken = checkers.finally(cluster)
            if let broken {
                hindrances[broken.message, default: 0] += 1
                if hindrances[broken.message, default: 0] > hindrances[pending?.message ?? "", default: 0] {
                    pending = broken
                }
            } else {
                report.settled = cluster.now - settlingFrom
                break
            }
            lookAgainAt = cluster.now + .seconds(1)
        }
        if report.violation == nil, report.settled == nil {
            let broken = pending ?? checkers.finally(cluster) ?? ("progress", "the run did not come to an end")
            report.violation = violation(broken, cluster)
        }
        report.steps = cluster.steps
        report.elapsed = cluster.now - .zero
        report.faults = cluster.faults
        report.branches = cluster.branches
        report.traceHash = cluster.hash.value
        report.lastLines = cluster.lastLines
        return report
    }

    private func violation(
        _ broken: (checker: String, message: String),
        _ cluster: SimulatedCluster
    ) -> SimulationReport.Violation {
        SimulationReport.Violation(
            checker: broken.checker,
            message: broken.message,
            at: cluster.now - .zero
        )
    }
}
