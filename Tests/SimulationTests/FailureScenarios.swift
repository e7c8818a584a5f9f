import ContactCenter
import Kernel
import Simulation
import SiteCore
import Testing

@Suite("Links, sites and disks may fail")
struct FailureScenarios {
    @Test("a link that is cut while the far agent rings brings the caller back to the queue and frees the agent")
    func cutWhileOffering() {
        var scenario = Scenario()
        scenario.teach(2, .answers(after: .seconds(5), talks: nil))
        expect(scenario.seat(2, at: 2))
        let caller = scenario.dial(0, "100")
        expect(scenario.run(until: { $0.phone(2) == "ringing" }))
        scenario.cut(0, 2)
        expect(scenario.run(until: { $0.desk(2)?.state == .ready }, within: .seconds(8)))
        #expect(scenario.lastStatus(caller) == nil)
        scenario.teach(1, .answers(after: .milliseconds(300), talks: .seconds(1)))
        expect(scenario.seat(1, at: 1))
        expect(scenario.run(until: { $0.talks(caller) }, within: .seconds(10)))
        scenario.heal(0, 2)
        expectWell(scenario.verdict())
    }

    @Test("a link that is cut while they talk does not end the call; who hangs up meanwhile is known after it heals")
    func cutWhileTalking() {
        var scenario = Scenario()
        scenario.teach(2, .answers(after: .milliseconds(300), talks: nil))
        expect(scenario.seat(2, at: 2))
        let caller = scenario.dial(0, "100")
        expect(scenario.run(until: { $0.desk(2)?.state == .talking }))
        scenario.cut(0, 2)
        scenario.run(.seconds(10))
        #expect(scenario.talks(caller))
        #expect(scenario.desk(2)?.state == .talking)
        scenario.agentHangsUp(2)
        scenario.run(.seconds(2))
        #expect(scenario.desk(2)?.state != .talking)
        scenario.heal(0, 2)
        expect(scenario.run(until: { $0.lastStatus(caller) == 200 }, within: .seconds(5)))
        expectWell(scenario.verdict())
        #expect(scenario.records(0).first?.endedBy == .agent)
    }

    @Test("a cut-off site serves its own callers with its own agents and offers nothing to others")
    func isolated() {
        var scenario = Scenario()
        scenario.teach(2, .answers(after: .milliseconds(300), talks: .seconds(2)))
        expect(scenario.seat(2, at: 2))
        scenario.cut(0, 1)
        scenario.cut(0, 2)
        scenario.run(.seconds(8))
        let caller = scenario.dial(0, "100")
        scenario.run(.seconds(10))
        #expect(scenario.lastStatus(caller) == nil)
        #expect(!scenario.talks(caller))
        #expect(scenario.wall(0)?.agents.first?.state == .unreachable)
        scenario.teach(0, .answers(after: .milliseconds(300), talks: .seconds(2)))
        expect(scenario.seat(0, at: 0))
        expect(scenario.run(until: { $0.talks(caller) }))
        scenario.heal(0, 1)
        scenario.heal(0, 2)
        expectWell(scenario.verdict())
    }

    @Test("a site that dies with callers waiting closes them in the books when it is back, as lost with the site")
    func crashWhileWaiting() {
        var scenario = Scenario()
        let caller = scenario.dial(0, "100", patience: .seconds(20))
        expect(scenario.run(until: { $0.records(0).count == 1 }))
        scenario.crash(0, for: .seconds(3))
        scenario.run(.seconds(30))
        #expect(scenario.lastStatus(caller) != nil)
        expectWell(scenario.verdict())
        #expect(scenario.records(1).first?.outcome == .siteLost)
        #expect(scenario.records(1).first?.endedBy == .network)
    }

    @Test("when the caller's site dies while the far agent rings, the agent is free again and is not left ringing")
    func crashWhileOffering() {
        var scenario = Scenario()
        scenario.teach(2, .answers(after: .seconds(5), talks: nil))
        expect(scenario.seat(2, at: 2))
        _ = scenario.dial(0, "100", patience: .seconds(15))
        expect(scenario.run(until: { $0.phone(2) == "ringing" }))
        scenario.crash(0, for: .seconds(2))
        expect(scenario.run(until: { $0.desk(2)?.state == .ready }, within: .seconds(6)))
        expect(scenario.run(until: { $0.phone(2) == "idle" }, within: .seconds(1)))
        expectWell(scenario.verdict())
    }

    @Test("a talk survives the death of the caller's site; the agent ends it, the books say site lost")
    func crashWhileTalking() {
        var scenario = Scenario()
        scenario.teach(2, .answers(after: .milliseconds(300), talks: nil))
        expect(scenario.seat(2, at: 2))
        let caller = scenario.dial(0, "100")
        expect(scenario.run(until: { $0.desk(2)?.state == .talking }))
        scenario.run(.seconds(1))
        scenario.crash(0, for: .seconds(2))
        scenario.run(.seconds(6))
        #expect(scenario.desk(2)?.state == .talking)
        #expect(scenario.talks(caller))
        scenario.agentHangsUp(2)
        scenario.callerHangsUp(caller)
        expectWell(scenario.verdict())
        #expect(scenario.records(1).first?.outcome == .siteLost)
    }

    @Test("an agent who signs in elsewhere is signed out here; only the later session is offered calls")
    func doubleSignIn() {
        var scenario = Scenario()
        expect(scenario.seat(0, at: 0))
        scenario.run(.seconds(1))
        scenario.teach(0, .answers(after: .milliseconds(300), talks: .seconds(1)))
        expect(scenario.seat(0, at: 1))
        expect(scenario.run(until: { $0.desk(0, at: 0) == nil }, within: .seconds(3)))
        let caller = scenario.dial(0, "100")
        expect(scenario.run(until: { $0.talks(caller) }))
        expectWell(scenario.verdict())
        #expect(scenario.records(0).first?.agentSite?.name == "east")
    }

    @Test("two sessions opened on both sides of a cut: after healing the later one stands, at every site")
    func doubleSignInWhileCut() {
        var scenario = Scenario()
        expect(scenario.seat(0, at: 0))
        scenario.cut(0, 1)
        scenario.cut(0, 2)
        scenario.run(.seconds(6))
        expect(scenario.seat(0, at: 1))
        #expect(scenario.desk(0, at: 0) != nil)
        scenario.heal(0, 1)
        scenario.heal(0, 2)
        expect(scenario.run(until: { $0.desk(0, at: 0) == nil }, within: .seconds(10)))
        #expect(scenario.desk(0, at: 1)?.state == .ready)
        expectWell(scenario.verdict())
    }

    @Test("a caller whose record cannot be written hears 503; calls in hand are recorded once there is room")
    func diskFull() {
        var scenario = Scenario()
        scenario.teach(0, .answers(after: .milliseconds(300), talks: .seconds(1)))
        expect(scenario.seat(0, at: 0))
        let first = scenario.dial(0, "300")
        expect(scenario.run(until: { $0.talks(first) }))
        scenario.fillDisk(0, true)
        expect(scenario.run(until: { $0.lastStatus(first) == 200 }))
        let second = scenario.dial(0, "300")
        expect(scenario.run(until: { $0.lastStatus(second) == 503 }, within: .seconds(5)))
        scenario.fillDisk(0, false)
        expect(scenario.run(until: { $0.records(0).first?.endedAt != nil }, within: .seconds(5)))
        #expect(scenario.records(0).first?.outcome == .answered)
        #expect(scenario.records(0).count == 1)
    }
}
