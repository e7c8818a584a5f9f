import ArgumentParser
import Foundation
import Kernel
import Simulation

/// `tandem simulate`.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run simulated sites under faults, and check what they promise.",
        discussion: """
            Examples:
              tandem simulate --seeds 1..500             (calls)
              tandem simulate calls --seed 42 --trace
              tandem simulate routing --seeds 1..50
              tandem simulate records --seeds 1..300
            """,
        subcommands: [SimulateCallsCommand.self, SimulateRoutingCommand.self, SimulateRecordsCommand.self],
        defaultSubcommand: SimulateCallsCommand.self
    )
}

/// `tandem simulate calls`, and `tandem simulate` without more.
struct SimulateCallsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calls",
        abstract: "Run whole sites in one process under faults, and check what they promise.",
        discussion: """
            Sites, links, disks, clocks, callers and phones are virtual; the code of the sites is the code that \
            ships. First faults happen while safety is checked at every step; then all is healed, and progress and \
            equal records are required. A failure prints its seed and the command that repeats it, and ends with 1.

            Examples:
              tandem simulate calls
              tandem simulate calls --seeds 1..500
              tandem simulate calls --seed 42 --trace
              tandem simulate calls --seed 7 --sites 5 --calls 120 --faults cut,crash
            """
    )

    @Option(help: "One seed.")
    var seed: UInt64?
    @Option(help: "Several seeds, FIRST..LAST.")
    var seeds: String?
    @Option(help: "How many sites, 2 to 6.")
    var sites = 3
    @Option(help: "Calls a minute, all sites together.")
    var calls = 40
    @Option(help: "Seconds of virtual time in which faults happen.")
    var seconds: Int64 = 90
    @Option(help: "Which faults, parted by commas: \(FaultKind.allCases.map(\.rawValue).joined(separator: ", ")).")
    var faults: String?
    @Flag(help: "Print the last lines of the sites' logs also when all went well.")
    var trace = false
    @Flag(help: "Print the results as JSON, one line a seed.")
    var json = false

    func validate() throws {
        guard (2...6).contains(sites) else { throw ValidationError("--sites must be 2 to 6.") }
        guard (0...6_000).contains(calls) else { throw ValidationError("--calls must be 0 to 6000.") }
        guard (1...86_400).contains(seconds) else { throw ValidationError("--seconds must be 1 to 86400.") }
        guard seed == nil || seeds == nil else { throw ValidationError("Give --seed or --seeds, not both.") }
        _ = try range()
        _ = try kinds()
    }

    func run() async throws {
        let range = try range()
        var failed: [UInt64] = []
        var totals = Totals()
        for seed in range {
            Terminal.progress("Seed \(seed) of \(range.lowerBound)..\(range.upperBound), \(failed.count) failed")
            let report = SimulationRun(try options(seed)).run()
            totals.add(report)
            if !report.passed { failed.append(seed) }
            try show(report, isOnly: range.count == 1)
        }
        Terminal.endProgress()
        if !json, range.count > 1 { Terminal.say(totals.text(failed: failed)) }
        if !failed.isEmpty { throw ExitCode(CommandFailure.Code.failed.rawValue) }
    }

    private func show(_ report: SimulationReport, isOnly: Bool) throws {
        try SimulationOutput(json: json, trace: trace, isOnly: isOnly).show(
            passed: report.passed,
            summary: report.summary,
            lastLines: report.lastLines,
            line: Line(report)
        )
    }

    private func options(_ seed: UInt64) throws -> SimulationOptions {
        var options = SimulationOptions()
        options.seed = seed
        options.sites = sites
        options.callsPerMinute = calls
        options.faultPhase = .seconds(seconds)
        if let kinds = try kinds() { options.faults = kinds }
        return options
    }

    private func range() throws -> ClosedRange<UInt64> { try SimulationChoice.seeds(seed, seeds) }

    private func kinds() throws -> Set<FaultKind>? { try SimulationChoice.faults(faults, of: FaultKind.self) }

    /// What all seeds together reached.
    private struct Totals {
        var steps = 0
        var seeds = 0
        var faults: [String: Int] = [:]
        var branches: [String: Int] = [:]

        mutating func add(_ report: SimulationReport) {
            seeds += 1
            steps += report.steps
            faults.merge(report.faults, uniquingKeysWith: +)
            branches.merge(report.branches, uniquingKeysWith: +)
        }

        func text(failed: [UInt64]) -> String {
            let happened = faults.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            // A fault that people bring about by chance is counted where it shows: among the branches.
            let unreached = FaultKind.allCases.map(\.rawValue)
                .filter { faults[$0, default: 0] + branches["fault.\($0)", default: 0] == 0 }
            var lines = [
                "\(seeds) seeds, \(steps) events, \(failed.count) failed"
                    + (failed.isEmpty ? "" : ": " + failed.map(String.init).joined(separator: ", ")),
                "faults: \(happened)",
                "branches reached: \(branches.count)",
            ]
            if !unreached.isEmpty { lines.append("never happened: \(unreached.joined(separator: ", "))") }
            return lines.joined(separator: "\n")
        }
    }

    /// One run, for `--json`.
    private struct Line: Encodable {
        var seed: UInt64
        var passed: Bool
        var checker: String?
        var message: String?
        var steps: Int
        var settledMs: Int64?
        var traceHash: UInt64
        var faults: [String: Int]
        var branches: [String: Int]

        init(_ report: SimulationReport) {
            seed = report.options.seed
            passed = report.passed
            checker = report.violation?.checker
            message = report.violation?.message
            steps = report.steps
            settledMs = report.settled?.milliseconds
            traceHash = report.traceHash
            faults = report.faults
            branches = report.branches
        }
    }
}
