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

/// All agents that this site knows of, with sorted indexes of those that take a contact.
///
/// Structure: for each distinct requirement, strategy and cost (few: queues times tier ranges and steps) a pool, made
/// when first asked for; in it one sorted index for each site. A change of an agent touches the pools that its
/// capability fits, each in logarithmic time; a choice looks at the head of each site's index.
package struct AgentDirectory: Sendable {
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
    var agentsOfSite: [SiteID: Set<AgentID>] = [:]
    /// When each agent was last offered a contact, as numbers in the order in which this site learnt of it.
    var offered: [AgentID: UInt64] = [:]
    private var offers: UInt64 = 0
    /// Agents whom contacts wait for, and those of them that changed since the last look.
    var watched: Set<AgentID> = []
    var touched: Set<AgentID> = []

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
    /// Where two sites claim an agent, the higher fence stands. Numbers out of range are brought into it.
    package mutating func upsert(_ told: AgentView) {
        let view = told.sane
        let known = views[view.agent]
        if let known {
            guard view.fence >= known.fence else { return }
            // A version that is not newer says nothing new about the same login.
            guard view.fence != known.fence || view.version > known.version else { return }
            drop(known)
        } else if views.count >= Limits.agentsKnownMax {
            return
        }
        guard view.state != .loggedOut else {
            offered[view.agent] = nil
            return
        }
        let before = known.map { $0.fence == view.fence ? $0.occupied : 0 } ?? 0
        if view.occupied > before {
            // A promise or a contact more than before: an offer was made.
            offers += 1
            offered[view.agent] = offers
        }
        views[view.agent] = view
        agentsOfSite[view.site, default: []].insert(view.agent)
        census[view.site, default: Census()].add(1, view)
        enter(view)
        if watched.contains(view.agent) { touched.insert(view.agent) }
    }

    /// Takes out an agent of a site that logged out there; another site's claim stays.
    package mutating func remove(_ agent: AgentID, from site: SiteID) {
        guard let known = views[agent], known.site == site else { return }
        drop(known)
        offered[agent] = nil
    }

    /// Notes whether a site can be reached and when it was heard.
    ///
    /// Its agents stay known; while it cannot be reached none of them counts as free.
    package mutating func update(_ site: SiteID, _ knowledge: SiteKnowledge) {
        if isReachable(site) != knowledge.isReachable { touched.formUnion(watched) }
        sites[site] = knowledge
    }

    /// Forgets a site and its agents: it has left the cluster, or starts anew.
    package mutating func forget(_ site: SiteID) {
        for agent in (agentsOfSite[site] ?? []).sorted() { remove(agent, from: site) }
        sites[site] = nil
        census[site] = nil
    }

    private mutating func drop(_ view: AgentView) {
        leave(view)
        views[view.agent] = nil
        agentsOfSite[view.site]?.remove(view.agent)
        if agentsOfSite[view.site]?.isEmpty == true { agentsOfSite[view.site] = nil }
        census[view.site]?.add(-1, view)
        if watched.contains(view.agent) { touched.insert(view.agent) }
    }
}

extension AgentView {
    /// The same with numbers in the ranges in which no arithmetic can overflow.
    var sane: AgentView {
        var sane = self
        sane.since = PresenceNumber.time(since.milliseconds)
        sane.handlingToday = PresenceNumber.span(handlingToday.milliseconds)
        sane.idleToday = PresenceNumber.span(idleToday.milliseconds)
        sane.contactsToday = min(max(contactsToday, 0), Int(Int32.max))
        sane.occupied = min(max(occupied, 0), Channel.fullCapacity)
        return sane
    }
}
