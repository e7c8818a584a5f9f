import ContactCenter
import Kernel
import Routing
import Simulation
import SiteCore
import TestKit
import Testing

@Suite("A queue that rings all, with two agents at each of three sites")
struct RingAllTeamScenarios {
    private func ready(seed: UInt64 = 1) -> Scenario {
        var scenario = Scenario(agentsPerSite: 2, seed: seed)
        var change = QueueChange()
        change.strategy = .ringAll
        scenario.rule("support", at: 1, change)
        scenario.run(.seconds(2))
        for agent in 0..<6 {
            scenario.teach(agent, .ignores)
            expect(scenario.seat(agent, at: agent / 2))
        }
        scenario.run(.seconds(1))
        return scenario
    }

    private func phones(_ scenario: Scenario) -> [String] { (0..<6).map { scenario.phone($0) } }

    private func states(_ scenario: Scenario) -> [AgentStateKind?] { (0..<6).map { scenario.desk($0)?.state.kind } }

    @Test("all six ring; one who declines at the desk is out alone; the first answer frees the others")
    func six() throws {
        var scenario = ready()
        scenario.teach(3, .answers(after: .seconds(3), talks: .seconds(3)))
        let caller = scenario.dial(0, "100")
        expect(scenario.run(until: { self.phones($0).allSatisfy { $0 == "ringing" } }, within: .seconds(2)))
        scenario.run(.milliseconds(200))
        let contact = try #require(scenario.desk(2)?.contact?.id)
        scenario.ask(2, .hangUp(contact))
        scenario.run(.milliseconds(500))
        #expect(phones(scenario) == ["ringing", "ringing", "idle", "ringing", "ringing", "ringing"])
        expect(scenario.run(until: { $0.talks(caller) }, within: .seconds(4)))
        scenario.run(.milliseconds(300))
        #expect(states(scenario) == [.ready, .ready, .notResponding, .talking, .ready, .ready])
        #expect(phones(scenario).count { $0 == "idle" } == 5)
        scenario.ask(2, .ready)
        expectWell(scenario.verdict())
        #expect(scenario.records(2).first?.agent == AgentID("east1"))
    }

    @Test("six phones picked up in the same moment: one talks, five are free", arguments: Seeds.first(8))
    func sameMoment(seed: UInt64) {
        var scenario = ready(seed: seed)
        for agent in 0..<6 { scenario.teach(agent, .answers(after: .seconds(2), talks: .seconds(3))) }
        let caller = scenario.dial(Int(seed % 3), "100")
        expect(scenario.run(until: { $0.talks(caller) }, within: .seconds(5)))
        scenario.run(.seconds(1))
        #expect(phones(scenario).count { $0 == "talking" } == 1)
        #expect(states(scenario).count { $0 == .ready } == 5)
        expectWell(scenario.verdict())
    }

    @Test("many callers and every fault: at most one agent each, and everything ends", arguments: Seeds.first(10))
    func law(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        func luck(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
        var scenario = ready(seed: seed)
        for _ in 0..<14 {
            for agent in 0..<6 {
                let delay = Span.milliseconds(Int64(1_000 + luck(4) * 40))
                switch luck(6) {
                case 0: scenario.teach(agent, .ignores)
                case 1: scenario.teach(agent, .refuses(status: 486, after: delay))
                default: scenario.teach(agent, .answers(after: delay, talks: .seconds(2)))
                }
                scenario.ask(agent, .ready)
            }
            for _ in 0...luck(3) {
                _ = scenario.dial(luck(3), "100", from: "+4930\(luck(1_000))", patience: .seconds(20))
            }
            scenario.run(.milliseconds(Int64(luck(2_500))))
            switch luck(5) {
            case 0: scenario.cut(0, 1 + luck(2))
            case 1: scenario.crash(luck(3), for: .seconds(2))
            case 2, 3: for other in [1, 2] { scenario.heal(0, other) }
            default: break
            }
            scenario.run(.milliseconds(Int64(luck(4_000))))
        }
        for other in [1, 2] { scenario.heal(0, other) }
        scenario.run(.seconds(5))
        for agent in 0..<6 {
            scenario.teach(agent, .answers(after: .milliseconds(300), talks: .seconds(1)))
            if scenario.desk(agent) == nil { expect(scenario.seat(agent, at: agent / 2)) }
            scenario.ask(agent, .ready)
        }
        expectWell(scenario.verdict())
    }
}
