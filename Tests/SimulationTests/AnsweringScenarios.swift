import ContactCenter
import Kernel
import Simulation
import SiteCore
import Testing

@Suite("A call finds its agent")
struct AnsweringScenarios {
    @Test("a call is answered at its own site; the caller hangs up; record and ticket are at all sites")
    func local() {
        var scenario = Scenario()
        expect(scenario.seat(0, at: 0))
        scenario.teach(0, .answers(after: .seconds(1), talks: nil))
        let caller = scenario.dial(0, "100", from: "+493010000")
        expect(scenario.run(until: { $0.talks(caller) }))
        #expect(scenario.desk(0)?.contact?.state == .talking)
        scenario.run(.seconds(5))
        scenario.callerHangsUp(caller)
        expect(scenario.run(until: { $0.desk(0)?.state == .wrapUp }))
        expectWell(scenario.verdict())
        for site in 0..<3 {
            let record = scenario.records(site).first
            #expect(record?.outcome == .answered)
            #expect(record?.endedBy == .customer)
            #expect(record?.agent == AgentID("north0"))
            let ticket = record?.ticket.flatMap { scenario.ticket($0, at: site) }
            #expect(ticket?.owner == AgentID("north0"))
            #expect(ticket?.contacts.first?.outcome == .answered)
            #expect(ticket?.number.hasPrefix("NORTH-") == true)
        }
    }

    @Test("with nobody free here an agent of another site is reserved there and her phone rings; the agent hangs up")
    func remote() {
        var scenario = Scenario()
        expect(scenario.seat(2, at: 2))
        scenario.teach(2, .answers(after: .seconds(2), talks: .seconds(4)))
        let caller = scenario.dial(0, "100")
        expect(scenario.run(until: { $0.phone(2) == "ringing" }))
        #expect(scenario.desk(2)?.contact?.state == .offered)
        expect(scenario.run(until: { $0.talks(caller) }))
        expectWell(scenario.verdict())
        let record = scenario.records(1).first
        #expect(record?.endedBy == .agent)
        #expect(record?.originSite?.name == "north")
        #expect(record?.agentSite?.name == "south")
        #expect((record?.talkMs ?? 0) > 3_500)
    }

    @Test("before she answers the agent sees the customer and the latest ticket, at another site too")
    func screenPop() {
        var scenario = Scenario()
        expect(scenario.seat(0, at: 0))
        scenario.teach(0, .answers(after: .milliseconds(500), talks: .seconds(1)))
        _ = scenario.dial(0, "300", from: "+493010001")
        expect(scenario.run(until: { $0.records(0).first?.endedAt != nil }))
        let first = scenario.records(0).first?.ticket
        #expect(first != nil)
        scenario.ask(0, .signOut)
        expect(scenario.seat(2, at: 2))
        scenario.teach(2, .answers(after: .seconds(3), talks: .seconds(1)))
        _ = scenario.dial(0, "300", from: "+493010001")
        expect(scenario.run(until: { $0.phone(2) == "ringing" }))
        let contact = scenario.desk(2)?.contact
        #expect(contact?.customer != nil)
        #expect(contact?.latestTicket == first)
        #expect(contact?.ticket != nil && contact?.ticket != first)
        expectWell(scenario.verdict())
    }

    @Test("the agent of the customer's latest ticket is tried first, though another has done less today")
    func lastAgent() {
        var scenario = Scenario(agentsPerSite: 2)
        expect(scenario.seat(0, at: 0))
        scenario.teach(0, .answers(after: .milliseconds(500), talks: .seconds(2)))
        _ = scenario.dial(0, "300", from: "+493010002")
        expect(scenario.run(until: { $0.records(0).first?.endedAt != nil }))
        expect(scenario.seat(1, at: 0))
        scenario.teach(1, .answers(after: .milliseconds(500), talks: .seconds(2)))
        let again = scenario.dial(0, "300", from: "+493010002")
        expect(scenario.run(until: { $0.talks(again) }))
        #expect(scenario.phone(0) == "talking")
        expectWell(scenario.verdict())
    }

    @Test("an unknown number is answered 404, a draining site says 503 and finishes what it has")
    func refusals() {
        var scenario = Scenario()
        expect(scenario.seat(0, at: 0))
        scenario.teach(0, .answers(after: .milliseconds(500), talks: .seconds(5)))
        let wrong = scenario.dial(0, "999")
        expect(scenario.run(until: { $0.lastStatus(wrong) == 404 }))
        let caller = scenario.dial(0, "100")
        expect(scenario.run(until: { $0.talks(caller) }))
        scenario.drain(0)
        let late = scenario.dial(0, "100")
        expect(scenario.run(until: { $0.lastStatus(late) == 503 }))
        #expect(scenario.talks(caller))
        expect(scenario.run(until: { $0.records(0).first?.endedAt != nil }))
        #expect(scenario.records(0).count == 1)
    }

    @Test("a caller who waits is pulled by the first agent who becomes free at any site")
    func pull() {
        var scenario = Scenario()
        let caller = scenario.dial(0, "100")
        scenario.run(.seconds(5))
        #expect(scenario.wall(1)?.contacts.first?.state == .waiting)
        scenario.teach(1, .answers(after: .milliseconds(300), talks: .seconds(1)))
        expect(scenario.seat(1, at: 1))
        expect(scenario.run(until: { $0.talks(caller) }, within: .seconds(5)))
        expectWell(scenario.verdict())
    }

    @Test("hold passes through between sites and shows on the wall; releasing it too")
    func hold() {
        var scenario = Scenario()
        expect(scenario.seat(2, at: 2))
        scenario.teach(2, .answers(after: .milliseconds(300), talks: nil))
        let caller = scenario.dial(0, "100")
        expect(scenario.run(until: { $0.talks(caller) }))
        scenario.run(.seconds(1))
        scenario.agentHolds(2, true)
        expect(scenario.run(until: { $0.wall(1)?.contacts.first?.state == .held }, within: .seconds(3)))
        expect(scenario.run(until: { $0.desk(2)?.state == .held }, within: .seconds(1)))
        scenario.run(.seconds(1))
        scenario.agentHolds(2, false)
        expect(scenario.run(until: { $0.wall(1)?.contacts.first?.state == .talking }, within: .seconds(3)))
        scenario.callerHangsUp(caller)
        expectWell(scenario.verdict())
    }
}
