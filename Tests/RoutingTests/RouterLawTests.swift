import ContactCenter
import Kernel
import Routing
import TestKit
import Testing

@Suite("Router: laws")
struct RouterLawTests {
    @Test(
        "It chooses whom a plain look at everybody chooses, while agents come, go and refuse",
        arguments: Seeds.first(20)
    )
    func sameAsOracle(seed: UInt64) throws {
        var world = RandomWorld(seed: seed)
        var router = Fixture.router()
        var views: [AgentID: AgentView] = [:]
        var version: UInt64 = 0
        var reachable = Set(Fixture.sites)
        var refusals: [ContactID: [AgentID: UInt64]] = [:]
        var contacts: [WaitingContact] = []
        var offers: [AgentID: Int64] = [:]
        let count = 40
        for round in 0..<250 {
            version += 1
            switch Int.random(in: 0..<8, using: &world.random) {
            case 0...3:
                let view = world.agent(Int.random(in: 0..<count, using: &world.random), version: version)
                if view.occupied > (views[view.agent]?.occupied ?? 0) { offers[view.agent] = Int64(version) }
                views[view.agent] = view
                router.agents.upsert(view)
            case 4:
                let agent = AgentID("agent\(Int.random(in: 0..<count, using: &world.random))")
                if let view = views.removeValue(forKey: agent) { router.agents.remove(agent, from: view.site) }
                offers[agent] = nil
            case 5:
                let site = world.pick(Fixture.sites)
                let isReachable = site == Fixture.north || Int.random(in: 0..<3, using: &world.random) > 0
                if isReachable { reachable.insert(site) } else { reachable.remove(site) }
                let knowledge = SiteKnowledge(isReachable: isReachable, heardAt: Fixture.at(Int64(round)).instant)
                router.agents.update(site, knowledge)
            default:
                let contact = world.contact(UInt64(round), site: Fixture.north, agents: count)
                try router.waiting.add(contact)
                contacts.append(contact)
            }
            guard let contact = contacts.randomElement(using: &world.random) else { continue }
            let now = Fixture.at(Int64(round) * 10_000)
            _ = router.waiting.expirePauses(at: now.instant).map { refusals[$0] = nil }
            let oracle = RouterOracle(
                site: Fixture.north,
                distance: router.settings.distance,
                views: Array(views.values),
                reachable: reachable,
                offers: offers
            )
            let refused = Set(
                (refusals[contact.contact] ?? [:]).filter { (views[$0.key]?.version ?? 0) <= $0.value }.keys
            )
            let decision = router.decide(contact.contact, at: now)
            let choices = oracle.choices(for: contact, refused: refused)
            switch contact.strategy {
            case .weightedRandom:
                #expect(decision.candidate.map { choices.contains($0.agent) } ?? choices.isEmpty)
            case .ringAll:
                #expect(decision.candidates.map(\.agent) == Array(choices.prefix(Limits.ringAllMax)))
            case .leastHandlingTime, .longestIdle, .fewestContacts, .roundRobin, .ordered:
                #expect(decision.candidates.map(\.agent) == Array(choices.prefix(1)))
            }
            #expect((decision.candidate == nil) == (decision.waits != nil))
            if let candidate = decision.candidate, Bool.random(using: &world.random) {
                let isOffered = router.waiting.offer(contact.contact)
                #expect(isOffered)
                router.refused(contact.contact, candidate: candidate, at: now)
                refusals[contact.contact, default: [:]][candidate.agent] = candidate.version
                if refusals[contact.contact]?.count == Limits.reservationAttemptsMax {
                    #expect(router.decide(contact.contact, at: now).waits == .paused)
                }
            }
        }
    }

    @Test("A freed agent pulls the most deserving contact of any reachable site", arguments: Seeds.first(20))
    func pullIsBest(seed: UInt64) throws {
        var world = RandomWorld(seed: seed)
        var router = Fixture.router()
        let views = (0..<30).map { world.agent($0, version: 1) }
        for view in views { router.agents.upsert(view) }
        var contacts: [WaitingContact] = []
        for number in 0..<60 {
            let contact = world.contact(UInt64(number), site: world.pick(Fixture.sites), agents: 30)
            try router.waiting.add(contact)
            contacts.append(contact)
        }
        let oracle = RouterOracle(
            site: Fixture.north,
            distance: router.settings.distance,
            views: views,
            reachable: Set(Fixture.sites)
        )
        for view in views {
            let mine = view.site == Fixture.north && view.isOpen
            let expected = mine ? oracle.pull(for: view, from: contacts) : nil
            #expect(router.pull(for: view.agent)?.contact == expected)
        }
    }

    @Test("The full explanation names every agent once and agrees with the decision", arguments: Seeds.first(20))
    func explanationIsComplete(seed: UInt64) throws {
        var world = RandomWorld(seed: seed)
        var router = Fixture.router(reachable: [Fixture.north, Fixture.east])
        let views = (0..<50).map { world.agent($0, version: 1) }
        for view in views { router.agents.upsert(view) }
        for number in 0..<10 {
            let contact = world.contact(UInt64(number), site: Fixture.north, agents: 50)
            try router.waiting.add(contact)
            let now = Fixture.at(700_000)
            // A twin draws the same lot.
            var twin = router
            let decision = twin.decide(contact.contact, at: now)
            let short = router.summary(of: decision, at: now)
            let explained = router.explain(contact.contact, at: now)
            let full = try #require(explained)
            #expect(full.chosen == decision.candidate)
            #expect(full.agents.map(\.agent).sorted() == views.map(\.agent).sorted())
            #expect(full.sites.map(\.site) == Fixture.sites.sorted())
            for explained in full.agents {
                let view = try #require(views.first { $0.agent == explained.agent })
                check(explained, view, contact, decision)
            }
            let named = short.agents.map(\.agent)
            #expect(Array(full.agents.map(\.agent).prefix(named.count)) == named)
            let fit = full.agents.count {
                switch $0.verdict {
                case .behind, .chosen: true
                default: false
                }
            }
            #expect(short.omitted + named.count == fit)
        }
    }

    private func check(_ explained: ExplainedAgent, _ view: AgentView, _ wanted: WaitingContact, _ decision: Decision) {
        switch explained.verdict {
        case .chosen(let rule):
            #expect(decision.candidates.contains { $0.agent == view.agent && $0.rule == rule })
        case .behind:
            #expect(view.takes(cost: wanted.cost) && view.site != Fixture.south)
            #expect(wanted.requirement.admits(tier: view.tier, skills: view.skills))
        case .notFree(let kind): #expect(kind == view.state.kind && !view.isOpen)
        case .noCapacity(let taken): #expect(view.isOpen && taken == view.occupied && taken + wanted.cost > 100)
        case .lacksSkill(let skill): #expect(view.skills.level(of: skill.name) < skill.level)
        case .wrongTier(let tier): #expect(tier == view.tier && tier < wanted.requirement.lowestTier)
        case .siteUnreachable: #expect(view.site == Fixture.south)
        case .refusedLately: Issue.record("nobody refused")
        }
    }

    @Test("Least handling time keeps the load even", arguments: Seeds.first(10))
    func fairness(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var router = Fixture.router()
        router.settings.distance = .zero
        var load = [Int64](repeating: 0, count: 12)
        for index in load.indices {
            router.agents.upsert(Fixture.view("a\(index)", site: Fixture.sites[index % 3]))
        }
        var longest: Int64 = 0
        for call in 0..<600 {
            let contact = Fixture.waiting(UInt64(call))
            try router.waiting.add(contact)
            let chosen = try #require(router.decide(contact.contact, at: Fixture.at(0)).candidate)
            router.waiting.remove(contact.contact)
            let index = try #require(Int(chosen.agent.key.dropFirst()))
            #expect(load[index] == load.min())
            let took = Int64.random(in: 30_000...600_000, using: &random)
            longest = max(longest, took)
            load[index] += took
            let site = Fixture.sites[index % 3]
            let version = UInt64(call) + 2
            router.agents.upsert(Fixture.view("a\(index)", site: site, handling: load[index], version: version))
        }
        let most = try #require(load.max())
        let least = try #require(load.min())
        #expect(most - least <= longest)
    }
}
