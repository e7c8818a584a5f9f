import ContactCenter
import Kernel
import Simulation
import SiteCore
import Testing

@Suite("Calls are held, passed on and placed")
struct PassingScenarios {
    /// Two agents at two sites, and a caller who talks with the first of them.
    private func talk(from site: Int = 0) -> (scenario: Scenario, caller: Int, contact: ContactID?) {
        var scenario = Scenario()
        for agent in [0, 2] { scenario.teach(agent, .answers(after: .milliseconds(300), talks: nil)) }
        expect(scenario.seat(0, at: 0))
        let caller = scenario.dial(site, "100")
        expect(scenario.run(until: { $0.hear(caller, 0) }))
        expect(scenario.run(until: { $0.desk(0)?.contact?.call != nil }))
        expect(scenario.seat(2, at: 2))
        scenario.run(.seconds(1))
        return (scenario, caller, scenario.desk(0)?.contact?.id)
    }

    @Test("the desk's hold silences both phones, resume brings the sound back", arguments: [0, 1])
    func hold(site: Int) throws {
        var (scenario, caller, contact) = talk(from: site)
        let id = try #require(contact)
        scenario.ask(0, .hold(id))
        expect(scenario.run(until: { $0.isSilent(caller) && $0.desk(0)?.state == .held }, within: .seconds(3)))
        scenario.run(.seconds(1))
        scenario.ask(0, .resume(id))
        expect(scenario.run(until: { $0.hear(caller, 0) }, within: .seconds(3)))
        scenario.callerHangsUp(caller)
        expectWell(scenario.verdict())
    }

    @Test("a call is passed on at once to an agent of another site, by the desk", arguments: [0, 1])
    func transfer(site: Int) throws {
        var (scenario, caller, contact) = talk(from: site)
        scenario.ask(0, .transfer(try #require(contact), to: .agent(AgentID("south0"))))
        expect(scenario.run(until: { $0.hear(caller, 2) }, within: .seconds(10)))
        #expect(scenario.phone(0) == "idle")
        scenario.callerHangsUp(caller)
        expectWell(scenario.verdict())
    }

    @Test("the phone's own button passes a call on, to an agent and to a number", arguments: [true, false])
    func refer(inside: Bool) throws {
        var (scenario, caller, _) = talk(from: 1)
        scenario.teachOutside(.answers(after: .seconds(1), talks: nil))
        scenario.agentRefers(0, to: inside ? scenario.sipUser(2) : "+493055512")
        expect(
            scenario.run(until: { inside ? $0.hear(caller, 2) : $0.outsideTalks == 1 }, within: .seconds(10))
        )
        #expect(scenario.phone(0) == "idle" && scenario.talks(caller))
        scenario.run(.seconds(3))
        scenario.callerHangsUp(caller)
        expectWell(scenario.verdict())
    }

    @Test("who passes a call on after asking leaves, and the customer talks with whoever was asked", arguments: [0, 1])
    func consulted(site: Int) throws {
        var (scenario, caller, contact) = talk(from: site)
        let id = try #require(contact)
        scenario.ask(0, .consult(id, with: .agent(AgentID("south0"))))
        expect(scenario.run(until: { $0.speak(0, 2) && $0.isSilent(caller) }, within: .seconds(10)))
        scenario.ask(0, .swap(id))
        expect(scenario.run(until: { $0.hear(caller, 0) }, within: .seconds(5)))
        scenario.run(.seconds(1))
        scenario.ask(0, .completeTransfer(id))
        expect(scenario.run(until: { $0.hear(caller, 2) }, within: .seconds(5)))
        #expect(scenario.phone(0) == "idle")
        scenario.callerHangsUp(caller)
        expectWell(scenario.verdict())
    }

    @Test(
        "a customer who comes back from her own hold while the agent asks somebody waits on",
        arguments: [Span.seconds(2), .seconds(6)]
    )
    func customerComesBack(after pause: Span) throws {
        // Seeds 104 (before the answer: she was heard by nobody) and 67 (after it: sites said that they talk).
        var (scenario, caller, contact) = talk()
        let id = try #require(contact)
        scenario.teach(2, .answers(after: .seconds(4), talks: nil))
        scenario.callerHolds(caller, true)
        scenario.run(.seconds(1))
        scenario.ask(0, .consult(id, with: .agent(AgentID("south0"))))
        scenario.run(pause)
        scenario.callerHolds(caller, false)
        scenario.run(.seconds(16))
        #expect(scenario.speak(0, 2) && scenario.isSilent(caller))
        #expect(scenario.broken == nil)
        scenario.ask(0, .endConsult(id))
        expect(scenario.run(until: { $0.hear(caller, 0) }, within: .seconds(5)))
        scenario.callerHangsUp(caller)
        expectWell(scenario.verdict())
    }

    @Test("a caller left behind by a site that died while it was saying goodbye is nobody's ghost")
    func goodbyeLost() throws {
        // Seed 90: the BYE was lost, and the site died before it could repeat it.
        var (scenario, caller, contact) = talk()
        scenario.lose(1_000)
        scenario.ask(0, .hangUp(try #require(contact)))
        scenario.run(.milliseconds(100))
        scenario.crash(0, for: .seconds(1))
        scenario.lose(0)
        scenario.run(.seconds(40))
        #expect(scenario.broken == nil)
        #expect(scenario.talks(caller))
        scenario.callerHangsUp(caller)
        scenario.agentHangsUp(0)
        expectWell(scenario.verdict())
    }

    @Test("who was asked hangs up while the sites are cut apart: the record says so, not that the call was passed on")
    func handedOverThenCut() throws {
        // Seed 25 of a run with all faults.
        var (scenario, caller, contact) = talk(from: 1)
        let id = try #require(contact)
        scenario.teachOutside(.answers(after: .seconds(1), talks: nil))
        scenario.ask(0, .consult(id, with: .number("+493055533")))
        expect(scenario.run(until: { $0.hearsOutside(0) }, within: .seconds(10)))
        scenario.ask(0, .completeTransfer(id))
        expect(scenario.run(until: { $0.phone(0) == "idle" && !$0.isSilent(caller) }, within: .seconds(5)))
        scenario.run(.seconds(2))
        scenario.cut(0, 1)
        scenario.run(.seconds(5))
        scenario.outsideHangsUp()
        scenario.run(.seconds(2))
        scenario.heal(0, 1)
        expect(scenario.run(until: { $0.lastStatus(caller) == 200 }, within: .seconds(10)))
        expectWell(scenario.verdict())
        #expect(scenario.records(1).first { $0.id == id }?.endReason == "hung up")
    }

    @Test("an agent calls a number: her phone rings first, then both hear each other")
    func dial() {
        var scenario = Scenario()
        scenario.teach(0, .answers(after: .milliseconds(300), talks: nil))
        scenario.teachOutside(.answers(after: .seconds(2), talks: .seconds(5)))
        expect(scenario.seat(0, at: 0))
        scenario.ask(0, .dial(number: "+493055577", ticket: nil, customer: nil))
        expect(scenario.run(until: { $0.hearsOutside(0) && $0.outsideTalks == 1 }, within: .seconds(10)))
        expectWell(scenario.verdict())
    }

    @Test("chance with buttons and a lossy wire finds nothing", arguments: [2, 6] as [UInt64])
    func lossy(seed: UInt64) {
        // 2: a consultation ended while the agent's phone was being told of it; her phone led nowhere.
        var options = SimulationOptions()
        options.seed = seed
        options.faultPhase = .seconds(60)
        options.faults = [.sipLoss]
        let report = SimulationRun(options).run()
        #expect(report.passed, "\(report.summary)")
        for branch in ["desk.hold", "desk.transfer", "desk.consult"] {
            #expect((report.branches[branch] ?? 0) > 0, "\(branch) was never reached")
        }
    }
}
