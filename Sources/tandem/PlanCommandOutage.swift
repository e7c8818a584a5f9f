import ArgumentParser
import Foundation
import Kernel
import Simulation

/// `tandem plan outage`.
struct PlanOutageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outage",
        abstract: "Simulate a day with and without the loss of a site, with the routing code that ships.",
        discussion: """
            The day comes from a file (cluster-config/plan-example.yaml shows every key), or from --sites, --calls \
            and --aht for an even day. The same callers are simulated with and without the loss, several times; each \
            figure is a mean over these days with its 95 % interval of confidence. Waiting callers of the lost site \
            are presented at the others with their old place; calls in progress with it are cut off.

            Examples:
              tandem plan outage --scenario cluster-config/plan-example.yaml
              tandem plan outage --scenario day.yaml --lose east --at 11:30 --reconnect 300
              tandem plan outage --sites north:20,east:20,south:20 --calls 900/h --aht 180 --lose north --at 10:00
            """
    )

    @OptionGroup var day: PlanDayOptions
    @Option(help: "Days to simulate, 2 to \(Limits.planningReplicationsMax).")
    var days = 10
    @Option(help: "Where chance comes from.")
    var seed: UInt64 = 1
    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (2...Limits.planningReplicationsMax).contains(days) else {
            throw ValidationError("--days must be 2 to \(Limits.planningReplicationsMax).")
        }
        try day.check()
    }

    func run() async throws {
        try await reporting {
            let scenario = try day.planned()
            if let problem = scenario.problem { throw CommandFailure(code: .data, message: problem) }
            let whole = try await simulate(scenario.withoutLoss, "Without the loss")
            let broken = scenario.loss == nil ? nil : try await simulate(scenario, "With the loss")
            Terminal.endProgress()
            let report = PlanOutageReport(scenario: scenario, whole: whole, broken: broken)
            if json { try Terminal.json(report.answer) } else { Terminal.say(report.text) }
        }
    }

    /// Simulates the days, as many at once as there are cores, and adds them up in order.
    private func simulate(_ scenario: PlanningScenario, _ name: String) async throws -> PlanningSummary {
        var seeds = SeededRandom(seed: seed)
        let all = (0..<days).map { _ in seeds.next() }
        var summary = PlanningSummary()
        let atOnce = max(1, ProcessInfo.processInfo.activeProcessorCount)
        for start in stride(from: 0, to: all.count, by: atOnce) {
            Terminal.progress("\(name): day \(start) of \(days)")
            let part = all[start..<min(all.count, start + atOnce)]
            let results = await withTaskGroup(of: (Int, PlanningResult).self) { group in
                for (index, seed) in part.enumerated() {
                    group.addTask {
                        var run = PlanningRun(scenario, seed: seed)
                        return (index, run.run())
                    }
                }
                var results: [(Int, PlanningResult)] = []
                for await result in group { results.append(result) }
                return results.sorted { $0.0 < $1.0 }
            }
            for (_, result) in results { summary.add(result) }
        }
        return summary
    }
}
