import ContactCenter
import Kernel
import Routing
import Simulation
import SiteCore
import TestKit
import Testing

@Suite("A queue that rings all")
struct RingAllScenarios {
    /// Three sites with an agent each who is ready, and the queue `support` rings all of them.
    private func ready(seed: UInt64 = 1) -> Scenario {
        var scenario = Scenario(seed: seed)
        var change = QueueChange()
        change.strategy = .ringAll
        scenario.rule("support", at: 1, change)
        scenario.run(.seconds(2))
        for agent in 0..<3 {
            scenario.teach(agent, .ignores)
            expect(scenario.seat(agent, at: agent))
        }
        scenario.run(.seconds(1))
        return scenario
    }

    private func phones(_ scenario: Scenario) -> [String] { (0..<3).map { scenario.phone($0) } }

    private func states(_ scenario: Scenario) -> [AgentStateKind?] { (0..<3).map { scenario.desk($0)?.state.kind } }

    @Test("all phones ring; the first answer wins, the others stop at once and their agents are ready again")
    func firstWins() throws {
        var scenario = ready()
        scenario.teach(2, .answers(after: .seconds(3), talks: .seconds(4)))
        let caller = scenario.dial(0, "100")
        expect(scenario.run(until: { self.phones($0) == ["ringing", "ringing", "ringing"] }, within: .seconds(2)))
        expect(scenario.run(until: { $0.talks(caller) }, within: .seconds(4)))
        scenario.run(.milliseconds(300))
        #expect(phones(scenario) == ["idle", "idle", "talking"])
        #expect(states(scenario) == [.ready, .ready, .talking])
        #expect(scenario.wall(1)?.contacts.first?.agent == AgentID("south0"))
        expectWell(scenario.verdict())
        let record = try #require(scenario.records(0).first)
        #expect(record.outcome == .answered)
        #expect(record.agent == AgentID("south0"))
        #expect(record.agentSite?.name == "south")
        let decision = try #require(record.decision.flatMap { DecisionRecord($0) })
        #expect(decision.rule == "ringAll")
        #expect(decision.agent == AgentID("south0"))
        #expect(decision.agents.count { $0.verdict == "chosen: ringAll" } == 3)
    }

    @Test("phones picked up in the same moment: one talks, the others are free", arguments: Seeds.first(12))
    func sameMoment(seed: UInt64) {
        var scenario = ready(seed: seed)
        for agent in 0..<3 { scenario.teach(agent, .answers(after: .seconds(2), talks: .seconds(3))) }
        let caller = scenario.dial(Int(seed % 3), "100")
        expect(scenario.run(until: { $0.talks(caller) }, within: .seconds(5)))
        scenario.run(.seconds(1))
        #expect(phones(scenario).count { $0 == "talking" } == 1)
        #expect(states(scenario).count { $0 == .talking } == 1)
        #expect(states(scenario).count { $0 == .ready } == 2)
        expectWell(scenario.verdict())
    }

    @Test("one who refuses and one who does not come leave the others ringing, and are set aside; nobody else is")
    func refusals() {
        var scenario = ready()
        scenario.teach(0, .refuses(status: 486, after: .seconds(1)))
        scenario.teach(1, .answers(after: .seconds(4), talks: .seconds(2)))
        let caller = scenario.dial(1, "100")
        expect(scenario.run(until: { self.states($0)[0] == .notResponding }, within: .seconds(3)))
        #expect(phones(scenario) == ["idle", "ringing", "ringing"])
        expect(scenario.run(until: { $0.talks(caller) }, within: .seconds(5)))
        scenario.run(.milliseconds(300))
        #expect(states(scenario) == [.notResponding, .talking, .ready])
        scenario.ask(0, .ready)
        expectWell(scenario.verdict())
    }

    @Test("when nobody comes the caller is back at its place, all are set aside, and whoever is ready takes it")
    func nobody() {
        var scenario = ready()
        let caller = scenario.dial(0, "100", from: "+493010000")
        expect(scenario.run(until: { self.phones($0).contains("ringing") }, within: .seconds(2)))
        expect(scenario.run(until: { self.states($0).allSatisfy { $0 == .notResponding } }, within: .seconds(12)))
        scenario.run(.milliseconds(500))
        #expect(scenario.wall(2)?.contacts.first?.state == .waiting)
        scenario.teach(1, .answers(after: .milliseconds(300), talks: .seconds(2)))
        scenario.ask(1, .ready)
        expect(scenario.run(until: { $0.talks(caller) }, within: .seconds(6)))
        for agent in 0..<3 { scenario.ask(agent, .ready) }
        expectWell(scenario.verdict())
        #expect(scenario.records(0).first?.agent == AgentID("east0"))
    }

    @Test("a link that is lost, or a site that dies, takes only its own phone out")
    func links() {
        var scenario = ready()
        scenario.teach(1, .answers(after: .seconds(5), talks: .seconds(2)))
        let caller = scenario.dial(0, "100")
        expect(scenario.run(until: { self.phones($0) == ["ringing", "ringing", "ringing"] }, within: .seconds(2)))
        // By now the phone that will be answered rings; its hand comes five seconds after it began to, whenever the
        // ends notice the cut (at once, or within three seconds). Then 200 and the bridge's answer travel: a wire and
        // a link of some 40 ms at most each way.
        let answered = scenario.elapsed + .seconds(5) + .milliseconds(250)
        scenario.cut(0, 2)
        expect(scenario.run(until: { $0.phone(2) == "idle" }, within: .seconds(4)))
        #expect(scenario.phone(1) == "ringing" && scenario.phone(0) == "ringing")
        #expect(scenario.desk(2)?.state == .ready)
        expect(scenario.run(until: { $0.talks(caller) }, within: answered - scenario.elapsed))
        #expect(scenario.desk(0)?.state.kind != .notResponding)
        scenario.heal(0, 2)
        expectWell(scenario.verdict())
    }

    @Test("a caller who gives up stops all phones, and nobody is set aside")
    func givesUp() {
        var scenario = ready()
        let caller = scenario.dial(2, "100")
        expect(scenario.run(until: { self.phones($0) == ["ringing", "ringing", "ringing"] }, within: .seconds(2)))
        scenario.callerHangsUp(caller)
        expect(scenario.run(until: { self.phones($0) == ["idle", "idle", "idle"] }, within: .seconds(2)))
        expect(scenario.run(until: { self.states($0).allSatisfy { $0 == .ready } }, within: .seconds(2)))
        expectWell(scenario.verdict())
        #expect(scenario.records(1).first?.outcome == .abandoned)
    }

    @Test("whatever breaks, each caller talks with one agent at most and everything ends", arguments: Seeds.first(12))
    func law(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        func luck(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
        var scenario = ready(seed: seed)
        for _ in 0..<14 {
            for agent in 0..<3 {
                let delay = Span.milliseconds(Int64(1_000 + luck(4) * 40))
                switch luck(6) {
                case 0: scenario.teach(agent, .ignores)
                case 1: scenario.teach(agent, .refuses(status: 486, after: delay))
                default: scenario.teach(agent, .answers(after: delay, talks: .seconds(2)))
                }
                scenario.ask(agent, .ready)
            }
            _ = scenario.dial(luck(3), "100", from: "+4930\(luck(1_000))", patience: .seconds(20))
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
        for agent in 0..<3 {
            scenario.teach(agent, .answers(after: .milliseconds(300), talks: .seconds(1)))
            if scenario.desk(agent) == nil { expect(scenario.seat(agent, at: agent)) }
            scenario.ask(agent, .ready)
        }
        expectWell(scenario.verdict())
    }
}
