import Kernel
import Routing
import Simulation
import TestKit
import Testing

@Suite("A planned day")
struct PlanningTests {
    /// Two sites of eight, two hours at 80 % load.
    private func day() throws -> PlanningScenario {
        let begins = Span.minutes(9 * 60)
        let ends = Span.minutes(11 * 60)
        let shift = PlanningShift(agents: 8, from: begins, to: ends)
        var scenario = PlanningScenario(
            sites: try ["north", "east"].map {
                PlanningSite(
                    name: try #require(SiteID($0)),
                    calls: Array(repeating: 64, count: 4),
                    shifts: [shift]
                )
            },
            handling: .lognormal(mean: .seconds(180), deviation: .seconds(120)),
            begins: begins,
            ends: ends
        )
        scenario.patience = .seconds(120)
        return scenario
    }

    private func run(_ scenario: PlanningScenario, seed: UInt64 = 1) -> PlanningResult {
        var run = PlanningRun(scenario, seed: seed)
        return run.run()
    }

    @Test("Equal seeds give equal days, others do not")
    func replay() throws {
        let day = try day()
        #expect(run(day) == run(day))
        #expect(run(day) != run(day, seed: 2))
    }

    @Test(
        "Each caller is answered, gave up, or was cut off before the answer; nobody is counted twice",
        arguments: Seeds.first(5)
    )
    func counted(seed: UInt64) throws {
        var day = try day()
        day.loss = PlanningLoss(site: 0, at: .minutes(10 * 60))
        let total = run(day, seed: seed).total
        #expect(total.counts.offered == total.counts.answered + total.counts.abandoned + total.counts.shortAbandoned)
        #expect(total.counts.offered > 400)
        #expect(total.busy <= total.staffed)
    }

    @Test("Until the loss the day is the same; then calls are cut off and waits grow, less when agents come back")
    func loss() throws {
        let whole = try day()
        var broken = whole
        broken.loss = PlanningLoss(site: 0, at: .minutes(10 * 60))
        var mended = broken
        mended.loss?.reconnectAfter = .minutes(10)
        let before = run(whole)
        let gone = run(broken)
        let back = run(mended)
        // The half hour before the loss differs: who is cut off at ten may have arrived there, and waited on.
        #expect(before.intervals[0] == gone.intervals[0])
        #expect(before.total.cutOff == 0)
        #expect(gone.intervals[2].cutOff > 3)
        #expect(before.total.counts.offered == gone.total.counts.offered)
        let level = { (result: PlanningResult) in result.total.counts.serviceLevel(.negative) ?? 0 }
        #expect(level(before) > 0.85)
        #expect(level(gone) < level(back))
        #expect(level(back) < level(before))
        #expect(gone.total.staffed < back.total.staffed)
    }

    @Test("A shift that ends takes its agents away when they have finished")
    func shifts() throws {
        var day = try day()
        for site in day.sites.indices {
            day.sites[site].shifts.append(
                PlanningShift(agents: 4, from: .minutes(9 * 60), to: .minutes(10 * 60))
            )
        }
        let result = run(day)
        let hours = result.intervals.map { $0.staffed.seconds / 1_800 }
        #expect(abs(hours[0] - 24) < 0.01)
        #expect(hours[2] > 16 && hours[2] < 17.5)
        #expect(abs(hours[3] - 16) < 2)
    }

    @Test("A summary gives each figure with an interval of confidence that shrinks with more days")
    func summary() throws {
        let day = try day()
        var few = PlanningSummary()
        var many = PlanningSummary()
        for seed in 1...12 as ClosedRange<UInt64> {
            let result = run(day, seed: seed)
            if seed <= 3 { few.add(result) }
            many.add(result)
        }
        let offered = try #require(many.day.offered)
        #expect(abs(offered.mean - 512) < offered.halfWidth * 2)
        #expect(offered.halfWidth < (few.day.offered?.halfWidth ?? 0) || offered.halfWidth < 20)
        #expect(many.rows.count == 4)
        let occupancy = try #require(many.day.occupancy?.mean)
        #expect(occupancy > 0.7 && occupancy < 0.85)
    }

    @Test("A day that makes no sense is refused with the reason")
    func problems() throws {
        func problem(_ change: (inout PlanningScenario) -> Void) throws -> String {
            var day = try day()
            change(&day)
            #expect(run(day).total.counts.offered == 0)
            return try #require(day.problem)
        }
        #expect(try day().problem == nil)
        #expect(try problem { $0.sites = [] }.contains("at least one site"))
        #expect(try problem { $0.ends = $0.begins }.contains("ends before it begins"))
        #expect(try problem { $0.sites[1].name = $0.sites[0].name }.contains("same name"))
        #expect(try problem { $0.sites[0].calls[1] = -1 }.contains("calls of an interval"))
        #expect(try problem { $0.loss = PlanningLoss(site: 7, at: .minutes(600)) }.contains("none of the sites"))
        #expect(try problem { $0.loss = PlanningLoss(site: 0, at: .minutes(60)) }.contains("during the day"))
        #expect(try problem { $0.patience = .zero }.contains("patience"))
    }
}
