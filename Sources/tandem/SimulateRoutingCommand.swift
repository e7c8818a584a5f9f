import ArgumentParser
import Foundation
import Kernel
import Simulation

/// `tandem simulate routing`.
struct SimulateRoutingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routing",
        abstract: "Run whole sites under a routing workload and faults, and check what routing promises.",
        discussion: """
            Callers come by chance along a profile, wait as long as their patience lasts and dial again elsewhere when \
            their site dies; agents answer, do not answer, pause, move, lose desktop or phone; links, sites and clocks \
            fail. Safety is checked at every step; then all is healed, and nobody may be stuck and everybody counted \
            once. A failure prints its seed and the command that repeats it, and ends with 1. A fault that never did \
            anything over \(Limits.simulatedSeedsForFaults) seeds or more is a failure too.

            Examples:
              tandem simulate routing --sites 3 --seeds 1..20
              tandem simulate routing --seed 42 --minutes 10 --trace
              tandem simulate routing --sites 5 --seeds 1..50 --faults cut,oneWay,crash,move
            """
    )

    @Option(help: "One seed.")
    var seed: UInt64?
    @Option(help: "Several seeds, FIRST..LAST.")
    var seeds: String?
    @Option(help: "How many sites, 2 to 6.")
    var sites = RoutingOptions().sites
    @Option(help: "Agents of each site.")
    var agents = RoutingOptions().agentsPerSite
    @Option(help: "Calls a minute, all sites together, before the profile.")
    var calls = RoutingOptions().callsPerMinute
    @Option(help: "Minutes of virtual time in which faults happen.")
    var minutes: Int64?
    @Option(help: "The same in seconds.")
    var seconds: Int64?
    @Option(
        help:
            "Which faults, parted by commas, or none: \(RoutingFault.allCases.map(\.rawValue).joined(separator: ", "))."
    )
    var faults: String?
    @Flag(help: "Print the last lines of the sites' logs also when all went well.")
    var trace = false
    @Flag(help: "Print the results as JSON, one line a seed.")
    var json = false

    func validate() throws {
        guard (2...6).contains(sites) else { throw ValidationError("--sites must be 2 to 6.") }
        guard (1...50).contains(agents) else { throw ValidationError("--agents must be 1 to 50.") }
        guard (0...6_000).contains(calls) else { throw ValidationError("--calls must be 0 to 6000.") }
        guard (1...1_440).contains(minutes ?? 1), (1...86_400).contains(seconds ?? 1) else {
            throw ValidationError("--minutes must be 1 to 1440, --seconds 1 to 86400.")
        }
        guard minutes == nil || seconds == nil else { throw ValidationError("Give --minutes or --seconds, not both.") }
        guard seed == nil || seeds == nil else { throw ValidationError("Give --seed or --seeds, not both.") }
        _ = try range()
        _ = try kinds()
    }

    func run() async throws {
        let range = try range()
        var totals = RoutingTotals(faults: try options(range.lowerBound).faults)
        var next = range.lowerBound
        while next <= range.upperBound {
            let last = min(range.upperBound, next + UInt64(Limits.simulatedTasksAtOnce) - 1)
            for report in try await reports(next...last) {
                totals.add(report)
                try SimulationOutput(json: json, trace: trace, isOnly: range.count == 1).show(
                    passed: report.passed,
                    summary: report.summary,
                    lastLines: report.lastLines,
                    line: RoutingLine(report)
                )
            }
            Terminal.progress("Seed \(last) of \(range.lowerBound)..\(range.upperBound), \(totals.failed.count) failed")
            guard last < range.upperBound else { break }
            next = last + 1
        }
        Terminal.endProgress()
        if !json, range.count > 1 { Terminal.say(totals.text) }
        if !totals.failed.isEmpty || !totals.missing.isEmpty {
            throw ExitCode(CommandFailure.Code.failed.rawValue)
        }
    }

    /// Runs some seeds at once, one a core, and returns their reports in order.
    private func reports(_ seeds: ClosedRange<UInt64>) async throws -> [RoutingReport] {
        try await withThrowingTaskGroup(of: RoutingReport.self) { group in
            for seed in seeds {
                let options = try options(seed)
                group.addTask { RoutingRun(options).run() }
            }
            var reports: [RoutingReport] = []
            for try await report in group { reports.append(report) }
            return reports.sorted { $0.options.seed < $1.options.seed }
        }
    }

    private func options(_ seed: UInt64) throws -> RoutingOptions {
        var options = RoutingOptions()
        options.seed = seed
        options.sites = sites
        options.agentsPerSite = agents
        options.callsPerMinute = calls
        if let minutes { options.faultPhase = .minutes(minutes) }
        if let seconds { options.faultPhase = .seconds(seconds) }
        if let kinds = try kinds() { options.faults = kinds }
        return options
    }

    private func range() throws -> ClosedRange<UInt64> { try SimulationChoice.seeds(seed, seeds) }

    private func kinds() throws -> Set<RoutingFault>? { try SimulationChoice.faults(faults, of: RoutingFault.self) }
}

/// What all seeds together reached.
private struct RoutingTotals {
    private let faults: Set<RoutingFault>
    private var seeds = 0
    private var steps = 0
    private var calls = 0
    private var began: [String: Int] = [:]
    private var bit: [String: Int] = [:]
    private var branches: [String: Int] = [:]
    private(set) var failed: [UInt64] = []

    init(faults: Set<RoutingFault>) {
        self.faults = faults
    }

    mutating func add(_ report: RoutingReport) {
        seeds += 1
        steps += report.steps
        calls += report.calls
        began.merge(report.began, uniquingKeysWith: +)
        bit.merge(report.bit, uniquingKeysWith: +)
        branches.merge(report.branches, uniquingKeysWith: +)
        if !report.passed { failed.append(report.options.seed) }
    }

    private var toothless: [String] { faults.sorted().map(\.rawValue).filter { bit[$0, default: 0] == 0 } }

    /// Faults that never did anything although there were seeds enough.
    var missing: [String] { seeds >= Limits.simulatedSeedsForFaults ? toothless : [] }

    var text: String {
        let reached = began.sorted { $0.key < $1.key }
            .map { "\($0.key) \($0.value) (bit \(bit[$0.key, default: 0]))" }
        var lines = [
            "\(seeds) seeds, \(calls) calls, \(steps) events, \(failed.count) failed"
                + (failed.isEmpty ? "" : ": " + failed.map(String.init).joined(separator: ", ")),
            "faults: " + reached.joined(separator: ", "),
            "branches: " + branches.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
        ]
        if !toothless.isEmpty { lines.append("never bit: " + toothless.joined(separator: ", ")) }
        return lines.joined(separator: "\n")
    }
}

/// One run, for `--json`.
private struct RoutingLine: Encodable {
    var seed: UInt64
    var passed: Bool
    var checker: String?
    var message: String?
    var replay: String
    var calls: Int
    var steps: Int
    var settledMs: Int64?
    var traceHash: UInt64
    var began: [String: Int]
    var bit: [String: Int]
    var neverBit: [String]
    var branches: [String: Int]

    init(_ report: RoutingReport) {
        seed = report.options.seed
        passed = report.passed
        checker = report.violation?.checker
        message = report.violation?.message
        replay = report.options.replayCommand
        calls = report.calls
        steps = report.steps
        settledMs = report.settled?.milliseconds
        traceHash = report.traceHash
        began = report.began
        bit = report.bit
        neverBit = report.toothless
        branches = report.branches
    }
}
