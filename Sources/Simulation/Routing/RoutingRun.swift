import Kernel
import Replication
import SiteCore

/// One run of whole sites under a routing workload: faults while safety is checked at every step, then healing, and
/// at rest nobody stuck, nothing counted twice, all sites equal.
package struct RoutingRun: Sendable {
    private let options: RoutingOptions

    /// Prepares a run.
    package init(_ options: RoutingOptions) {
        self.options = options
    }

    /// Runs to the end or to the first broken promise.
    package func run() -> RoutingReport {
        var world = RoutingWorld(options)
        var checkers = ClusterCheckers()
        var routing = RoutingCheckers()
        var report = RoutingReport(options: options)
        world.start()
        let settlingFrom = Instant.zero + options.faultPhase
        let end = settlingFrom + options.settleMax
        let stepsMax = Int((end - Instant.zero).milliseconds / 1_000 * Limits.simulationStepsPerSecondMax)
        var lookAgainAt = settlingFrom
        while report.violation == nil, world.cluster.now < end, world.cluster.steps < stepsMax, world.step() {
            if world.cluster.lastDirectives.contains(where: { $0.directive.mayChangePromises }) {
                if let broken = checkers.anytime(world.cluster) ?? routing.anytime(world.cluster) {
                    report.violation = violation(broken, world)
                }
            }
            guard world.cluster.isSettling, world.cluster.now >= lookAgainAt, report.violation == nil else { continue }
            if world.cluster.unsettled.isEmpty, checkers.finally(world.cluster) == nil {
                report.settled = world.cluster.now - settlingFrom
                break
            }
            lookAgainAt = world.cluster.now + .seconds(1)
        }
        if report.violation == nil, report.settled == nil {
            let broken = checkers.finally(world.cluster) ?? ("progress", "the run did not come to an end")
            report.violation = violation(broken, world)
        }
        report.steps = world.cluster.steps
        report.elapsed = world.cluster.now - .zero
        report.calls = world.cluster.callsDialled
        report.began = world.began
        report.bit = world.bit
        report.branches = world.cluster.branches.merging(routing.branches, uniquingKeysWith: +)
        report.traceHash = world.cluster.hash.value
        report.lastLines = world.cluster.lastLines
        return report
    }

    private func violation(
        _ broken: (checker: String, message: String),
        _ world: RoutingWorld
    ) -> RoutingReport.Violation {
        RoutingReport.Violation(checker: broken.checker, message: broken.message, at: world.cluster.now - .zero)
    }
}

extension SiteDirective {
    /// False for what neither agents nor contacts can have to do with: pulses, presence and records on their way.
    ///
    /// All that the checkers look at shows in something else, so most steps of a run need no look.
    fileprivate var mayChangePromises: Bool {
        switch self {
        case .sendFrame(.message, _): true
        case .sendFrame, .query, .viewChanged: false
        default: true
        }
    }
}
