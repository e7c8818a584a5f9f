import Kernel
import Simulation
import TestKit
import Testing

@Suite("Routing under faults")
struct RoutingSeedTests {
    private func options(_ seed: UInt64, seconds: Int64) -> RoutingOptions {
        var options = RoutingOptions()
        options.seed = seed
        options.faultPhase = .seconds(seconds)
        return options
    }

    @Test("Every promise of routing holds, and the healed sites come to rest", arguments: Seeds.first(4))
    func promises(seed: UInt64) {
        let report = RoutingRun(options(seed, seconds: 120)).run()
        #expect(report.passed, "\(report.summary)")
        #expect(report.calls > 5)
    }

    @Test(
        "Telephones that are taken from their desks, and links that hold something up, lead no other line astray",
        arguments: [4, 11, 12] as [UInt64]
    )
    func lines(seed: UInt64) {
        var options = options(seed, seconds: 90)
        options.faults = [.phoneLost, .oneWay]
        options.callsPerMinute = 20
        let report = RoutingRun(options).run()
        #expect(report.passed, "\(report.summary)")
        #expect((report.bit["phoneLost"] ?? 0) > 0)
    }

    @Test("The same seed gives the same run, another seed another")
    func replay() {
        let first = RoutingRun(options(5, seconds: 30)).run()
        #expect(first == RoutingRun(options(5, seconds: 30)).run())
        #expect(first.traceHash != RoutingRun(options(6, seconds: 30)).run().traceHash)
    }

    @Test("A fault that did nothing is named, and so is the command that repeats a run")
    func toothless() {
        var options = options(9, seconds: 20)
        options.faults = [.crash, .pause]
        options.sites = 4
        var report = RoutingReport(options: options)
        report.bit = ["pause": 2]
        #expect(report.toothless == ["crash"])
        #expect(report.summary.contains("never bit in this run: crash"))
        #expect(
            options.replayCommand == "tandem simulate routing --seed 9 --sites 4 --seconds 20 --faults crash,pause"
        )
    }

    @Test("Without faults nobody is passed over by a later caller again and again")
    func calm() {
        var options = options(3, seconds: 150)
        options.faults = []
        options.callsPerMinute = 25
        let report = RoutingRun(options).run()
        #expect(report.passed, "\(report.summary)")
        #expect(report.began.isEmpty)
    }
}
