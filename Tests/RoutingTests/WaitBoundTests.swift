import ContactCenter
import Kernel
import Routing
import TestKit
import Testing

/// The bound on waiting (requirement B5), as DESIGN.md states it, checked against service by pulls under load.
@Suite("Order of service: the bound on waiting")
struct WaitBoundTests {
    private struct Served {
        let contact: WaitingContact
        let at: Int64
        let by: AgentView
        /// Contacts that this agent might have taken instead.
        let passedOver: [WaitingContact]
    }

    /// More work than the agents can do, arriving and served by seed.
    private func serve(seed: UInt64) throws -> (served: [Served], left: [WaitingContact]) {
        var world = RandomWorld(seed: seed)
        var router = Fixture.router()
        let agents = (0..<6).map { number in
            var view = world.agent(number, version: 1)
            view.fence = LoginFence(epoch: 1, site: Fixture.north)
            view.state = .ready
            view.isOpen = true
            view.occupied = 0
            return view
        }
        for view in agents { router.agents.upsert(view) }
        var waiting: [ContactID: WaitingContact] = [:]
        var served: [Served] = []
        for round in 0..<300 {
            let now = Int64(round) * 20_000
            router.waiting.tell(Fixture.at(now))
            for part in 0..<2 {
                var contact = world.contact(UInt64(round * 2 + part), site: world.pick(Fixture.sites), agents: 6)
                contact.lastAgent = nil
                contact.since = Fixture.at(now).wall
                contact.score = Int.random(in: 0...100, using: &world.random)
                contact.queuePriority = Int.random(in: 0...10, using: &world.random)
                waiting[contact.contact] = contact
                try router.waiting.add(contact)
            }
            let view = world.pick(agents)
            guard let pulled = router.pull(for: view.agent) else { continue }
            router.waiting.remove(pulled.contact)
            waiting[pulled.contact] = nil
            let others = waiting.values.filter {
                $0.requirement.admits(tier: view.tier, skills: view.skills) && view.takes(cost: $0.cost)
            }
            served.append(Served(contact: pulled, at: now, by: view, passedOver: Array(others)))
        }
        return (served, Array(waiting.values))
    }

    @Test(
        "Nobody is passed over for one who came later by more than the difference of head starts",
        arguments: Seeds.first(20)
    )
    func overtaking(seed: UInt64) throws {
        let (served, _) = try serve(seed: seed)
        var overtakings = 0
        for event in served {
            for other in event.passedOver where other.since < event.contact.since {
                overtakings += 1
                let later = event.contact.since - other.since
                let lead = ServiceRank.headStart(of: event.contact) - ServiceRank.headStart(of: other)
                #expect(later <= lead)
                #expect(later <= ServiceRank.headStartMax)
            }
        }
        // The law says something only where somebody was overtaken.
        #expect(overtakings > 0)
    }

    @Test("Whoever is served was preceded by no more than those who came within the bound", arguments: Seeds.first(20))
    func preceding(seed: UInt64) throws {
        let (served, left) = try serve(seed: seed)
        let all = served.map(\.contact) + left
        for (place, event) in served.enumerated() {
            let mine = event.contact
            // Pulls between its arrival and its service by agents who could have taken it.
            let ahead = served[..<place].filter { other in
                other.at >= (mine.since - Fixture.at(0).wall).milliseconds
                    && mine.requirement.admits(tier: other.by.tier, skills: other.by.skills)
            }
            let able = all.count { $0.since - mine.since <= ServiceRank.headStartMax }
            #expect(ahead.count < able)
            #expect(ahead.allSatisfy { $0.contact.since - mine.since <= ServiceRank.headStartMax })
        }
    }

    @Test("The customer's score moves a contact by three tenths of a second a point, and not beyond the scale")
    func score() {
        let plain = Fixture.waiting(1)
        for (score, milliseconds) in [(1, 300), (50, 15_000), (100, 30_000), (1_000, 30_000), (-7, 0)] {
            let scored = Fixture.waiting(2, score: score)
            let lead = ServiceRank.headStart(of: scored) - ServiceRank.headStart(of: plain)
            #expect(lead == .milliseconds(Int64(milliseconds)))
            #expect((ServiceRank(scored) < ServiceRank(plain)) == (milliseconds > 0))
        }
    }
}
