import ContactCenter
import Kernel
import Routing
import Simulation
import SiteCore
import Testing

@Suite("Each contact counts once, in one queue, and ends once")
struct CountingScenarios {
    private struct Row: Equatable {
        var offered = 0
        var answered = 0
        var other = 0
    }

    /// What a site shows of a queue.
    private func row(_ scenario: Scenario, _ queue: String, at site: Int) -> Row? {
        scenario.wall(site)?.queues.first { $0.id == QueueID(queue) }
            .map { Row(offered: $0.counts.offered, answered: $0.counts.answered, other: $0.otherToday) }
    }

    /// A caller at the first site who talks with the agent there, and another agent who is ready at the third site.
    private func talk() throws -> (scenario: Scenario, caller: Int, contact: ContactID) {
        var scenario = Scenario()
        for agent in [0, 2] { scenario.teach(agent, .answers(after: .milliseconds(300), talks: nil)) }
        expect(scenario.seat(0, at: 0))
        let caller = scenario.dial(0, "100")
        expect(scenario.run(until: { $0.hear(caller, 0) && $0.desk(0)?.contact?.call != nil }))
        expect(scenario.seat(2, at: 2))
        return (scenario, caller, try #require(scenario.desk(0)?.contact?.id))
    }

    @Test("a call that is passed on to another queue counts where it was answered first, also after a restart")
    func passedOn() throws {
        var (scenario, caller, contact) = try talk()
        scenario.ask(0, .transfer(contact, to: .queue(QueueID("sales"))))
        expect(scenario.run(until: { $0.hear(caller, 2) }, within: .seconds(20)))
        #expect(row(scenario, "sales", at: 1) == Row())
        scenario.callerHangsUp(caller)
        scenario.run(.seconds(6))
        scenario.crash(0, for: .seconds(1))
        scenario.run(.seconds(4))
        expectWell(scenario.verdict())
        for site in 0..<3 {
            #expect(row(scenario, "support", at: site) == Row(offered: 1, answered: 1))
            #expect(row(scenario, "sales", at: site) == Row())
        }
        let record = try #require(scenario.records(1).first { $0.id == contact })
        #expect(record.queue == QueueID("sales"))
        #expect(record.countedQueue == QueueID("support"))
    }

    @Test("a caller who is lost with the site while passed on still counts as answered where that was")
    func lostWhilePassedOn() throws {
        var (scenario, caller, contact) = try talk()
        scenario.teach(2, .ignores)
        scenario.ask(0, .transfer(contact, to: .queue(QueueID("sales"))))
        scenario.run(.seconds(1))
        scenario.crash(0, for: .seconds(1))
        scenario.run(.seconds(10))
        // Nobody tells the telephones of a site that died.
        scenario.callerHangsUp(caller)
        for agent in [0, 2] { scenario.agentHangsUp(agent) }
        scenario.run(.seconds(30))
        expectWell(scenario.verdict())
        #expect(row(scenario, "support", at: 2) == Row(offered: 1, answered: 1))
        #expect(row(scenario, "sales", at: 2) == Row())
        #expect(scenario.records(2).first { $0.id == contact }?.outcome == .siteLost)
    }

    @Test(
        "calls that agents make are in no queue's figures, also when their site was started again",
        arguments: [
            true, false,
        ]
    )
    func ownCalls(untilTheEnd: Bool) throws {
        var scenario = Scenario()
        scenario.teach(0, .answers(after: .milliseconds(300), talks: nil))
        scenario.teachOutside(.answers(after: .seconds(1), talks: .seconds(4)))
        expect(scenario.seat(0, at: 0))
        scenario.ask(0, .dial(number: "+493055577", ticket: nil, customer: nil))
        expect(scenario.run(until: { $0.hearsOutside(0) && $0.outsideTalks == 1 }, within: .seconds(10)))
        // In the middle of the talk, or when it and the paperwork are done.
        if untilTheEnd { scenario.run(.seconds(12)) }
        scenario.crash(0, for: .seconds(1))
        scenario.run(.seconds(10))
        scenario.agentHangsUp(0)
        scenario.outsideHangsUp()
        expectWell(scenario.verdict())
        for queue in ["support", "product", "sales"] {
            for site in 0..<3 { #expect(row(scenario, queue, at: site) == Row()) }
        }
        #expect(scenario.wall(0)?.queues.contains { $0.counts.wrapUp > .zero } == false)
        let record = try #require(scenario.records(0).first)
        #expect(record.isOwnCall && record.countedQueue == nil)
        #expect(record.outcome == (untilTheEnd ? .answered : .siteLost))
    }

    @Test("whoever outside was asked stands in the record of the consultation, with the time they spoke")
    func reached() throws {
        var (scenario, caller, contact) = try talk()
        scenario.teachOutside(.answers(after: .seconds(1), talks: .seconds(4)))
        scenario.ask(0, .consult(contact, with: .number("+493055533")))
        expect(scenario.run(until: { $0.hearsOutside(0) }, within: .seconds(10)))
        scenario.run(.seconds(6))
        scenario.callerHangsUp(caller)
        expectWell(scenario.verdict())
        let record = try #require(scenario.records(2).first { $0.isOwnCall })
        #expect(record.reached == "+493055533")
        #expect(record.outcome == .answered && record.agent == nil)
        #expect((record.talkMs ?? 0) > 3_000 && (record.talkMs ?? 0) < 5_000)
    }
}
