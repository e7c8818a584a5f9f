import ContactCenter
import Kernel
import Routing
import Simulation
import SiteCore
import Testing

@Suite("A call that is not answered goes on")
struct ReturningScenarios {
    @Test(
        "an unanswered ring sets the agent aside and takes the caller to the next one, still ringing",
        arguments: [0, 2]
    )
    func ringNoAnswer(site: Int) {
        var scenario = Scenario()
        scenario.teach(site, .ignores)
        expect(scenario.seat(site, at: site))
        let caller = scenario.dial(0, "100")
        expect(scenario.run(until: { $0.phone(site) == "ringing" }))
        expect(scenario.run(until: { $0.desk(site)?.state == .notResponding }, within: .seconds(12)))
        #expect(scenario.lastStatus(caller) == nil)
        scenario.teach(1, .answers(after: .milliseconds(300), talks: .seconds(2)))
        expect(scenario.seat(1, at: 1))
        expect(scenario.run(until: { $0.talks(caller) }))
        scenario.ask(site, .ready)
        expectWell(scenario.verdict())
        #expect(scenario.records(0).count == 1)
    }

    @Test("an agent who is busy or declines sends the caller on", arguments: [486, 603])
    func declined(status: Int) {
        var scenario = Scenario()
        scenario.teach(1, .refuses(status: status, after: .milliseconds(400)))
        expect(scenario.seat(1, at: 1))
        let caller = scenario.dial(0, "100")
        expect(scenario.run(until: { $0.desk(1)?.state == .notResponding }))
        scenario.teach(0, .answers(after: .milliseconds(300), talks: .seconds(1)))
        expect(scenario.seat(0, at: 0))
        expect(scenario.run(until: { $0.talks(caller) }))
        expectWell(scenario.verdict())
    }

    @Test("a caller who gives up while the agent's phone rings frees the agent at once", arguments: [0, 2])
    func abandoned(site: Int) {
        var scenario = Scenario()
        scenario.teach(site, .answers(after: .seconds(5), talks: nil))
        expect(scenario.seat(site, at: site))
        let caller = scenario.dial(0, "100")
        expect(scenario.run(until: { $0.phone(site) == "ringing" }))
        scenario.callerHangsUp(caller)
        expect(scenario.run(until: { $0.desk(site)?.state == .ready }, within: .seconds(2)))
        expect(scenario.run(until: { $0.phone(site) == "idle" }, within: .seconds(2)))
        expectWell(scenario.verdict())
        let record = scenario.records(1).first
        #expect(record?.outcome == .abandoned)
        #expect(record?.endedBy == .customer)
        #expect(record?.agent == nil)
    }

    @Test("a caller who gives up while waiting is on record as abandoned")
    func abandonedInQueue() {
        var scenario = Scenario()
        let caller = scenario.dial(1, "100", patience: .seconds(4))
        expect(scenario.run(until: { $0.lastStatus(caller) == 487 }))
        expectWell(scenario.verdict())
        #expect(scenario.records(0).first?.outcome == .abandoned)
        #expect(scenario.wall(2)?.queues.first { $0.id.key == "support" }?.counts.shortAbandoned == 1)
    }

    @Test("caller and agent hang up at the same moment: one end is recorded, and both legs are gone")
    func bothHangUp() {
        var scenario = Scenario()
        scenario.teach(2, .answers(after: .milliseconds(300), talks: nil))
        expect(scenario.seat(2, at: 2))
        let caller = scenario.dial(0, "100")
        expect(scenario.run(until: { $0.talks(caller) }))
        scenario.run(.seconds(2))
        scenario.callerHangsUp(caller)
        scenario.agentHangsUp(2)
        expectWell(scenario.verdict())
        let ends = scenario.records(1).compactMap(\.endedBy)
        #expect(ends == [.customer] || ends == [.agent])
    }

    @Test("the desk's button ends the call in the agent's name")
    func deskHangUp() {
        var scenario = Scenario()
        scenario.teach(2, .answers(after: .milliseconds(300), talks: nil))
        expect(scenario.seat(2, at: 2))
        let caller = scenario.dial(0, "100")
        expect(scenario.run(until: { $0.desk(2)?.state == .talking }))
        guard let contact = scenario.desk(2)?.contact?.id else {
            Issue.record("no contact on the desk")
            return
        }
        scenario.ask(2, .hangUp(contact))
        expect(scenario.run(until: { $0.lastStatus(caller) == 200 }, within: .seconds(3)))
        expectWell(scenario.verdict())
        #expect(scenario.records(0).first?.endedBy == .agent)
    }

    @Test("two sites want the only agent at once: one gets her, the other caller waits and is next")
    func race() {
        var scenario = Scenario()
        scenario.teach(1, .answers(after: .milliseconds(300), talks: .seconds(3)))
        expect(scenario.seat(1, at: 1))
        let first = scenario.dial(0, "300", from: "+493010000")
        let second = scenario.dial(2, "300", from: "+493010001")
        expect(scenario.run(until: { $0.talks(first) || $0.talks(second) }))
        #expect(!(scenario.talks(first) && scenario.talks(second)))
        expect(scenario.run(until: { $0.records(1).count { $0.answeredAt != nil } == 2 }))
        expectWell(scenario.verdict())
    }
}
