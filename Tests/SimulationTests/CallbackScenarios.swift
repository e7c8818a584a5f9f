import ContactCenter
import Kernel
import Routing
import Simulation
import SiteCore
import Testing

@Suite("A callback keeps the place and is dialled once")
struct CallbackScenarios {
    private func offered(_ scenario: Scenario, _ agent: Int) -> ContactID? {
        guard let contact = scenario.desk(agent)?.contact, contact.state == .offered else { return nil }
        return contact.id
    }

    private func waitingCall(_ scenario: inout Scenario, at site: Int) -> ContactID? {
        _ = scenario.dial(site, "100", from: "+49301055", patience: .seconds(120))
        scenario.run(.seconds(5))
        return scenario.records(site).first { $0.callerNumber == "+49301055" }?.id
    }

    @Test("the caller may hang up; the callback stands before those who came later, on the same ticket")
    func keepsPlace() throws {
        var scenario = Scenario()
        let call = try #require(waitingCall(&scenario, at: 0))
        let later = scenario.dial(1, "100", from: "+49301002", patience: .seconds(90))
        scenario.run(.seconds(2))
        scenario.callBack(call, at: 0)
        scenario.run(.seconds(2))
        scenario.teach(1, .answers(after: .milliseconds(300), talks: .seconds(2)))
        expect(scenario.seat(1, at: 1))
        expect(scenario.run(until: { self.offered($0, 1) != nil }))
        let callback = try #require(offered(scenario, 1))
        #expect(!scenario.talks(later))
        scenario.ask(1, .accept(callback))
        expect(scenario.run(until: { $0.desk(1)?.contact?.state == .talking }))
        scenario.ask(1, .finish(callback))
        expect(scenario.run(until: { $0.talks(later) }))
        expectWell(scenario.verdict())
        let first = scenario.records(2).first { $0.id == call }
        let second = scenario.records(2).first { $0.id == callback }
        #expect(first?.outcome == .callback)
        #expect(second?.outcome == .answered)
        #expect(second?.ticket == first?.ticket)
        #expect(second?.queuedAt == first?.queuedAt)
    }

    @Test("while the disk refuses, the caller stays on the line and keeps the place")
    func diskRefuses() throws {
        var scenario = Scenario()
        let call = try #require(waitingCall(&scenario, at: 0))
        scenario.fillDisk(0, true)
        scenario.callBack(call, at: 0)
        scenario.run(.seconds(3))
        scenario.fillDisk(0, false)
        scenario.run(.seconds(2))
        #expect(scenario.wall(0)?.contacts.map(\.id) == [call])
        scenario.teach(0, .answers(after: .milliseconds(300), talks: .seconds(2)))
        expect(scenario.seat(0, at: 0))
        expect(scenario.run(until: { $0.desk(0)?.contact?.state == .talking }))
        expectWell(scenario.verdict())
        #expect(scenario.records(1).first { $0.id == call }?.outcome == .answered)
    }

    @Test("it waits on over a restart of its site")
    func overRestart() throws {
        var scenario = Scenario()
        let call = try #require(waitingCall(&scenario, at: 0))
        scenario.callBack(call, at: 0)
        scenario.run(.seconds(2))
        scenario.crash(0, for: .seconds(4))
        scenario.run(.seconds(10))
        expect(scenario.seat(2, at: 2))
        expect(scenario.run(until: { self.offered($0, 2) != nil }))
        let callback = try #require(offered(scenario, 2))
        scenario.ask(2, .accept(callback))
        expect(scenario.run(until: { $0.desk(2)?.contact?.state == .talking }))
        scenario.ask(2, .finish(callback))
        expectWell(scenario.verdict())
    }

    @Test("when its site is lost another takes it over, and the site that returns does not dial it again")
    func takenOver() throws {
        var scenario = Scenario()
        let call = try #require(waitingCall(&scenario, at: 0))
        scenario.callBack(call, at: 0)
        scenario.run(.seconds(2))
        scenario.crash(0, for: .seconds(100))
        scenario.run(.seconds(60))
        expect(scenario.seat(2, at: 2))
        expect(scenario.run(until: { self.offered($0, 2) != nil }))
        let callback = try #require(offered(scenario, 2))
        #expect(callback.site?.name != "north")
        scenario.ask(2, .accept(callback))
        expect(scenario.run(until: { $0.desk(2)?.contact?.state == .talking }))
        scenario.run(.seconds(60))
        scenario.ask(2, .finish(callback))
        expectWell(scenario.verdict())
        let answered = scenario.records(1).filter { $0.channel == .callback && $0.outcome == .answered }
        #expect(answered.map(\.id) == [callback])
        #expect(scenario.records(1).first { $0.id != callback && $0.channel == .callback }?.outcome == .moved)
    }

    @Test("a site without a majority dials nothing: nobody there can know what the others do")
    func alone() throws {
        var scenario = Scenario()
        let call = try #require(waitingCall(&scenario, at: 0))
        scenario.callBack(call, at: 0)
        scenario.run(.seconds(2))
        scenario.cut(0, 1)
        scenario.cut(0, 2)
        scenario.run(.seconds(10))
        expect(scenario.seat(0, at: 0))
        expect(scenario.run(until: { self.offered($0, 0) != nil }))
        let callback = try #require(offered(scenario, 0))
        scenario.ask(0, .accept(callback))
        scenario.run(.seconds(12))
        #expect(scenario.desk(0)?.contact?.state != .talking)
        #expect(scenario.records(0).first { $0.id == callback }?.answeredAt == nil)
        scenario.heal(0, 1)
        scenario.heal(0, 2)
        scenario.run(.seconds(5))
        // She did not take the callback when it stood on her desk again.
        scenario.ask(0, .ready)
        expect(scenario.run(until: { s in self.offered(s, 0) != nil }, within: .seconds(30)))
        let again = try #require(offered(scenario, 0))
        scenario.ask(0, .accept(again))
        expect(scenario.run(until: { $0.desk(0)?.contact?.state == .talking }))
        scenario.ask(0, .finish(again))
        expectWell(scenario.verdict())
    }
}
