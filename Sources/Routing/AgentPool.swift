import ContactCenter
import Kernel

/// What an index of free agents is kept for.
struct PoolKey: Hashable, Sendable {
    let requirement: Requirement
    let strategy: RoutingStrategy
}

/// A free agent's place in a pool; smaller is chosen earlier within one site.
struct FreeAgent: Hashable, Comparable, Sendable {
    /// What the strategy evens out: handling time in milliseconds, contacts, or nothing.
    let load: Int64
    /// Since when free, in Unix milliseconds.
    let since: Int64
    let agent: AgentID

    init(_ view: AgentView, strategy: RoutingStrategy) {
        load =
            switch strategy {
            case .leastHandlingTime: view.handlingToday.milliseconds
            case .fewestContacts: Int64(view.contactsToday)
            case .longestIdle, .roundRobin, .ordered, .weightedRandom, .ringAll: 0
            }
        since = view.since.milliseconds
        agent = view.agent
    }

    static func < (left: FreeAgent, right: FreeAgent) -> Bool {
        if left.load != right.load { return left.load < right.load }
        if left.since != right.since { return left.since < right.since }
        return left.agent < right.agent
    }
}

/// The free agents that fit one requirement, by site, each site in the order of one strategy.
struct AgentPool: Sendable {
    let key: PoolKey
    var sites: [SiteID: OrderedIndex<FreeAgent>] = [:]

    mutating func insert(_ view: AgentView) {
        sites[view.site, default: OrderedIndex()].insert(FreeAgent(view, strategy: key.strategy))
    }

    mutating func remove(_ view: AgentView) {
        sites[view.site]?.remove(FreeAgent(view, strategy: key.strategy))
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
