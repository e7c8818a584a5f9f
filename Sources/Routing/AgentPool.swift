import ContactCenter
import Kernel

/// What an index of free agents is kept for.
struct PoolKey: Hashable, Sendable {
    let requirement: Requirement
    let strategy: RoutingStrategy
    /// What the contact takes: only agents with so much left are in the index.
    let cost: Int
}

/// A free agent's place in a pool; smaller is chosen earlier within one site.
struct FreeAgent: Hashable, Comparable, Sendable {
    /// What the strategy goes by: handling time in milliseconds, contacts, the number of the last offer, the skill
    /// level below zero, or nothing.
    let load: Int64
    /// Since when free, in Unix milliseconds.
    let since: Int64
    let agent: AgentID

    /// - Parameter offered: the number of the agent's last offer, 0 for none.
    init(_ view: AgentView, key: PoolKey, offered: UInt64) {
        load =
            switch key.strategy {
            case .leastHandlingTime: view.handlingToday.milliseconds
            case .fewestContacts: Int64(view.contactsToday)
            case .roundRobin: Int64(clamping: offered)
            case .ordered, .weightedRandom: -FreeAgent.level(of: view.skills, in: key.requirement.skills)
            case .longestIdle, .ringAll: 0
            }
        since = view.since.milliseconds
        agent = view.agent
    }

    static func < (left: FreeAgent, right: FreeAgent) -> Bool {
        if left.load != right.load { return left.load < right.load }
        if left.since != right.since { return left.since < right.since }
        return left.agent < right.agent
    }

    /// The sum of the levels in the demanded skills: how skilled an agent is for a contact.
    static func level(of skills: SkillSet, in demand: SkillSet) -> Int64 {
        demand.skills.reduce(0) { $0 + Int64(skills.level(of: $1.name)) }
    }
}

/// The free agents that fit one requirement, by site, each site in the order of one strategy.
struct AgentPool: Sendable {
    let key: PoolKey
    var sites: [SiteID: OrderedIndex<FreeAgent>] = [:]
    /// Agents that fit, free or not.
    var known: [SiteID: Int] = [:]

    init(key: PoolKey) {
        self.key = key
    }

    mutating func insert(_ view: AgentView, offered: UInt64) {
        known[view.site, default: 0] += 1
        guard view.takes(cost: key.cost) else { return }
        sites[view.site, default: OrderedIndex()].insert(FreeAgent(view, key: key, offered: offered))
    }

    mutating func remove(_ view: AgentView, offered: UInt64) {
        let left = (known[view.site] ?? 1) - 1
        known[view.site] = left > 0 ? left : nil
        guard view.takes(cost: key.cost) else { return }
        sites[view.site]?.remove(FreeAgent(view, key: key, offered: offered))
        if sites[view.site]?.isEmpty == true { sites[view.site] = nil }
    }
}

/// What decides whether an agent fits a requirement; many agents share one.
struct Capability: Hashable, Sendable {
    let tier: AgentTier
    let skills: SkillSet

    init(_ view: AgentView) {
        tier = view.tier
        skills = view.skills
    }
}
