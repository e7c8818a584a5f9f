import Kernel
import Simulation
import TestKit
import Testing

@Suite("Chance finds nothing wrong with records")
struct RecordsSeedTests {
    @Test("every invariant holds through faults, and healed sites become equal and quiet", arguments: Seeds.first(12))
    func faults(seed: UInt64) {
        var options = RecordsOptions()
        options.seed = seed
        let report = RecordsRun(options).run()
        #expect(report.passed, "\(report.summary)")
    }

    @Test("more sites hold the invariants too", arguments: Seeds.first(3))
    func moreSites(seed: UInt64) {
        var options = RecordsOptions()
        options.seed = seed
        options.sites = 5
        let report = RecordsRun(options).run()
        #expect(report.passed, "\(report.summary)")
    }

    @Test("links that lose, repeat and swap frames do no harm", arguments: Seeds.first(4))
    func hostile(seed: UInt64) {
        var options = RecordsOptions()
        options.seed = seed
        options.isHostile = true
        let report = RecordsRun(options).run()
        #expect(report.passed, "\(report.summary)")
    }

    @Test("the same options give the same run to the last byte, another seed another")
    func replay() {
        var options = RecordsOptions()
        options.seed = 7
        options.faultPhase = .seconds(15)
        let first = RecordsRun(options).run()
        let second = RecordsRun(options).run()
        options.seed = 8
        let other = RecordsRun(options).run()
        #expect(first == second)
        #expect(first.traceHash != other.traceHash)
    }

    @Test("faults bite, and rare branches are reached and counted")
    func reached() {
        var bit: [String: Int] = [:]
        var branches: [String: Int] = [:]
        for seed in Seeds.first(6) {
            var options = RecordsOptions()
            options.seed = seed
            let report = RecordsRun(options).run()
            bit.merge(report.bit, uniquingKeysWith: +)
            branches.merge(report.branches, uniquingKeysWith: +)
        }
        #expect(bit.count >= 8, "\(bit)")
        for branch in ["pull.relay", "pull.catch-up", "apply.waited-for-causes", "edit.conflict", "link.lost-frames"] {
            #expect(branches[branch, default: 0] > 0, "\(branch) was never reached")
        }
    }

    @Test("a failure names the command that repeats it")
    func replayCommand() {
        var options = RecordsOptions()
        options.seed = 42
        options.sites = 4
        options.faults = [.kill, .cut]
        options.isHostile = true
        options.kept = [1, 5]
        let command = "tandem simulate records --seed 42 --sites 4 --faults cut,kill --hostile --keep 1,5"
        #expect(options.replayCommand == command)
    }

    @Test("fifteen invariants less that of presence are checked by name")
    func invariants() {
        let numbers = RecordsRun.invariants.compactMap { Int($0.prefix { $0 != " " }) }
        #expect(Set(numbers) == Set(1...15).subtracting([14]))
    }
}
