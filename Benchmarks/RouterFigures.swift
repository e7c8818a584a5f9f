import ContactCenter
import Kernel
import Routing

/// How long the router takes to decide about one contact.
enum RouterFigures {
    /// Decisions among `count` agents of three sites, half of them free, beside the same with a tenth of the agents:
    /// the cost must not grow in step with the agents.
    static func measure(quick: Bool) -> [Figure] {
        let rounds = quick ? 100 : 20_000
        let small = decision(agents: 100, rounds: rounds)
        let large = decision(agents: 1_000, rounds: rounds)
        return [
            Figure(name: "decision, 100 agents", value: "\(short(small.median / 1_000)) µs"),
            Figure(
                name: "decision, 1000 agents",
                value: "\(short(large.median / 1_000)) µs",
                against: "100 agents",
                ratio: short(large.median / small.median)
            ),
        ]
    }

    private static func decision(agents count: Int, rounds: Int) -> Measurement {
        var router = world(agents: count)
        let now = moment(3_600_000)
        let contacts = router.waiting.own.map(\.contact)
        return Measurement(runs: 5, pieces: rounds) {
            for round in 0..<rounds { _ = router.decide(contacts[round % contacts.count], at: now) }
        }
    }

    private static func world(agents count: Int) -> Router {
        let sites = ["east", "north", "south"].compactMap { SiteID($0) }
        var router = Router(site: sites[1])
        var random = SeededRandom(seed: 1)
        for site in sites {
            router.agents.update(site, SiteKnowledge(isReachable: true, heardAt: moment(0).instant))
        }
        let skills = ["billing", "product", "sales", "technical"]
        for index in 0..<count {
            let own = skills.filter { _ in Bool.random(using: &random) }
            router.agents.upsert(
                AgentView(
                    agent: AgentID("agent-\(index)"),
                    name: "Agent \(index)",
                    fence: LoginFence(epoch: 1, site: sites[index % sites.count]),
                    state: index % 2 == 0 ? .ready : .talking,
                    since: moment(Int64.random(in: 0...3_000_000, using: &random)).wall,
                    tier: .consultant,
                    skills: SkillSet(own.compactMap { Skill("\($0):2") }),
                    handlingToday: .milliseconds(Int64.random(in: 0...10_000_000, using: &random)),
                    contactsToday: index % 40,
                    version: 1
                )
            )
        }
        for number in 0..<40 {
            var queue = QueueDefinition(id: QueueID(skills[number % 4]))
            queue.requiredSkills = SkillSet([Skill("\(skills[number % 4]):1")].compactMap(\.self))
            try? router.waiting.add(
                WaitingContact(
                    contact: ContactID(site: sites[1], incarnation: 1, counter: UInt64(number)),
                    site: sites[1],
                    queue: queue,
                    since: moment(Int64(number) * 1_000).wall
                )
            )
        }
        return router
    }

    private static func moment(_ milliseconds: Int64) -> Moment {
        Moment(
            instant: Instant(milliseconds: milliseconds),
            wall: WallTime(milliseconds: 1_700_000_000_000 + milliseconds)
        )
    }
}
