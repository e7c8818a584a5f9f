import Kernel
import Routing
import Testing

@Suite("Agents for a target")
struct ErlangStaffingTests {
    private func erlangA(_ agents: Int, patience: Double = 120) -> ErlangA? {
        ErlangA(arrivalsPerSecond: 240.0 / 3_600, handlingSeconds: 300, patienceSeconds: patience, agents: agents)
    }

    @Test("Erlang A's service level runs from those who need not wait to those who do not give up")
    func ends() throws {
        for agents in [10, 18, 21, 26] {
            let queue = try #require(erlangA(agents))
            #expect(abs(queue.serviceLevel(within: 0) - (1 - queue.waitProbability)) < 1e-9)
            #expect(abs(queue.serviceLevel(within: 1e5) - (1 - queue.abandonment)) < 1e-9)
            let levels = stride(from: 0.0, through: 300, by: 10).map { queue.serviceLevel(within: $0) }
            #expect(zip(levels, levels.dropFirst()).allSatisfy { $0 <= $1 })
        }
    }

    @Test("With endless patience Erlang A's service level is Erlang C's")
    func limit() throws {
        for agents in [22, 24, 30] {
            let patient = try #require(erlangA(agents, patience: 1e8))
            let endless = try #require(
                ErlangC(arrivalsPerSecond: 240.0 / 3_600, handlingSeconds: 300, agents: agents)
            )
            for seconds in [5.0, 20, 60, 200] {
                #expect(abs(patient.serviceLevel(within: seconds) - endless.serviceLevel(within: seconds)) < 1e-4)
            }
        }
    }

    @Test("A large pool neither overflows nor loses its tail")
    func large() throws {
        let queue = try #require(
            ErlangA(arrivalsPerSecond: 60, handlingSeconds: 180, patienceSeconds: 100, agents: 10_000)
        )
        let level = queue.serviceLevel(within: 20)
        // 10,800 erlangs for 10,000 agents: callers wait about −100 s · ln(0.926) = 7.7 s, most of them less than 20.
        #expect(level > 0.92 && level < 0.93)
        #expect(queue.serviceLevel(within: 1) < 0.01)
    }

    @Test("The fewest agents meet the target and one fewer do not, with and without patience")
    func fewest() throws {
        for patience in [nil, 60.0, 300] {
            for calls in [20.0, 240, 3_000] {
                let demand = StaffingDemand(
                    arrivalsPerSecond: calls / 3_600,
                    handlingSeconds: 180,
                    patienceSeconds: patience
                )
                for target in [
                    StaffingTarget(share: 0.8, seconds: 20), StaffingTarget(share: 0.8, seconds: 20, occupancyMax: 0.8),
                ] {
                    let needed = try #require(demand.agentsNeeded(for: target))
                    #expect(StaffingFigures(demand, agents: needed, within: 20)?.meets(target) == true)
                    if needed > 1 {
                        #expect(StaffingFigures(demand, agents: needed - 1, within: 20)?.meets(target) != true)
                    }
                }
            }
        }
    }

    @Test("The reference's 24 agents for 20 erlangs: 84.7 percent in 30 seconds, 83 percent busy")
    func vector() throws {
        let demand = StaffingDemand(arrivalsPerSecond: 20.0 / 180, handlingSeconds: 180)
        let figures = try #require(StaffingFigures(demand, agents: 24, within: 30))
        #expect(abs(figures.serviceLevel - 0.847) < 0.0005)
        #expect(abs(figures.occupancy - 20.0 / 24) < 1e-9)
        #expect(demand.agentsNeeded(for: StaffingTarget(share: 0.846, seconds: 30)) == 24)
    }

    @Test("Shrinkage turns people at work into people on the roster")
    func shrinkage() {
        #expect(StaffingDemand.rostered(70, shrinkage: 0.3) == 100)
        #expect(StaffingDemand.rostered(71, shrinkage: 0.3) == 102)
        #expect(StaffingDemand.rostered(12, shrinkage: 0) == 12)
        #expect(StaffingDemand.rostered(12, shrinkage: 1) == nil)
        #expect(StaffingDemand.rostered(12, shrinkage: -0.1) == nil)
    }

    @Test("A target that nobody can meet has no answer")
    func impossible() {
        let demand = StaffingDemand(arrivalsPerSecond: 1, handlingSeconds: 180)
        #expect(demand.agentsNeeded(for: StaffingTarget(share: 1.1, seconds: 20)) == nil)
        #expect(demand.agentsNeeded(for: StaffingTarget(share: .nan, seconds: 20)) == nil)
        let nothing = StaffingDemand(arrivalsPerSecond: 0, handlingSeconds: 180)
        #expect(nothing.agentsNeeded(for: StaffingTarget(share: 0.8, seconds: 20)) == nil)
    }
}
