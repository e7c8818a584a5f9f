import Kernel
import Simulation
import Testing

/// Situations that the simulator found by chance, each named after its first seed.
@Suite("What the simulator of records found stays mended")
struct RecordsRegressionTests {
    @Test("a situation that once broke an invariant ends well", arguments: RecordsScenarios.regressions.map(\.name))
    func regression(name: String) throws {
        let result = try #require(RecordsScenarios.named(name)).play()
        let lines = result.lines.suffix(30).joined(separator: "\n")
        #expect(result.broken == nil, "\(lines)")
    }

    private func run(_ seed: UInt64, seconds: Int64 = 60) -> RecordsReport {
        var options = RecordsOptions()
        options.seed = seed
        options.faultPhase = .seconds(seconds)
        return RecordsRun(options).run()
    }

    @Test("seed 26: nothing is confirmed as on another disk that no other disk has")
    func confirmedAlone() {
        let report = run(26)
        #expect(report.passed, "\(report.summary)")
    }

    @Test("seed 61: a proposal is answered although a full disk did not keep a vote")
    func unsavedVote() {
        let report = run(61, seconds: 40)
        #expect(report.passed, "\(report.summary)")
    }

    @Test("seed 67: a site that was set back learns of its own ops that others hold back for their stamps")
    func heldBackOwnOps() {
        let report = run(67)
        #expect(report.passed, "\(report.summary)")
    }

    @Test("seed 96: a snapshot brings no stamps from the future, and what is written after it is stamped later")
    func stampsOfSnapshot() {
        let report = run(96)
        #expect(report.passed, "\(report.summary)")
    }

    @Test("seed 98: a new epoch that a full disk did not take comes before the next edit")
    func epochOnFullDisk() {
        let report = run(98)
        #expect(report.passed, "\(report.summary)")
    }

    @Test("seed 28: a newcomer gets by snapshot what lies behind an op that nobody can mend")
    func unmendable() {
        let report = run(28)
        #expect(report.passed, "\(report.summary)")
    }
}
