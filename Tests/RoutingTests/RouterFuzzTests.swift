import ContactCenter
import Kernel
import Routing
import TestKit
import Testing

@Suite("Router: bad input")
struct RouterFuzzTests {
    @Test(
        "Whatever comes, with whatever numbers, nothing traps and every index stays right",
        arguments: Seeds.first(40)
    )
    func garbage(seed: UInt64) {
        var chaos = Chaos(seed: seed)
        var router = Router(site: Fixture.north)
        for round in 0..<220 {
            chaos.step(&router)
            if round % 11 == 0 { #expect(router.audit() == []) }
        }
        #expect(router.audit() == [])
        for contact in chaos.contacts { router.waiting.remove(contact) }
        #expect(router.waiting.count == 0)
        #expect(router.audit() == [])
    }

    @Test("A contact that is here already is refused and changes nothing")
    func duplicate() throws {
        var router = Fixture.router([Fixture.view("ann")])
        try router.waiting.add(Fixture.waiting(1, since: 5))
        var other = Fixture.waiting(1, since: 99, severity: .critical)
        other.queue = QueueID("else")
        #expect(throws: WaitingRoom.Refusal.known) { try router.waiting.add(other) }
        #expect(router.waiting.contact(other.contact) == Fixture.waiting(1, since: 5))
        #expect(router.audit() == [])
    }

    @Test("A cost out of range is brought into it", arguments: [Int.min, -1, 0, 101, .max])
    func cost(_ configured: Int) throws {
        var queue = QueueDefinition(id: QueueID("odd"))
        queue.costs = [.chat: configured]
        #expect((1...100).contains(queue.cost(of: .chat)))
        var contact = Fixture.waiting(1, queue: queue, channel: .chat)
        contact.cost = configured
        var view = Fixture.view("ann")
        view.occupied = configured
        var router = Fixture.router([view])
        try router.waiting.add(contact)
        let decision = router.decide(contact.contact, at: Fixture.at(0))
        #expect((decision.candidate == nil) == (decision.waits == .nobodyFree))
        #expect(router.audit() == [])
    }

    @Test("Nobody fits: it says so at once, and who comes nearest and what is missing")
    func impossible() throws {
        var queue = QueueDefinition(id: QueueID("rare"))
        queue.requiredSkills = Fixture.skills("billing:3", "klingon:2")
        var router = Fixture.router([
            Fixture.view("none"),
            Fixture.view("near", state: .talking, skills: Fixture.skills("billing:3", "klingon:1")),
            Fixture.view("half", site: Fixture.south, skills: Fixture.skills("billing:3")),
            Fixture.view("low", skills: Fixture.skills("billing:1", "klingon:1")),
        ])
        let contact = Fixture.waiting(1, queue: queue)
        try router.waiting.add(contact)
        #expect(router.decide(contact.contact, at: Fixture.at(0)).waits == .nobodyFits)
        let explained = router.explain(contact.contact, at: Fixture.at(0))
        let nearest = try #require(explained).nearest
        #expect(nearest.map(\.agent.key) == ["near", "half", "low"])
        #expect(nearest.first?.gaps == [try #require(Skill("klingon:2"))])
        let grave = Fixture.waiting(2, severity: .critical, tier: .gold)
        try router.waiting.add(grave)
        #expect(router.nearest(to: grave.contact).allSatisfy { $0.wrongTier == .consultant && $0.gaps.isEmpty })
    }

    @Test("A queue without agents says that nobody fits, and has nobody near")
    func nobody() throws {
        var router = Fixture.router()
        try router.waiting.add(Fixture.waiting(1))
        let contact = Fixture.waiting(1).contact
        #expect(router.decide(contact, at: Fixture.at(0)).waits == .nobodyFits)
        #expect(router.nearest(to: contact).isEmpty)
        let servers = router.servers(for: contact)
        #expect(servers?.fit == 0 && servers?.free == 0)
    }
}

/// Random operations with random garbage.
struct Chaos {
    var world: RandomWorld
    var contacts: [ContactID] = []
    var version: UInt64 = 0
    var time: Int64 = 0

    init(seed: UInt64) {
        world = RandomWorld(seed: seed)
    }

    mutating func number() -> Int64 {
        let small = Int64.random(in: -5...2_000_000, using: &world.random)
        return world.pick([small, small, small, .min, .max, -1, 0, 1 << 52])
    }

    mutating func chance(_ part: Int) -> Bool { Int.random(in: 0..<part, using: &world.random) == 0 }

    mutating func view() -> AgentView {
        version += 1
        var view = world.agent(Int.random(in: 0..<25, using: &world.random), version: version)
        let site = world.pick(Fixture.sites)
        view.fence = LoginFence(epoch: UInt64.random(in: 0...3, using: &world.random), site: site)
        if chance(4) { view.since = WallTime(milliseconds: number()) }
        if chance(4) { view.handlingToday = .milliseconds(number()) }
        if chance(4) { view.contactsToday = Int(number()) }
        if chance(4) { view.occupied = Int(number()) }
        if chance(4) { view.isOpen.toggle() }
        if chance(9) { view.state = world.pick([.loggedOut, .unreachable, .notResponding, .reserved]) }
        if chance(9) { view.version = world.pick([0, .max]) }
        return view
    }

    mutating func contact() -> WaitingContact {
        var queue = QueueDefinition(id: QueueID(world.pick(["a", "b", "c"])))
        queue.requiredSkills = world.skills(max: 2)
        queue.strategy = world.pick(RoutingStrategy.allCases)
        queue.affinity = .milliseconds(world.pick([0, 60_000, number()]))
        queue.costs = [.chat: Int(number())]
        for _ in 0..<Int.random(in: 0...3, using: &world.random) {
            let after = Span.milliseconds(world.pick([30_000, 90_000, number()]))
            queue.relaxations.append(Relaxation(after: after, skills: world.skills(max: 1)))
        }
        let place = UInt64.random(in: 0..<40, using: &world.random)
        var contact = Fixture.waiting(
            place,
            site: world.pick(Fixture.sites),
            queue: queue,
            since: world.pick([0, 60_000, 120_000]),
            severity: world.pick(Severity.allCases),
            tier: world.pick(CustomerTier.allCases),
            channel: world.pick(Channel.allCases),
            lastAgent: chance(2) ? AgentID("agent\(Int.random(in: 0..<25, using: &world.random))") : nil
        )
        if chance(5) { contact.since = WallTime(milliseconds: number()) }
        if chance(5) { contact.score = Int(number()) }
        if chance(5) { contact.queuePriority = Int(number()) }
        if chance(5) { contact.cost = Int(number()) }
        return contact
    }

    mutating func step(_ router: inout Router) {
        time += Int64.random(in: 0...8_000, using: &world.random)
        var now = Fixture.at(time)
        if chance(30) { now.wall = WallTime(milliseconds: world.pick([0, 1_600_000_000_000, 1 << 50])) }
        let known = contacts.randomElement(using: &world.random) ?? ContactID("nowhere")
        switch Int.random(in: 0..<14, using: &world.random) {
        case 0...3: router.agents.upsert(view())
        case 4: router.agents.remove(view().agent, from: world.pick(Fixture.sites))
        case 5:
            let heard = SiteKnowledge(isReachable: !chance(3), heardAt: now.instant)
            router.agents.update(world.pick(Fixture.sites), heard)
            if chance(9) { router.agents.forget(world.pick(Fixture.sites)) }
        case 6...7:
            let contact = contact()
            contacts.append(contact.contact)
            do { try router.waiting.add(contact) } catch { router.waiting.update(contact) }
        case 8: router.waiting.putBack(known)
        case 9:
            router.waiting.remove(known)
            if chance(9) { router.waiting.forget(world.pick(Fixture.sites)) }
        case 10: _ = router.pull(for: view().agent)
        case 11:
            _ = router.advance(at: now)
            _ = router.nextDeadline
        default: decide(known, &router, now)
        }
    }

    private mutating func decide(_ known: ContactID, _ router: inout Router, _ now: Moment) {
        let decision = router.decide(known, at: now)
        if chance(3) { _ = router.summary(of: decision, at: now) }
        if chance(3) { _ = router.explain(known, at: now) }
        guard let candidate = decision.candidates.last, router.waiting.offer(known) else { return }
        switch Int.random(in: 0..<3, using: &world.random) {
        case 0: router.refused(known, candidate: candidate, at: now)
        case 1: router.noteRefusal(known, candidate: candidate, at: now)
        default: break
        }
    }
}
