import Kernel
import Simulation
import TestKit
import Testing

@Suite("Chance finds nothing")
struct SeedRuns {
    @Test("every promise holds through faults, and the healed cluster comes to rest", arguments: Seeds.first(4))
    func faults(seed: UInt64) {
        var options = SimulationOptions()
        options.seed = seed
        options.faultPhase = .seconds(40)
        let report = SimulationRun(options).run()
        #expect(report.passed, "\(report.summary)")
    }

    @Test("seeds in which somebody sent to one who did not listen, or to nobody", arguments: [9, 104] as [UInt64])
    func lines(seed: UInt64) {
        var options = SimulationOptions()
        options.seed = seed
        let report = SimulationRun(options).run()
        #expect(report.passed, "\(report.summary)")
    }

    @Test("the same seed gives the same run, another seed another")
    func replay() {
        var options = SimulationOptions()
        options.seed = 7
        options.faultPhase = .seconds(15)
        let first = SimulationRun(options).run()
        let second = SimulationRun(options).run()
        options.seed = 8
        let other = SimulationRun(options).run()
        #expect(first == second)
        #expect(first.traceHash != other.traceHash)
    }

    @Test("faults and rare branches are reached, and the report says how often")
    func reached() {
        var options = SimulationOptions()
        options.seed = 3
        options.faultPhase = .seconds(60)
        let report = SimulationRun(options).run()
        #expect(report.passed, "\(report.summary)")
        #expect(report.faults.values.reduce(0, +) >= 8)
        for branch in ["contact.ended/customer", "contact.ended/agent", "agent.state/noAnswer", "sip.lost"] {
            #expect((report.branches[branch] ?? 0) > 0, "\(branch) was never reached")
        }
    }

    @Test("a failure names the command that repeats it")
    func replayCommand() {
        var options = SimulationOptions()
        options.seed = 42
        options.sites = 4
        options.faults = [.cut, .crash]
        #expect(options.replayCommand == "tandem simulate --seed 42 --sites 4 --faults crash,cut")
    }
}
