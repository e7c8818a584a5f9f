import ContactCenter
import Kernel
import Routing
import TestKit
import Testing

@Suite("Router: who gets the contact")
struct RouterTests {
    private func decide(_ router: inout Router, _ contact: WaitingContact, at now: Int64 = 0) throws -> Decision {
        try router.waiting.add(contact)
        return router.decide(contact.contact, at: Fixture.at(now))
    }

    @Test("The agent of the latest ticket comes first, though others have done less today")
    func lastAgent() throws {
        var router = Fixture.router([
            Fixture.view("idle"), Fixture.view("known", site: Fixture.south, handling: 9_000_000),
        ])
        let decision = try decide(&router, Fixture.waiting(1, lastAgent: AgentID("known")))
        #expect(decision.candidate?.agent == AgentID("known"))
        #expect(decision.candidate?.rule == .lastAgent)
    }

    @Test("The agent of the latest ticket does not come first when busy or unfit")
    func lastAgentBusy() throws {
        var router = Fixture.router([Fixture.view("idle"), Fixture.view("known", state: .talking)])
        #expect(
            try decide(&router, Fixture.waiting(1, lastAgent: AgentID("known"))).candidate?.agent == AgentID("idle")
        )
        var senior = Fixture.router([Fixture.view("known"), Fixture.view("chief", tier: .senior)])
        let grave = Fixture.waiting(2, severity: .critical, tier: .gold, lastAgent: AgentID("known"))
        #expect(try decide(&senior, grave).candidate?.agent == AgentID("chief"))
    }

    @Test("Between equals the longest idle, then the nearer; distance gives way to a larger difference of load")
    func ties() throws {
        var idle = Fixture.router([Fixture.view("b", since: 100), Fixture.view("a", since: 200)])
        let first = try decide(&idle, Fixture.waiting(1))
        #expect(first.candidate?.agent == AgentID("b"))
        #expect(first.candidate?.rule == .longestIdle)
        var near = Fixture.router([Fixture.view("far", site: Fixture.south), Fixture.view("near", handling: 299_000)])
        #expect(try decide(&near, Fixture.waiting(2)).candidate?.agent == AgentID("near"))
        var far = Fixture.router([Fixture.view("far", site: Fixture.south), Fixture.view("near", handling: 301_000)])
        #expect(try decide(&far, Fixture.waiting(3)).candidate?.agent == AgentID("far"))
    }

    @Test("Skills count with their levels")
    func skills() throws {
        var queue = QueueDefinition(id: QueueID("product"))
        queue.requiredSkills = Fixture.skills("product-x:2", "english")
        var router = Fixture.router([
            Fixture.view("low", skills: Fixture.skills("product-x:1", "english")),
            Fixture.view("able", skills: Fixture.skills("product-x:3", "english:1", "sales"), handling: 999_000),
        ])
        #expect(try decide(&router, Fixture.waiting(1, queue: queue)).candidate?.agent == AgentID("able"))
    }

    @Test("Agents of an unreachable site are unknown, not free, and are free again when it is heard")
    func unreachable() throws {
        var router = Fixture.router(
            [Fixture.view("far", site: Fixture.south)],
            reachable: [Fixture.north, Fixture.east]
        )
        let contact = Fixture.waiting(1)
        let decision = try decide(&router, contact, at: 60_000)
        #expect(decision.candidate == nil)
        #expect(decision.waits == .nobodyAvailable)
        #expect(router.agents.view(of: AgentID("far"))?.state == .unreachable)
        let short = router.summary(of: decision, at: Fixture.at(60_000))
        let south = try #require(short.sites.first { $0.site == Fixture.south })
        #expect(!south.isReachable)
        #expect(south.age == .seconds(60))
        let heard = SiteKnowledge(isReachable: true, heardAt: Fixture.at(61_000).instant)
        router.agents.update(Fixture.south, heard)
        #expect(router.decide(contact.contact, at: Fixture.at(61_000)).candidate?.agent == AgentID("far"))
    }

    @Test("Waiting says whether anybody could ever serve")
    func waitReasons() throws {
        var router = Fixture.router([Fixture.view("busy", state: .talking)])
        #expect(try decide(&router, Fixture.waiting(1)).waits == .nobodyFree)
        var queue = QueueDefinition(id: QueueID("rare"))
        queue.requiredSkills = Fixture.skills("klingon:3")
        #expect(try decide(&router, Fixture.waiting(2, queue: queue)).waits == .nobodyFits)
        #expect(router.decide(ContactID("nowhere"), at: Fixture.at(0)).waits == .notWaiting)
    }

    @Test("A refusal passes the agent over until something newer is known of it")
    func refusal() throws {
        var router = Fixture.router([Fixture.view("a", site: Fixture.south), Fixture.view("b", handling: 900_000)])
        let contact = Fixture.waiting(1)
        let first = try #require(try decide(&router, contact).candidate)
        #expect(first.agent == AgentID("a"))
        let isOffered = router.waiting.offer(contact.contact)
        #expect(isOffered)
        router.refused(contact.contact, candidate: first, at: Fixture.at(10))
        #expect(router.decide(contact.contact, at: Fixture.at(10)).candidate?.agent == AgentID("b"))
        let explained = router.explain(contact.contact, at: Fixture.at(10))
        let full = try #require(explained)
        #expect(full.agents.contains { $0.agent == AgentID("a") && $0.verdict == .refusedLately })
        router.agents.upsert(Fixture.view("a", site: Fixture.south, version: 2))
        #expect(router.decide(contact.contact, at: Fixture.at(20)).candidate?.agent == AgentID("a"))
    }

    @Test("After many refusals in a row a contact pauses, then asks again; a freed agent may pull it meanwhile")
    func pause() throws {
        let views = (0..<20).map { Fixture.view("a\($0)", site: Fixture.south) }
        var router = Fixture.router(views)
        let contact = Fixture.waiting(1)
        try router.waiting.add(contact)
        for _ in 0..<Limits.reservationAttemptsMax {
            let candidate = try #require(router.decide(contact.contact, at: Fixture.at(0)).candidate)
            _ = router.waiting.offer(contact.contact)
            router.refused(contact.contact, candidate: candidate, at: Fixture.at(0))
        }
        #expect(router.decide(contact.contact, at: Fixture.at(0)).waits == .paused)
        router.agents.upsert(Fixture.view("here"))
        #expect(router.pull(for: AgentID("here"))?.contact == contact.contact)
        let end = try #require(router.nextDeadline)
        #expect(end == Fixture.at(0).instant + Limits.reservationPause)
        #expect(router.waiting.expirePauses(at: end) == [contact.contact])
        #expect(router.decide(contact.contact, at: Fixture.at(end.milliseconds)).candidate?.agent == AgentID("here"))
    }

    @Test("An agent claimed by two sites belongs to the higher login, and the loser's farewell changes nothing")
    func twoClaims() {
        var directory = AgentDirectory()
        var newer = Fixture.view("ann", site: Fixture.south)
        newer.fence = LoginFence(epoch: 2, site: Fixture.south)
        directory.upsert(newer)
        directory.upsert(Fixture.view("ann", site: Fixture.north, version: 99))
        #expect(directory.view(of: AgentID("ann"))?.fence == newer.fence)
        directory.remove(AgentID("ann"), from: Fixture.north)
        #expect(directory.count == 1)
        #expect(directory.census(of: Fixture.south).agents == 1)
        #expect(directory.census(of: Fixture.north).agents == 0)
    }

    @Test("What a book says of its agents is followed, to the logout")
    func followsBook() throws {
        var one = try OneAgentBook()
        var router = Fixture.router()
        for agent in one.book.takeChanged() { router.follow(one.book, agent) }
        let contact = Fixture.waiting(1)
        #expect(try decide(&router, contact).candidate?.fence == one.fence)
        _ = try one.reserve(1, at: 10)
        for agent in one.book.takeChanged() { router.follow(one.book, agent) }
        #expect(router.decide(contact.contact, at: Fixture.at(10)).waits == .nobodyFree)
        _ = try one.book.signOut(OneAgentBook.agent, at: Fixture.at(20))
        for agent in one.book.takeChanged() { router.follow(one.book, agent) }
        #expect(router.agents.count == 0)
    }
}
