import ContactCenter
import Kernel
import Routing
import Simulation
import SiteCore
import Testing

@Suite("Callers who cannot be served as usual")
struct OverflowScenarios {
    private func rules(_ steps: [OverflowStep]) -> QueueChange {
        var change = QueueChange()
        change.overflow = steps
        return change
    }

    @Test("who has waited for long enough goes on in the other queue, with the time waited")
    func otherQueue() {
        var scenario = Scenario()
        scenario.rule("product", at: 1, rules([OverflowStep(.waited(5), .queue(QueueID("sales")))]))
        scenario.run(.seconds(2))
        scenario.teach(1, .answers(after: .milliseconds(300), talks: .seconds(2)))
        _ = scenario.dial(0, "200")
        scenario.run(.seconds(8))
        #expect(scenario.wall(2)?.contacts.map(\.queue) == [QueueID("sales")])
        expect(scenario.seat(1, at: 1))
        expectWell(scenario.verdict())
        let record = scenario.records(2).first
        #expect(record?.queue == QueueID("sales"))
        #expect(record?.outcome == .answered)
        #expect((record?.waitMs ?? 0) > 8_000)
        let counts = scenario.wall(2)?.queues.first { $0.id.key == "sales" }?.counts
        #expect(counts?.offered == 1)
        #expect(scenario.wall(2)?.queues.first { $0.id.key == "product" }?.counts.offered == 0)
    }

    @Test("when nobody who fits is signed in, what the queue says is done at once")
    func noAgents() {
        var scenario = Scenario()
        scenario.rule("product", at: 0, rules([OverflowStep(.noAgents, .hangUp(.noAgents))]))
        scenario.run(.seconds(2))
        let caller = scenario.dial(2, "200")
        expect(scenario.run(until: { $0.lastStatus(caller) == 480 }, within: .seconds(3)))
        expectWell(scenario.verdict())
        #expect(scenario.records(1).first?.outcome == .refused)
    }

    @Test("a full queue answers busy; a message becomes a ticket")
    func fullAndMessage() {
        var scenario = Scenario()
        var full = QueueChange()
        full.maxWaiting = 1
        scenario.rule("support", at: 0, full)
        scenario.rule("sales", at: 0, rules([OverflowStep(.waited(2), .message)]))
        scenario.run(.seconds(2))
        _ = scenario.dial(0, "100", patience: .seconds(20))
        scenario.run(.seconds(1))
        let second = scenario.dial(1, "100")
        expect(scenario.run(until: { $0.lastStatus(second) == 486 }, within: .seconds(3)))
        let writer = scenario.dial(2, "300")
        expect(scenario.run(until: { $0.lastStatus(writer) == 480 }, within: .seconds(6)))
        expectWell(scenario.verdict())
        #expect(scenario.records(0).contains { $0.outcome == .message })
    }

    @Test("a closed queue does what it says; opened for an emergency it takes calls again")
    func calendar() {
        var scenario = Scenario()
        var hours = CalendarChange()
        hours.zone = "UTC"
        scenario.rule(calendar: "office", at: 0, hours)
        var closed = QueueChange()
        closed.calendar = CalendarID("office")
        closed.closedAction = .queue(QueueID("sales"))
        scenario.rule("support", at: 0, closed)
        scenario.run(.seconds(2))
        _ = scenario.dial(1, "100", patience: .seconds(10))
        expect(scenario.run(until: { $0.wall(0)?.contacts.first?.queue == QueueID("sales") }, within: .seconds(3)))
        var open = CalendarChange()
        open.emergency = .some(EmergencyOverride(isOpen: true, reason: "storm", until: nil))
        scenario.rule(calendar: "office", at: 2, open)
        scenario.run(.seconds(2))
        _ = scenario.dial(1, "100", from: "+49301077", patience: .seconds(10))
        expect(
            scenario.run(
                until: { $0.wall(0)?.contacts.contains { $0.queue == QueueID("support") } == true },
                within: .seconds(3)
            )
        )
        expectWell(scenario.verdict())
    }

    @Test("a closed queue that leads to a queue that is gone keeps its callers")
    func leadsNowhere() {
        var scenario = Scenario()
        var hours = CalendarChange()
        hours.zone = "UTC"
        scenario.rule(calendar: "office", at: 0, hours)
        var closed = QueueChange()
        closed.calendar = CalendarID("office")
        closed.closedAction = .queue(QueueID("gone"))
        scenario.rule("support", at: 0, closed)
        scenario.run(.seconds(2))
        let caller = scenario.dial(0, "100")
        scenario.run(.seconds(2))
        scenario.teach(0, .answers(after: .milliseconds(300), talks: .seconds(2)))
        expect(scenario.seat(0, at: 0))
        expect(scenario.run(until: { $0.talks(caller) }))
        expectWell(scenario.verdict())
    }

    @Test("a queue that keeps to some sites asks no others")
    func someSites() {
        var scenario = Scenario()
        let only = OverflowStep(.waited(0), .sites([scenario.site(2)], only: true))
        scenario.rule("support", at: 0, rules([only]))
        scenario.run(.seconds(2))
        scenario.teach(1, .answers(after: .milliseconds(300), talks: .seconds(2)))
        scenario.teach(2, .answers(after: .milliseconds(300), talks: .seconds(2)))
        let caller = scenario.dial(0, "100")
        scenario.run(.seconds(2))
        expect(scenario.seat(1, at: 1))
        scenario.run(.seconds(5))
        #expect(!scenario.talks(caller))
        expect(scenario.seat(2, at: 2))
        expect(scenario.run(until: { $0.talks(caller) }))
        expectWell(scenario.verdict())
    }

    @Test("a caller hears honestly how long it may take: a range, and a place over all sites")
    func estimate() {
        var scenario = Scenario()
        scenario.teach(1, .answers(after: .milliseconds(300), talks: .minutes(2)))
        expect(scenario.seat(1, at: 1))
        _ = scenario.dial(0, "100")
        scenario.run(.seconds(3))
        for number in 2...4 { _ = scenario.dial(number % 3, "100", from: "+4930100\(number)", patience: .seconds(60)) }
        scenario.run(.seconds(3))
        let waiting = scenario.wall(0)?.contacts.filter { $0.state == .waiting } ?? []
        #expect(waiting.compactMap(\.position) == [1, 2, 3])
        let ranges = waiting.compactMap(\.estimate)
        #expect(ranges.count == 3)
        #expect(ranges.allSatisfy { $0.low <= $0.likely && $0.likely <= $0.high && $0.high > .zero })
        #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.likely < $1.likely })
        expectWell(scenario.verdict())
    }
}
