import ContactCenter
import Kernel
import Routing

/// How long the router takes to decide about one contact, and how that grows with the agents.
enum RouterFigures {
    /// Decisions in a centre of eight sites, 50 skills and 10,000 waiting contacts, from 100 to 100,000 agents.
    ///
    /// The ratio is to 100 agents: the cost must not grow faster than the logarithm, 2.5 for the largest.
    static func measure(quick: Bool) -> [Figure] {
        let sizes = quick ? [100, 1_000] : [100, 1_000, 10_000, 100_000]
        let rounds = quick ? 500 : 50_000
        var figures: [Figure] = []
        var smallest: Double?
        for size in sizes {
            var centre = Centre(agents: size, waiting: quick ? 500 : 10_000)
            let cost = centre.decisions(rounds).median
            let first = smallest ?? cost
            smallest = first
            figures.append(
                Figure(
                    name: "decisions, \(size) agents",
                    value: "\(short(1e6 / cost))k/s",
                    against: "100 agents, time",
                    ratio: short(cost / first)
                )
            )
            figures.append(Figure(name: "  p99", value: "\(short(centre.slow(rounds) / 1_000)) µs"))
            guard size == 10_000 || quick && size == 1_000 else { continue }
            figures += centre.others(rounds)
        }
        return figures
    }
}

/// A centre as large as wished, in one router.
private struct Centre {
    private var router: Router
    private var views: [AgentView] = []
    private var contacts: [ContactID] = []
    private let now = Moment(instant: Instant(milliseconds: 5), wall: WallTime(milliseconds: 1_700_003_600_000))
    private let sites = ["a", "b", "c", "d", "e", "f", "g", "h"].compactMap { SiteID($0) }

    /// Half of the agents are free; each has four of 50 skills, each of 51 queues asks for one or none.
    init(agents count: Int, waiting: Int, strategy: RoutingStrategy = .leastHandlingTime) {
        router = Router(site: sites[0])
        var random = SeededRandom(seed: 1)
        for site in sites { router.agents.update(site, SiteKnowledge(isReachable: true, heardAt: .zero)) }
        for index in 0..<count {
            let skills = (0..<4).compactMap { _ in
                Skill(
                    name: "skill\(Int.random(in: 0..<50, using: &random))",
                    level: UInt8.random(in: 1...3, using: &random)
                )
            }
            let view = AgentView(
                agent: AgentID("agent-\(index)"),
                name: "Agent \(index)",
                fence: LoginFence(epoch: 1, site: sites[index % sites.count]),
                state: index / sites.count % 2 == 0 ? .ready : .talking,
                since: WallTime(milliseconds: 1_700_000_000_000 + Int64.random(in: 0...3_000_000, using: &random)),
                tier: AgentTier.allCases[index % 3],
                skills: SkillSet(skills),
                handlingToday: .milliseconds(Int64.random(in: 0...20_000_000, using: &random)),
                contactsToday: index % 40,
                version: 1
            )
            views.append(view)
            router.agents.upsert(view)
        }
        for number in 0..<waiting {
            var queue = QueueDefinition(id: QueueID("queue\(number % 51)"), strategy: strategy)
            if let skill = Skill(name: "skill\(number % 51)", level: 1), number % 51 < 50 {
                queue.requiredSkills = SkillSet([skill])
            }
            let contact = WaitingContact(
                contact: ContactID(site: sites[0], incarnation: 1, counter: UInt64(number)),
                site: sites[0],
                queue: queue,
                since: WallTime(milliseconds: 1_700_000_000_000 + Int64(number) * 100)
            )
            try? router.waiting.add(contact)
            contacts.append(contact.contact)
        }
        // The indexes of each queue are made when first asked for.
        for contact in contacts.prefix(51) { _ = router.decide(contact, at: now) }
    }

    mutating func decisions(_ rounds: Int) -> Measurement {
        Measurement(runs: 5, pieces: rounds) {
            for round in 0..<rounds { _ = router.decide(contacts[round % contacts.count], at: now) }
        }
    }

    /// The time in nanoseconds that one decision of a hundred exceeds.
    mutating func slow(_ rounds: Int) -> Double {
        let clock = ContinuousClock()
        var times: [Double] = []
        times.reserveCapacity(rounds)
        for round in 0..<rounds {
            let start = clock.now
            _ = router.decide(contacts[round % contacts.count], at: now)
            times.append(Double((clock.now - start).components.attoseconds) / 1e9)
        }
        times.sort()
        return times[rounds * 99 / 100]
    }

    /// What else happens in the life of a contact, and the strategies that look at more than two agents.
    mutating func others(_ rounds: Int) -> [Figure] {
        var version: UInt64 = 1
        let change = Measurement(runs: 3, pieces: rounds) {
            for round in 0..<rounds {
                version += 1
                var view = views[round % views.count]
                view.state = version % 2 == 0 ? .talking : .ready
                view.isOpen = view.state == .ready
                view.occupied = view.isOpen ? 0 : 100
                view.version = version
                router.agents.upsert(view)
            }
        }
        for view in views {
            version += 1
            var free = view
            (free.state, free.isOpen, free.occupied, free.version) = (.ready, true, 0, version)
            router.agents.upsert(free)
        }
        let mine = views.filter { $0.site == sites[0] }.map(\.agent)
        let pull = Measurement(runs: 3, pieces: rounds) {
            for round in 0..<rounds { _ = router.pull(for: mine[round % mine.count]) }
        }
        var figures = [
            Figure(name: "  change of an agent", value: "\(short(change.median / 1_000)) µs"),
            Figure(name: "  pull", value: "\(short(pull.median / 1_000)) µs"),
        ]
        for strategy in [RoutingStrategy.weightedRandom, .ringAll] {
            var other = Centre(agents: views.count, waiting: contacts.count, strategy: strategy)
            let cost = other.decisions(rounds).median / 1_000
            figures.append(Figure(name: "  decision, \(strategy.rawValue)", value: "\(short(cost)) µs"))
        }
        return figures
    }
}
