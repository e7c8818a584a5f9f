import ContactCenter
import Kernel
import Simulation
import SiteCore
import Testing

@Suite("Recordings are heard at other sites while their own can be reached")
struct RecordingScenarios {
    private static let sound = (0..<900_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 9) }

    /// Listens at a site to the end; nil when it stopped before.
    private func listen(_ scenario: inout Scenario, to place: RecordingPlace, of site: Int, at other: Int) -> [UInt8]? {
        let name = scenario.site(site)
        guard case .found(let facts, let grant)? = scenario.ask(.look(name, place, listener: "sue"), at: other) else {
            return nil
        }
        var got: [UInt8] = []
        while got.count < facts.size {
            let wish = RecordingWish.read(
                name,
                grant: grant,
                offset: got.count,
                length: Limits.recordingPartBytesMax
            )
            guard case .part(let bytes)? = scenario.ask(wish, at: other) else { return nil }
            got += bytes
        }
        return got
    }

    @Test("a recording is heard at each other site, byte for byte, and each access stands in its site's audit trail")
    func heard() {
        var scenario = Scenario()
        let place = scenario.record(Self.sound, at: 0)
        for other in 1...2 { #expect(listen(&scenario, to: place, of: 0, at: other) == Self.sound) }
        #expect(scenario.heard(at: 0) == ["sue 1 \(scenario.site(1))", "sue 1 \(scenario.site(2))"])
        expectWell(scenario.verdict())
    }

    @Test("a cut link and a dead site are told at once, and afterwards it is heard again")
    func away() {
        var scenario = Scenario()
        let place = scenario.record(Self.sound, at: 0)
        let wish = RecordingWish.look(scenario.site(0), place, listener: "sue")
        scenario.cut(0, 2)
        scenario.run(.seconds(5))
        guard case .away(.some)? = scenario.ask(wish, at: 2) else {
            Issue.record("not said to be away")
            return
        }
        #expect(listen(&scenario, to: place, of: 0, at: 1) == Self.sound)
        scenario.heal(0, 2)
        scenario.run(.seconds(10))
        #expect(listen(&scenario, to: place, of: 0, at: 2) == Self.sound)
        scenario.crash(0, for: .seconds(20))
        scenario.run(.seconds(5))
        guard case .away(.some)? = scenario.ask(wish, at: 2) else {
            Issue.record("not said to be away")
            return
        }
        scenario.run(.seconds(40))
        #expect(listen(&scenario, to: place, of: 0, at: 2) == Self.sound)
        expectWell(scenario.verdict())
    }

    @Test("what retention has removed is heard nowhere")
    func removed() {
        var scenario = Scenario()
        let place = scenario.record(Self.sound, at: 0)
        #expect(listen(&scenario, to: place, of: 0, at: 1) == Self.sound)
        scenario.remove(place, at: 0)
        #expect(scenario.ask(.look(scenario.site(0), place, listener: "sue"), at: 1) == .refused(.notKept))
        expectWell(scenario.verdict())
    }

    @Test("all agents who spoke with the customer stand in the record and on the ticket, asked first or not")
    func tookPart() throws {
        for isAsked in [false, true] {
            var scenario = Scenario()
            for agent in [0, 2] { scenario.teach(agent, .answers(after: .milliseconds(300), talks: nil)) }
            expect(scenario.seat(0, at: 0))
            let caller = scenario.dial(1, "100")
            expect(scenario.run(until: { $0.hear(caller, 0) }))
            expect(scenario.run(until: { $0.desk(0)?.contact?.call != nil }))
            expect(scenario.seat(2, at: 2))
            scenario.run(.seconds(1))
            let id = try #require(scenario.desk(0)?.contact?.id)
            if isAsked {
                scenario.ask(0, .consult(id, with: .agent(AgentID("south0"))))
                expect(scenario.run(until: { $0.speak(0, 2) }, within: .seconds(10)))
                scenario.run(.seconds(1))
                scenario.ask(0, .completeTransfer(id))
            } else {
                scenario.ask(0, .transfer(id, to: .agent(AgentID("south0"))))
            }
            expect(scenario.run(until: { $0.hear(caller, 2) }, within: .seconds(10)))
            scenario.run(.seconds(3))
            scenario.callerHangsUp(caller)
            scenario.run(.seconds(5))
            for site in 0...2 {
                let record = try #require(scenario.records(site).first { $0.id == id })
                #expect(record.agent == AgentID("south0"))
                #expect(record.agents == [AgentID("north0"), AgentID("south0")])
                let ticket = record.ticket.flatMap { scenario.ticket($0, at: site) }
                #expect(ticket?.contacts.first { $0.contact == id }?.agents == record.agents)
            }
            expectWell(scenario.verdict())
        }
    }
}
