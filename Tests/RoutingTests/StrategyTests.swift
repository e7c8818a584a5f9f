import ContactCenter
import Kernel
import Routing
import TestKit
import Testing

@Suite("Router: strategies")
struct StrategyTests {
    private func queue(_ strategy: RoutingStrategy, skills: SkillSet = .none) -> QueueDefinition {
        var queue = QueueDefinition(id: QueueID("sales"))
        queue.strategy = strategy
        queue.requiredSkills = skills
        return queue
    }

    @Test("Round robin goes round, whatever the agents did and whoever took a break", arguments: Seeds.first(20))
    func roundRobin(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var router = Fixture.router()
        var version: UInt64 = 1
        let keys = (0..<6).map { "a\($0)" }
        func tell(_ key: String, _ state: AgentState, at now: Int64, _ router: inout Router) {
            version += 1
            let handling = Int64(version) * 7_000 % 100_000
            router.agents.upsert(Fixture.view(key, state: state, since: now, handling: handling, version: version))
        }
        for key in keys { tell(key, .ready, at: 0, &router) }
        var order: [String] = []
        for call in 0..<24 {
            let now = Int64(call) * 60_000
            let contact = Fixture.waiting(UInt64(call), queue: queue(.roundRobin))
            try router.waiting.add(contact)
            let chosen = try #require(router.decide(contact.contact, at: Fixture.at(now)).candidate).agent.key
            order.append(chosen)
            router.waiting.remove(contact.contact)
            tell(chosen, .reserved, at: now, &router)
            tell(chosen, .ready, at: now + Int64.random(in: 1...50_000, using: &random), &router)
            // Someone goes for a coffee and comes back: the place in the round stays.
            let other = keys[Int.random(in: 0..<6, using: &random)]
            tell(other, .notReady(reason: "break"), at: now + 51_000, &router)
            tell(other, .ready, at: now + 55_000, &router)
        }
        let first = Array(order.prefix(6))
        #expect(Set(first).count == 6)
        for round in 1..<4 { #expect(Array(order[round * 6..<round * 6 + 6]) == first) }
    }

    @Test("Ordered takes the most skilled, then the longest idle; what is not demanded does not count")
    func ordered() throws {
        let demand = Fixture.skills("billing:1")
        var router = Fixture.router([
            Fixture.view("good", since: 900, skills: Fixture.skills("billing:5")),
            Fixture.view("best", since: 800, skills: Fixture.skills("billing:7")),
            Fixture.view("other", since: 0, skills: Fixture.skills("billing:1", "sales:9")),
            Fixture.view("also", since: 700, skills: Fixture.skills("billing:7")),
        ])
        let contact = Fixture.waiting(1, queue: queue(.ordered, skills: demand))
        try router.waiting.add(contact)
        let decision = router.decide(contact.contact, at: Fixture.at(1_000))
        #expect(decision.candidate?.agent.key == "also" && decision.candidate?.rule == .longestIdle)
        let short = router.summary(of: decision, at: Fixture.at(1_000))
        #expect(short.agents.map(\.agent.key) == ["also", "best", "good", "other"])
    }

    @Test("Lots are drawn by skill, are the same for the same seed, and an explanation draws none")
    func weightedRandom() throws {
        let demand = Fixture.skills("billing:1")
        let views = [
            Fixture.view("one", skills: Fixture.skills("billing:1")),
            Fixture.view("two", site: Fixture.south, skills: Fixture.skills("billing:2")),
            Fixture.view("five", site: Fixture.east, skills: Fixture.skills("billing:5")),
        ]
        func draws(explaining: Bool) throws -> [String] {
            var router = Router(site: Fixture.north, random: SeededRandom(seed: 7))
            for site in Fixture.sites {
                router.agents.update(site, SiteKnowledge(isReachable: true, heardAt: .zero))
            }
            for view in views { router.agents.upsert(view) }
            let contact = Fixture.waiting(1, queue: queue(.weightedRandom, skills: demand))
            try router.waiting.add(contact)
            return try (0..<4_000).map { _ in
                if explaining {
                    let explained = router.explain(contact.contact, at: Fixture.at(0))
                    let next = router.decide(contact.contact, at: Fixture.at(0)).candidate
                    #expect(explained?.chosen == next)
                    return try #require(next).agent.key
                }
                return try #require(router.decide(contact.contact, at: Fixture.at(0)).candidate).agent.key
            }
        }
        let drawn = try draws(explaining: false)
        #expect(drawn == (try draws(explaining: true)))
        for (key, share) in [("one", 0.125), ("two", 0.25), ("five", 0.625)] {
            let found = Double(drawn.count { $0 == key }) / 4_000
            #expect(abs(found - share) < 0.03, "\(key): \(found)")
        }
    }

    @Test("Ring all asks the first few at once, and one refusal among them takes only that one out")
    func ringAll() throws {
        let views = (0..<12).map { Fixture.view("a\($0)", since: Int64($0) * 1_000) }
        var router = Fixture.router(views)
        let contact = Fixture.waiting(1, queue: queue(.ringAll))
        try router.waiting.add(contact)
        let decision = router.decide(contact.contact, at: Fixture.at(20_000))
        #expect(decision.candidates.map(\.agent.key) == (0..<Limits.ringAllMax).map { "a\($0)" })
        #expect(decision.candidates.allSatisfy { $0.rule == .ringAll })
        let isOffered = router.waiting.offer(contact.contact)
        #expect(isOffered)
        router.noteRefusal(contact.contact, candidate: decision.candidates[2], at: Fixture.at(20_010))
        #expect(router.decide(contact.contact, at: Fixture.at(20_010)).waits == .notWaiting)
        router.waiting.putBack(contact.contact)
        let again = router.decide(contact.contact, at: Fixture.at(20_020)).candidates.map(\.agent.key)
        #expect(again == ["a0", "a1", "a3", "a4", "a5", "a6", "a7", "a8"])
    }

    @Test("An agent with chats in hand takes another chat and no call; a full one takes nothing")
    func capacity() throws {
        var busy = Fixture.view("ann", state: .talking)
        busy.isOpen = true
        busy.occupied = 40
        var router = Fixture.router([busy])
        let chat = Fixture.waiting(1, channel: .chat)
        let call = Fixture.waiting(2)
        try router.waiting.add(chat)
        try router.waiting.add(call)
        #expect(router.decide(chat.contact, at: Fixture.at(0)).candidate?.agent.key == "ann")
        #expect(router.decide(call.contact, at: Fixture.at(0)).waits == .nobodyFree)
        let explained = router.explain(call.contact, at: Fixture.at(0))
        #expect(explained?.agents.first?.verdict == .noCapacity(taken: 40))
        #expect(router.pull(for: busy.agent)?.contact == chat.contact)
        busy.occupied = 100
        busy.version = 2
        router.agents.upsert(busy)
        #expect(router.decide(chat.contact, at: Fixture.at(0)).waits == .nobodyFree)
        #expect(router.pull(for: busy.agent) == nil)
    }
}
