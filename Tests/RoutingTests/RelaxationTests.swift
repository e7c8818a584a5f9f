import ContactCenter
import Kernel
import Routing
import TestKit
import Testing

@Suite("Router: demands that relax")
struct RelaxationTests {
    private var queue: QueueDefinition {
        var queue = QueueDefinition(id: QueueID("billing"))
        queue.requiredSkills = Fixture.skills("billing:3", "english")
        queue.relaxations = [
            Relaxation(after: .seconds(60), skills: Fixture.skills("billing:1")),
            Relaxation(after: .seconds(30), skills: Fixture.skills("billing:2", "english")),
            Relaxation(after: .seconds(90), skills: .none, tiers: .senior ... .senior),
        ]
        return queue
    }

    @Test("Each step is reached in its time, by push, by pull and in the explanation")
    func steps() throws {
        var router = Fixture.router([
            Fixture.view("chief", tier: .senior),
            Fixture.view("junior", skills: Fixture.skills("billing:1")),
            Fixture.view("fair", skills: Fixture.skills("billing:2", "english:2")),
        ])
        let contact = Fixture.waiting(1, queue: queue)
        try router.waiting.add(contact)
        func look(_ now: Int64) -> (chosen: String?, step: Int?) {
            let decision = router.decide(contact.contact, at: Fixture.at(now))
            let short = router.summary(of: decision, at: Fixture.at(now))
            #expect(router.audit() == [])
            return (decision.candidate?.agent.key, short.demand?.step)
        }
        #expect(look(0) == (nil, 0))
        #expect(router.nextDeadline == Fixture.at(30_000).instant)
        #expect(router.pull(for: AgentID("fair")) == nil)
        #expect(router.advance(at: Fixture.at(29_999)).isEmpty)
        #expect(router.advance(at: Fixture.at(30_000)) == [contact.contact])
        #expect(router.pull(for: AgentID("fair"))?.contact == contact.contact)
        #expect(look(30_000) == ("fair", 1))
        #expect(router.nextDeadline == Fixture.at(60_000).instant)
        // Deciding follows the time by itself.
        #expect(look(60_000) == ("fair", 2))
        #expect(router.pull(for: AgentID("junior"))?.contact == contact.contact)
        #expect(look(95_000) == ("chief", 3))
        #expect(router.pull(for: AgentID("junior")) == nil)
        #expect(router.nextDeadline == nil)
    }

    @Test("A contact that another site has held for long enters at the step it has reached")
    func late() throws {
        var router = Fixture.router([Fixture.view("junior", skills: Fixture.skills("billing:1"))])
        router.waiting.tell(Fixture.at(65_000))
        let contact = Fixture.waiting(1, site: Fixture.south, queue: queue)
        try router.waiting.add(contact)
        #expect(router.waiting.requirement(of: contact.contact)?.skills == Fixture.skills("billing:1"))
        #expect(router.pull(for: AgentID("junior"))?.contact == contact.contact)
    }

    @Test("Time goes on while an agent rings: it comes back at the step of the time")
    func offered() throws {
        var router = Fixture.router([Fixture.view("junior", skills: Fixture.skills("billing:1"))])
        let contact = Fixture.waiting(1, queue: queue)
        try router.waiting.add(contact)
        _ = router.decide(contact.contact, at: Fixture.at(0))
        let isOffered = router.waiting.offer(contact.contact)
        #expect(isOffered)
        #expect(router.advance(at: Fixture.at(61_000)).isEmpty)
        router.waiting.putBack(contact.contact)
        #expect(router.pull(for: AgentID("junior"))?.contact == contact.contact)
        #expect(router.audit() == [])
    }

    @Test("The wall clock set back takes no step back", arguments: [Int64(-3_600_000), -1])
    func clockSetBack(_ jump: Int64) throws {
        var router = Fixture.router([Fixture.view("junior", skills: Fixture.skills("billing:1"))])
        let contact = Fixture.waiting(1, queue: queue)
        try router.waiting.add(contact)
        #expect(router.advance(at: Fixture.at(0)).isEmpty)
        #expect(router.advance(at: Fixture.at(60_000)) == [contact.contact])
        var now = Fixture.at(60_010)
        now.wall = Fixture.at(60_010 + jump).wall
        #expect(router.decide(contact.contact, at: now).candidate?.agent.key == "junior")
    }
}

@Suite("Queues' rules as text")
struct QueueRulesTests {
    @Test("A table of tiers is what was stated, and its text reads back", arguments: Seeds.first(30))
    func tierTable(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var table = TierTable()
        var model: [String: ClosedRange<AgentTier>] = [:]
        for _ in 0..<Int.random(in: 0...20, using: &random) {
            let severity = Severity.allCases[Int.random(in: 0..<4, using: &random)]
            let customer = CustomerTier.allCases[Int.random(in: 0..<4, using: &random)]
            let ends = [0, 0].map { _ in AgentTier.allCases[Int.random(in: 0..<3, using: &random)] }.sorted()
            table.permit(ends[0]...ends[1], severity: severity, customer: customer)
            model["\(severity)\(customer)"] = ends[0]...ends[1]
        }
        #expect(TierTable(table.description) == table)
        for severity in Severity.allCases {
            for customer in CustomerTier.allCases {
                let expected = model["\(severity)\(customer)"]
                #expect(table.stated(severity, customer) == expected)
                let rule = AgentTier.permitted(severity: severity, customer: customer)
                #expect(table.permitted(severity: severity, customer: customer) == expected ?? rule)
            }
        }
    }

    @Test("Wildcards stand for all, later entries above earlier ones, and nonsense is refused")
    func tierText() throws {
        let table = try #require(TierTable("*/gold=intermediate..senior critical/*=senior"))
        #expect(table.permitted(severity: .critical, customer: .gold) == .senior ... .senior)
        #expect(table.permitted(severity: .low, customer: .gold) == .intermediate ... .senior)
        #expect(table.stated(.low, .standard) == nil)
        for text in ["x", "critical=senior", "critical/gold=senior..consultant", "worst/gold=senior", "*/*="] {
            #expect(TierTable(text) == nil)
        }
        #expect(TierTable("") == .standard)
    }

    @Test("A relaxation's text reads back, and nonsense is refused")
    func relaxationText() {
        for text in ["60 billing:1,english:1", "0 -", "90 - senior", "30 a:2 consultant..intermediate"] {
            #expect(Relaxation(text)?.description == text)
        }
        for text in ["", "60", "-1 -", "x -", "90000 -", "5 a,,b", "5 a senior..consultant", "5 a senior x"] {
            #expect(Relaxation(text) == nil)
        }
    }

    @Test("A definition keeps its steps sorted, one for each time, and no more than can matter")
    func definition() {
        var queue = QueueDefinition(id: QueueID("a"))
        queue.relaxations = [60, 30, 60].map { Relaxation(after: .seconds($0), skills: .none) }
        queue.relaxations[0].tiers = .senior ... .senior
        #expect(queue.relaxations.map(\.after) == [.seconds(30), .seconds(60)])
        let later = queue.requirement(severity: .low, customer: .standard, after: .seconds(59))
        #expect(later.lowestTier == .senior)
        queue.relaxations = (0..<100).map { Relaxation(after: .seconds($0), skills: .none) }
        #expect(queue.relaxations.count == Limits.relaxationsMax)
    }
}
