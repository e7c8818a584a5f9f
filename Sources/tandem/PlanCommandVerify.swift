import ArgumentParser
import Kernel
import Simulation

/// `tandem plan verify`.
struct PlanVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compare linked sites, as simulated with the routing code that ships, with the Erlang formulae.",
        discussion: """
            Three sites of 20 agents at 90 % load and 180 s a call: linked, linked with patient callers who give up \
            after 120 s, and each site alone. Every figure stands with its 95 % interval of confidence. The \
            controlled one is the formula's plus the difference from an ideal pool fed with the same callers; it is \
            far more exact than the plain mean. Ends with 1 when a controlled mean is not within 5 % of its formula.
            """
    )

    @Option(help: "Calls of each run that count, 1000 to \(Limits.planningCallsMax).")
    var calls = 300_000
    @Option(help: "Where chance comes from.")
    var seed: UInt64 = 1
    @Option(help: "Milliseconds from site to site, one way.")
    var latency: Int64 = 20
    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1_000...Limits.planningCallsMax).contains(calls) else {
            throw ValidationError("--calls must be 1000 to \(Limits.planningCallsMax).")
        }
        guard (0...1_000).contains(latency) else { throw ValidationError("--latency must be 0 to 1000 ms.") }
    }

    func run() async throws {
        try await reporting {
            var rows: [Row] = []
            for (name, isLinked, patience) in [
                ("linked", true, nil), ("linked, patience 120 s", true, .seconds(120)), ("alone", false, nil),
            ] as [(String, Bool, Span?)] {
                Terminal.progress("Simulating \(calls) calls: \(name)")
                var check = PoolingCheck()
                check.calls = calls
                check.seed = seed
                check.latency = .milliseconds(latency)
                check.isLinked = isLinked
                check.patience = patience
                guard let outcome = check.run() else { continue }
                rows.append(Row(name, outcome))
            }
            Terminal.endProgress()
            if json { try Terminal.json(rows) } else { Terminal.say(table(rows)) }
            if let off = rows.first(where: { !$0.isWithin }) {
                throw CommandFailure(code: .failed, message: "\(off.name): not within 5 % of the formula.")
            }
        }
    }

    private func table(_ rows: [Row]) -> String {
        func text(_ mean: Double, _ half: Double) -> String {
            "\(PlanText.fixed(mean, 2)) ± \(PlanText.fixed(half, 2))"
        }
        var lines = [["sites", "formula s", "controlled s", "plain s", "off", "give up", "formula"]]
        for row in rows {
            lines.append([
                row.name, PlanText.fixed(row.formulaWait, 2), text(row.wait, row.waitHalfWidth),
                text(row.plainWait, row.plainHalfWidth), PlanText.percent(row.waitError),
                PlanText.percent(row.abandonment), PlanText.percent(row.formulaAbandonment),
            ])
        }
        return PlanText.table(lines)
    }

    private struct Row: Encodable {
        var name: String
        var formulaWait: Double
        var wait: Double
        var waitHalfWidth: Double
        var plainWait: Double
        var plainHalfWidth: Double
        var waitError: Double
        var formulaAbandonment: Double
        var abandonment: Double
        var abandonmentError: Double
        var takenAcrossSites: Int
        var refusals: Int

        var isWithin: Bool { waitError < 0.05 && abandonmentError < 0.05 }

        init(_ name: String, _ outcome: PoolingCheck.Outcome) {
            self.name = name
            formulaWait = outcome.formulaWait
            wait = outcome.wait.mean
            waitHalfWidth = outcome.wait.halfWidth
            plainWait = outcome.plainWait.mean
            plainHalfWidth = outcome.plainWait.halfWidth
            waitError = outcome.waitError
            formulaAbandonment = outcome.formulaAbandonment
            abandonment = outcome.abandonment.mean
            abandonmentError = outcome.abandonmentError
            takenAcrossSites = outcome.result.acrossSites
            refusals = outcome.result.refusals
        }
    }
}
