package import ContactCenter
package import Kernel

/// What this site knows of another, or of itself.
package struct SiteKnowledge: Hashable, Sendable {
    /// False makes the site's agents unknown, not free (design §1).
    package var isReachable: Bool
    /// When the site's presence was last heard; the age of its data counts from here.
    package var heardAt: Instant

    /// Makes it.
    package init(isReachable: Bool, heardAt: Instant) {
        self.isReachable = isReachable
        self.heardAt = heardAt
    }
}

/// All agents that this site knows of, with sorted indexes of the free ones.
///
/// Structure: for each distinct requirement and strategy (few: queues times tier ranges) a pool, made when first
/// asked for; in it one sorted index for each site. A change of an agent touches the pools that its capability
/// fits, each in logarithmic time; a choice looks at the head of each site's index.
package struct AgentDirectory: Sendable {
    /// How many agents of a site are in each state.
    package struct Census: Hashable, Sendable {
        /// Logged in, in any state.
        package internal(set) var agents = 0
        /// In each state, by the state's number.
        private var counts = [Int](repeating: 0, count: AgentStateKind.allCases.count + 1)

        /// How many are in a state.
        package func count(of state: AgentStateKind) -> Int { counts[Int(state.rawValue)] }

        mutating func add(_ change: Int, to state: AgentStateKind) {
            agents += change
            counts[Int(state.rawValue)] += change
        }
    }

    var views: [AgentID: AgentView] = [:]
    /// The sites known, with reachability.
    package internal(set) var sites: [SiteID: SiteKnowledge] = [:] {
        didSet { if sites.count != siteOrder.count { siteOrder = sites.keys.sorted() } }
    }

    /// The sites known, sorted.
    package private(set) var siteOrder: [SiteID] = []
    var census: [SiteID: Census] = [:]
    var pools: [AgentPool] = []
    var poolIndex: [PoolKey: Int] = [:]
    /// Which pools a capability fits.
    var fitting: [Capability: [Int]] = [:]
    /// How many agents have each capability.
    var capabilities: [Capability: Int] = [:]
    var agentsOfSite: [SiteID: Set<AgentID>] = [:]

    /// Makes an empty directory.
    package init() {}

    /// How many agents are known.
    package var count: Int { views.count }

    /// What is known of an agent: `unreachable` when its site cannot be reached.
    package func view(of agent: AgentID) -> AgentView? {
        guard var view = views[agent] else { return nil }
        if !isReachable(view.site) { view.state = .unreachable }
        return view
    }

    /// All that is known, by key; agents of unreachable sites show as `unreachable`.
    package var all: [AgentView] { views.keys.sorted().compactMap { view(of: $0) } }

    /// Whether a site can be reached; one never heard of cannot.
    package func isReachable(_ site: SiteID) -> Bool { sites[site]?.isReachable ?? false }

    /// How many agents a site has in each state, as it last said.
    package func census(of site: SiteID) -> Census { census[site] ?? Census() }
}

extension AgentDirectory {
    /// Takes in what a site says of one of its agents.
    ///
    /// Where two sites claim an agent, the higher fence stands.
    package mutating func upsert(_ view: AgentView) {
        if let known = views[view.agent] {
            guard view.fence >= known.fence else { return }
            // A version that is not newer says nothing new about the same login.
            guard view.fence != known.fence || view.version > known.version else { return }
            drop(known)
        } else if views.count >= Limits.agentsKnownMax {
            return
        }
        guard view.state != .loggedOut else { return }
        views[view.agent] = view
        agentsOfSite[view.site, default: []].insert(view.agent)
        capabilities[Capability(view), default: 0] += 1
        census[view.site, default: Census()].add(1, to: view.state.kind)
        if view.state == .ready { forEachPool(of: view) { $0.insert(view) } }
    }

    /// Takes out an agent of a site that logged out there; another site's claim stays.
    package mutating func remove(_ agent: AgentID, from site: SiteID) {
        guard let known = views[agent], known.site == site else { return }
        drop(known)
    }

    /// Notes whether a site can be reached and when it was heard.
    ///
    /// Its agents stay known; while it cannot be reached none of them counts as free.
    package mutating func update(_ site: SiteID, _ knowledge: SiteKnowledge) {
        sites[site] = knowledge
    }

    /// Forgets a site and its agents: it has left the cluster, or starts anew.
    package mutating func forget(_ site: SiteID) {
        for agent in (agentsOfSite[site] ?? []).sorted() { remove(agent, from: site) }
        sites[site] = nil
        census[site] = nil
    }

    private mutating func drop(_ view: AgentView) {
        if view.state == .ready { forEachPool(of: view) { $0.remove(view) } }
        views[view.agent] = nil
        agentsOfSite[view.site]?.remove(view.agent)
        if agentsOfSite[view.site]?.isEmpty == true { agentsOfSite[view.site] = nil }
        let capability = Capability(view)
        let left = (capabilities[capability] ?? 1) - 1
        capabilities[capability] = left > 0 ? left : nil
        census[view.site]?.add(-1, to: view.state.kind)
    }

    private mutating func forEachPool(of view: AgentView, _ change: (inout AgentPool) -> Void) {
        let capability = Capability(view)
        if fitting[capability] == nil {
            // Capabilities are as few as the combinations of skills and tiers in use; forget when they are not.
            if fitting.count >= Limits.routingCapabilitiesMax { fitting = [:] }
            fitting[capability] = pools.indices.filter {
                pools[$0].key.requirement.admits(tier: view.tier, skills: view.skills)
            }
        }
        for index in fitting[capability] ?? [] { change(&pools[index]) }
    }
}

extension AgentDirectory {
    /// The pool of a requirement; made on first use from all known agents.
    mutating func pool(_ key: PoolKey) -> Int {
        if let index = poolIndex[key] { return index }
        if pools.count >= Limits.routingPoolsMax {
            pools = []
            poolIndex = [:]
        }
        var pool = AgentPool(key: key)
        for view in views.values.sorted(by: { $0.agent < $1.agent })
        where view.state == .ready && key.requirement.admits(tier: view.tier, skills: view.skills) {
            pool.insert(view)
        }
        pools.append(pool)
        poolIndex[key] = pools.count - 1
        // Which pools a capability fits is found again on demand.
        fitting = [:]
        return pools.count - 1
    }
}

extension AgentDirectory {
    /// True when any agent known, free or not, fits.
    ///
    /// Looks at capabilities, not at agents.
    package func fits(_ requirement: Requirement) -> Bool {
        capabilities.keys.contains { requirement.admits(tier: $0.tier, skills: $0.skills) }
    }
}
