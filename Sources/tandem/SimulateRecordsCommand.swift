import ArgumentParser
import Foundation
import Kernel
import Simulation

/// `tandem simulate records`.
struct SimulateRecordsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "records",
        abstract: "Replicate records between sites under faults, and check every invariant at every step.",
        discussion: """
            The ledger and the records machine are those that ship; network, disks, clocks and processes are \
            virtual. First faults happen while safety is checked at every step; then all is healed, and within a \
            bound all sites must be equal and quiet. A failure prints its seed, the broken invariant, the smallest \
            schedule of faults found that breaks it, and the command that repeats it, and ends with 1. A fault that \
            never did anything over \(Limits.simulatedSeedsForFaults) seeds or more is a failure too.

            Examples:
              tandem simulate records
              tandem simulate records --seeds 1..300
              tandem simulate records --seed 42 --trace
              tandem simulate records --sites 5 --seeds 1..50 --faults cut,kill,lostDisk --minutes 2
              tandem simulate records --seeds 1..100 --hostile
              tandem simulate records --scenario "asymmetric cut with relay"
              tandem simulate records --list
            """
    )

    @Option(help: "One seed.")
    var seed: UInt64?
    @Option(help: "Several seeds, FIRST..LAST.")
    var seeds: String?
    @Option(
        help: "How many sites, \(Limits.simulatedSitesRange.lowerBound) to \(Limits.simulatedSitesRange.upperBound)."
    )
    var sites = RecordsOptions().sites
    @Option(help: "Minutes of virtual time in which faults happen.")
    var minutes: Int64?
    @Option(help: "The same in seconds.")
    var seconds: Int64?
    @Option(help: "Edits a minute, all sites together.")
    var edits = RecordsOptions().editsPerMinute
    @Option(help: "Which faults, parted by commas, or none.")
    var faults: String?
    @Option(help: "The places in the seed's schedule of the faults that happen, parted by commas, or none.")
    var keep: String?
    @Option(help: "Run one scripted scenario by its name.")
    var scenario: String?
    @Flag(help: "Links lose, repeat and swap single frames.")
    var hostile = false
    @Flag(help: "List faults, invariants, branches and scenarios.")
    var list = false
    @Flag(help: "Do not look for a smaller schedule after a failure.")
    var noShrink = false
    @Flag(help: "Print what happened also when all went well.")
    var trace = false
    @Flag(help: "Print the results as JSON, one line a seed.")
    var json = false

    func validate() throws {
        guard Limits.simulatedSitesRange.contains(sites) else {
            throw ValidationError("--sites must be 2 to \(Limits.simulatedSitesRange.upperBound).")
        }
        guard (0...60_000).contains(edits) else { throw ValidationError("--edits must be 0 to 60000.") }
        guard (1...86_400).contains(seconds ?? 60), (1...1_440).contains(minutes ?? 1) else {
            throw ValidationError("--minutes must be 1 to 1440, --seconds 1 to 86400.")
        }
        guard seed == nil || seeds == nil else { throw ValidationError("Give --seed or --seeds, not both.") }
        guard minutes == nil || seconds == nil else { throw ValidationError("Give --minutes or --seconds, not both.") }
        _ = try range()
        _ = try options(1)
        if let scenario, RecordsScenarios.named(scenario) == nil {
            let names = (RecordsScenarios.all + RecordsScenarios.regressions).map(\.name).joined(separator: "\n  ")
            throw ValidationError("There is no scenario '\(scenario)'; there are:\n  \(names)")
        }
    }

    func run() async throws {
        if list { return Terminal.say(Self.catalogue) }
        if let scenario { return try play(scenario) }
        let range = try range()
        var totals = RecordsTotals(faults: try options(range.lowerBound).faults)
        var next = range.lowerBound
        while next <= range.upperBound {
            let last = min(range.upperBound, next + UInt64(Limits.simulatedTasksAtOnce) - 1)
            for report in try await reports(next...last) {
                totals.add(report)
                try show(report, isOnly: range.count == 1)
            }
            Terminal.progress("Seed \(last) of \(range.lowerBound)..\(range.upperBound), \(totals.failed.count) failed")
            guard last < range.upperBound else { break }
            next = last + 1
        }
        Terminal.endProgress()
        if !json, range.count > 1 { Terminal.say(totals.text) }
        if !totals.failed.isEmpty || !totals.toothless.isEmpty {
            throw ExitCode(CommandFailure.Code.failed.rawValue)
        }
    }

    /// Runs some seeds at once, one a core, and returns their reports in order.
    private func reports(_ seeds: ClosedRange<UInt64>) async throws -> [RecordsReport] {
        try await withThrowingTaskGroup(of: RecordsReport.self) { group in
            for seed in seeds {
                let options = try options(seed)
                let shrinks = !noShrink
                group.addTask {
                    let report = RecordsRun(options).run()
                    guard !report.passed, shrinks else { return report }
                    var shrinker = RecordsShrinker()
                    return shrinker.shrink(report)
                }
            }
            var reports: [RecordsReport] = []
            for try await report in group { reports.append(report) }
            return reports.sorted { $0.options.seed < $1.options.seed }
        }
    }

    private func play(_ name: String) throws {
        guard let scenario = RecordsScenarios.named(name) else { return }
        let result = scenario.play()
        if trace || result.broken != nil { Terminal.say(result.lines.joined(separator: "\n")) }
        guard let broken = result.broken else { return Terminal.say("\(scenario.name): as it should be") }
        Terminal.say("\(scenario.name): \(broken)")
        throw ExitCode(CommandFailure.Code.failed.rawValue)
    }

    private func show(_ report: RecordsReport, isOnly: Bool) throws {
        try SimulationOutput(json: json, trace: trace, isOnly: isOnly).show(
            passed: report.passed,
            summary: report.summary,
            lastLines: report.lastLines,
            line: RecordsLine(report)
        )
    }

    private func options(_ seed: UInt64) throws -> RecordsOptions {
        var options = RecordsOptions()
        options.seed = seed
        options.sites = sites
        options.editsPerMinute = edits
        options.isHostile = hostile
        if let minutes { options.faultPhase = .minutes(minutes) }
        if let seconds { options.faultPhase = .seconds(seconds) }
        if let chosen = try SimulationChoice.faults(faults, of: RecordsFault.self) { options.faults = chosen }
        if let keep {
            options.kept =
                try keep == "none"
                ? []
                : keep.split(separator: ",").map { text in
                    guard let place = Int(text) else { throw ValidationError("--keep takes numbers parted by commas.") }
                    return place
                }
        }
        return options
    }

    private func range() throws -> ClosedRange<UInt64> { try SimulationChoice.seeds(seed, seeds) }

    private static var catalogue: String {
        func part(_ title: String, _ names: [String]) -> String {
            "\(title):\n" + names.map { "  \($0)" }.joined(separator: "\n")
        }
        return [
            part("Faults", RecordsFault.allCases.map(\.rawValue)),
            part("Invariants", RecordsRun.invariants),
            part("Branches", RecordsRun.branches),
            part("Scenarios", RecordsScenarios.all.map(\.name)),
            part("Found by seeds", RecordsScenarios.regressions.map(\.name)),
        ].joined(separator: "\n")
    }
}
