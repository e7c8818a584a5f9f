import Kernel

/// One run of simulated records: faults while safety is checked at every step, then healing, progress and equality.
package struct RecordsRun: Sendable {
    private let options: RecordsOptions

    /// Prepares a run.
    package init(_ options: RecordsOptions) {
        self.options = options
    }

    /// Runs to the end or to the first broken promise.
    package func run() -> RecordsReport {
        var world = RecordsWorld(options)
        var checkers = RecordsCheckers()
        world.start()
        return RecordsRun.finish(&world, &checkers)
    }

    /// Lets a started world run until it has settled and rested, or a promise is broken.
    static func finish(_ world: inout RecordsWorld, _ checkers: inout RecordsCheckers) -> RecordsReport {
        var report = RecordsReport(options: world.options)
        var healed: Instant?
        var calmSince: Instant?
        var slack = Span.zero
        while report.violation == nil, world.steps < Limits.simulatedStepsMax, world.step() {
            if let broken = checkers.afterStep(world) {
                report.violation = violation(broken, world)
                break
            }
            world.endSecond()
            guard world.isSettling, world.isTick else { continue }
            let began = healed ?? world.now
            healed = began
            if world.unsettled.isEmpty {
                let since = calmSince ?? world.now
                if calmSince == nil { report.settled = world.now - began - slack }
                calmSince = since
                // The first second of calm still holds frames of the time before.
                world.isAtRest = world.now - since >= .seconds(1)
                guard world.now - since >= Limits.simulatedRest else { continue }
                if let broken = checkers.finally(world) { report.violation = violation(broken, world) }
                break
            }
            calmSince = nil
            world.isAtRest = false
            if world.waitsForTime, world.hours < Limits.simulatedHoursMax {
                let before = world.now
                world.letTimePass()
                slack = slack + (world.now - before)
            }
            if world.now - began - slack > world.options.settleMax {
                let reasons = world.unsettled.prefix(4).joined(separator: "; ")
                report.violation = violation(("13 healed sites are equal", "still not at rest: \(reasons)"), world)
            }
        }
        if report.violation == nil, calmSince == nil {
            report.violation = violation(("13 healed sites are equal", "the run did not come to an end"), world)
        }
        fill(&report, world)
        return report
    }

    private static func fill(_ report: inout RecordsReport, _ world: RecordsWorld) {
        report.steps = world.steps
        report.elapsed = world.now - .zero
        report.ops = world.book.entries.count
        report.frames = world.frames
        report.began = world.reach.began
        report.bit = world.reach.bit
        report.branches = world.reach.branches
        report.schedule = world.schedule.map { $0.text(world.sites.map(\.id)) }
        report.traceHash = world.trace.hash.value
        report.lastLines = world.trace.lines
    }

    private static func violation(
        _ broken: (invariant: String, message: String),
        _ world: RecordsWorld
    ) -> RecordsReport.Violation {
        RecordsReport.Violation(invariant: broken.invariant, message: broken.message, at: world.now - .zero)
    }

    /// The names of all invariants that a run checks.
    package static var invariants: [String] { RecordsCheckers.names }

    /// The names of rare branches that runs should reach now and then.
    package static var branches: [String] { Sometimes.allCases.map(\.rawValue) }
}
