import ContactCenter
import Kernel
import Routing
import TestKit
import Testing

@Suite("Router: patience with the last agent")
struct AffinityTests {
    private let known = AgentID("known")
    private let idle = AgentID("idle")

    private var queue: QueueDefinition { QueueDefinition(id: QueueID("sales"), affinity: .seconds(60)) }

    /// One contact whose last agent is in a call at another site, and an idle agent here.
    private func world() throws -> (Router, ContactID) {
        var router = Fixture.router([
            Fixture.view("idle"), Fixture.view("known", site: Fixture.south, state: .talking),
        ])
        let contact = Fixture.waiting(1, queue: queue, lastAgent: known)
        try router.waiting.add(contact)
        return (router, contact.contact)
    }

    @Test("It waits for her while she is busy; nobody else pulls it, but it counts in the queue")
    func waits() throws {
        var (router, contact) = try world()
        let decision = router.decide(contact, at: Fixture.at(0))
        #expect(decision.waits == .awaitsLastAgent)
        let short = router.summary(of: decision, at: Fixture.at(0))
        let until = Fixture.at(60_000).wall
        #expect(short.affinity?.agent == known && short.affinity?.isAwaited == true && short.affinity?.until == until)
        #expect(short.agents.map(\.verdict) == [.behind(.lastAgent)])
        #expect(router.pull(for: idle) == nil)
        #expect(router.waiting.awaitedAgent(of: contact) == known)
        let other = Fixture.waiting(2, since: 500)
        try router.waiting.add(other)
        #expect(router.pull(for: idle)?.contact == other.contact)
        #expect(router.waiting.position(of: contact) == 1)
        #expect(router.waiting.position(of: other.contact) == 2)
        #expect(router.waiting.longestSince(in: QueueID("sales")) == Fixture.at(0).wall)
        #expect(router.audit() == [])
    }

    @Test("When she is freed it is hers, by push and by pull")
    func freed() throws {
        var (router, contact) = try world()
        router.agents.upsert(Fixture.view("known", site: Fixture.south, version: 2))
        let decision = router.decide(contact, at: Fixture.at(5))
        #expect(decision.candidate?.agent == known && decision.candidate?.rule == .lastAgent)
        #expect(router.pull(for: idle) == nil)
        var here = Fixture.router([Fixture.view("idle"), Fixture.view("known", state: .talking)])
        try here.waiting.add(Fixture.waiting(1, queue: queue, lastAgent: known))
        #expect(here.decide(contact, at: Fixture.at(0)).waits == .awaitsLastAgent)
        here.agents.upsert(Fixture.view("known", version: 2))
        #expect(here.pull(for: known)?.contact == contact)
        #expect(here.audit() == [])
    }

    @Test("After the patience everybody may take it, whether or not anybody asked meanwhile")
    func patienceOver() throws {
        var (router, contact) = try world()
        _ = router.decide(contact, at: Fixture.at(0))
        #expect(router.nextDeadline == Fixture.at(60_000).instant)
        #expect(router.advance(at: Fixture.at(60_000)) == [contact])
        #expect(router.pull(for: idle)?.contact == contact)
        var (other, _) = try world()
        #expect(other.decide(contact, at: Fixture.at(60_000)).candidate?.agent == idle)
    }

    enum Loss: CaseIterable { case loggedOut, siteLost, unfit, onBreak, refused, notResponding }

    @Test("It ends at once when she is lost, and the contact is named for matching", arguments: Loss.allCases)
    func lost(_ loss: Loss) throws {
        var (router, contact) = try world()
        #expect(router.decide(contact, at: Fixture.at(0)).waits == .awaitsLastAgent)
        #expect(router.advance(at: Fixture.at(5)).isEmpty)
        switch loss {
        case .loggedOut: router.agents.remove(known, from: Fixture.south)
        case .siteLost:
            let heard = SiteKnowledge(isReachable: false, heardAt: Fixture.at(5).instant)
            router.agents.update(Fixture.south, heard)
        case .unfit:
            // Her tier no longer serves: the trouble has become graver.
            router.waiting.update(
                Fixture.waiting(1, queue: queue, severity: .critical, tier: .standard, lastAgent: known)
            )
            router.agents.upsert(Fixture.view("idle", tier: .senior, version: 2))
        case .onBreak:
            let away = AgentState.notReady(reason: "break")
            router.agents.upsert(Fixture.view("known", site: Fixture.south, state: away, version: 2))
        case .refused:
            let candidate = Candidate(
                agent: known,
                fence: LoginFence(epoch: 1, site: Fixture.south),
                version: 1,
                rule: .lastAgent
            )
            router.refused(contact, candidate: candidate, at: Fixture.at(5))
        case .notResponding:
            router.agents.upsert(Fixture.view("known", site: Fixture.south, state: .notResponding, version: 2))
        }
        if loss != .refused, loss != .unfit { #expect(router.nextDeadline == Fixture.at(5).instant) }
        #expect(router.advance(at: Fixture.at(6)) == [contact])
        #expect(router.pull(for: idle)?.contact == contact)
        #expect(router.decide(contact, at: Fixture.at(7)).candidate?.agent == idle)
        #expect(router.audit() == [])
    }

    @Test("Nobody waits for one who is not logged in, is on a break, or lacks what is demanded")
    func notWorthIt() throws {
        for view in [
            nil, Fixture.view("known", state: .notReady(reason: "break")),
            Fixture.view("known", state: .talking, tier: .consultant),
        ] {
            var router = Fixture.router([Fixture.view("idle", tier: .senior)])
            if let view { router.agents.upsert(view) }
            let contact = Fixture.waiting(1, queue: queue, severity: .critical, lastAgent: known)
            try router.waiting.add(contact)
            #expect(router.decide(contact.contact, at: Fixture.at(0)).candidate?.agent == idle)
        }
    }

    @Test("Others pull exactly what does not wait for another, in the order of service", arguments: Seeds.first(25))
    func law(seed: UInt64) throws {
        var world = RandomWorld(seed: seed)
        var router = Fixture.router()
        var views: [AgentID: AgentView] = [:]
        var contacts: [WaitingContact] = []
        for round in 0..<150 {
            let now = Fixture.at(Int64(round) * 2_000)
            if Bool.random(using: &world.random) {
                let view = world.agent(Int.random(in: 0..<15, using: &world.random), version: UInt64(round + 1))
                views[view.agent] = view
                router.agents.upsert(view)
            } else {
                var contact = world.contact(UInt64(round), site: world.pick(Fixture.sites), agents: 15)
                contact.since = now.wall
                contact.affinity = .milliseconds(world.pick([0, 20_000, 90_000]))
                contact.steps = [
                    DemandStep(
                        after: .seconds(40),
                        requirement: Requirement(skills: .none, tiers: .consultant ... .senior)
                    )
                ]
                contacts.append(contact)
                try router.waiting.add(contact)
            }
            _ = router.advance(at: now)
            let oracle = HoldOracle(views: views, now: now)
            for view in views.values where view.site == Fixture.north {
                #expect(router.pull(for: view.agent)?.contact == oracle.pull(for: view, from: contacts))
            }
            if Int.random(in: 0..<4, using: &world.random) == 0, let gone = contacts.randomElement(using: &world.random)
            {
                router.waiting.remove(gone.contact)
                contacts.removeAll { $0.contact == gone.contact }
            }
        }
        #expect(router.audit() == [])
    }
}

/// Who may take what while contacts wait for their last agents, said plainly.
struct HoldOracle {
    let views: [AgentID: AgentView]
    let now: Moment

    private func requirement(of wanted: WaitingContact) -> Requirement {
        let step = wanted.steps.last { now.wall - wanted.since >= $0.after }
        return step?.requirement ?? wanted.requirement
    }

    private func fits(_ view: AgentView, _ wanted: WaitingContact) -> Bool {
        requirement(of: wanted).admits(tier: view.tier, skills: view.skills)
    }

    private func isHeld(_ wanted: WaitingContact) -> Bool {
        guard let last = wanted.lastAgent.flatMap({ views[$0] }), now.wall - wanted.since < wanted.affinity else {
            return false
        }
        return fits(last, wanted) && (last.state.kind.isBusy || last.takes(cost: wanted.cost))
    }

    func pull(for view: AgentView, from contacts: [WaitingContact]) -> ContactID? {
        guard view.isOpen else { return nil }
        return contacts.filter { wanted in
            fits(view, wanted) && view.takes(cost: wanted.cost) && (!isHeld(wanted) || wanted.lastAgent == view.agent)
        }.min { ServiceRank($0) < ServiceRank($1) }?.contact
    }
}
