import ContactCenter
import Kernel
import Routing

/// The rule of routing, written down plainly: look at everybody, keep who fits, take the least.
struct RouterOracle {
    let site: SiteID
    let distance: Span
    let views: [AgentView]
    let reachable: Set<SiteID>
    /// When each agent was last offered a contact, as numbers.
    var offers: [AgentID: Int64] = [:]

    func candidates(for wanted: WaitingContact, refused: Set<AgentID>) -> [AgentView] {
        views.filter { view in
            view.isOpen && view.occupied + wanted.cost <= 100 && reachable.contains(view.site)
                && !refused.contains(view.agent)
                && view.tier >= wanted.requirement.lowestTier && view.tier <= wanted.requirement.highestTier
                && wanted.requirement.skills.skills.allSatisfy { demand in
                    view.skills.skills.contains { $0.name == demand.name && $0.level >= demand.level }
                }
        }
    }

    func choice(for wanted: WaitingContact, refused: Set<AgentID> = []) -> AgentID? {
        choices(for: wanted, refused: refused).first
    }

    /// All in their order; the agent of the latest ticket alone when she is among them.
    func choices(for wanted: WaitingContact, refused: Set<AgentID> = []) -> [AgentID] {
        let fit = candidates(for: wanted, refused: refused)
        if let last = fit.first(where: { $0.agent == wanted.lastAgent }) { return [last.agent] }
        return fit.sorted { isBefore($0, $1, wanted) }.map(\.agent)
    }

    private func level(_ view: AgentView, _ wanted: WaitingContact) -> Int64 {
        wanted.requirement.skills.skills.reduce(0) { $0 + Int64(view.skills.level(of: $1.name)) }
    }

    private func isBefore(_ left: AgentView, _ right: AgentView, _ wanted: WaitingContact) -> Bool {
        let keys = [left, right].map { view -> [Int64] in
            let far: Int64 = view.site == site ? 0 : 1
            let penalty = far * distance.milliseconds
            let since = view.since.milliseconds
            return switch wanted.strategy {
            case .leastHandlingTime: [view.handlingToday.milliseconds + penalty, since, far]
            case .fewestContacts: [Int64(view.contactsToday), since + penalty, far]
            case .roundRobin: [offers[view.agent] ?? 0, since + penalty, far]
            case .ordered, .weightedRandom: [-level(view, wanted), since + penalty, far]
            case .longestIdle, .ringAll: [since + penalty, far]
            }
        }
        if keys[0] != keys[1] { return keys[0].lexicographicallyPrecedes(keys[1]) }
        return left.agent < right.agent
    }

    func pull(for view: AgentView, from contacts: [WaitingContact]) -> ContactID? {
        contacts.filter { !candidates(for: $0, refused: []).filter { $0.agent == view.agent }.isEmpty }
            .min { ServiceRank($0) < ServiceRank($1) }?.contact
    }
}

/// Random agents and contacts.
struct RandomWorld {
    var random: SeededRandom
    let names = ["billing", "sales", "product-x", "english"]

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    mutating func pick<T>(_ choices: [T]) -> T {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }

    mutating func skills(max: Int) -> SkillSet {
        let count = Int.random(in: 0...max, using: &random)
        return SkillSet(
            (0..<count).compactMap { _ in
                Skill(name: pick(names), level: UInt8.random(in: 1...3, using: &random))
            }
        )
    }

    mutating func agent(_ number: Int, version: UInt64) -> AgentView {
        var view = Fixture.view(
            "agent\(number)",
            site: Fixture.sites[number % Fixture.sites.count],
            state: pick([.ready, .ready, .ready, .talking, .wrapUp, .notReady(reason: "break")]),
            since: Int64.random(in: 0...20, using: &random) * 30_000,
            tier: pick(AgentTier.allCases),
            skills: skills(max: 4),
            handling: Int64.random(in: 0...8, using: &random) * 100_000,
            contacts: Int.random(in: 0...4, using: &random),
            version: version
        )
        // Some have text contacts in hand and take more.
        if view.state == .talking, Bool.random(using: &random) {
            view.isOpen = true
            view.occupied = Int.random(in: 1...5, using: &random) * 20
        }
        return view
    }

    mutating func contact(_ number: UInt64, site: SiteID, agents: Int) -> WaitingContact {
        var definition = QueueDefinition(id: QueueID(pick(["a", "b", "c"])))
        definition.requiredSkills = skills(max: 2)
        definition.strategy = pick(RoutingStrategy.allCases)
        definition.costs = pick([[:], [.chat: 30]])
        return Fixture.waiting(
            number,
            site: site,
            queue: definition,
            since: Int64.random(in: 0...600_000, using: &random),
            severity: pick(Severity.allCases),
            tier: pick(CustomerTier.allCases),
            channel: pick([.voice, .voice, .chat, .email]),
            lastAgent: Bool.random(using: &random) ? AgentID("agent\(Int.random(in: 0..<agents, using: &random))") : nil
        )
    }
}
