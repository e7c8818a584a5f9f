package import ContactCenter
package import Kernel

/// What routing may be told to do otherwise.
package struct RouterSettings: Hashable, Sendable {
    /// How much less handling time today (or how much longer idle) an agent of another site must have to be taken
    /// before one of this site: about one call, since a smaller difference is no uneven load.
    package var distance: Span = .minutes(5)

    /// Makes settings with the defaults.
    package init() {}
}

/// Who gets which contact, by one rule: the most deserving contact gets the fittest free agent of any reachable
/// site (design §5).
///
/// The fittest: fits skills and tier; then the agent of the customer's latest ticket; then the queue's strategy,
/// with the distance added for other sites; then longest idle, own site, key. A choice is a wish: only the agent's
/// site grants it. Cost: logarithmic in agents and contacts, linear in sites and in distinct requirements.
package struct Router: Sendable {
    /// The site that decides.
    package let site: SiteID
    /// What may be told otherwise.
    package var settings: RouterSettings
    /// The agents known.
    package var agents = AgentDirectory()
    /// The contacts known.
    package var waiting: WaitingRoom

    /// Makes the router of a site.
    package init(site: SiteID, settings: RouterSettings = RouterSettings()) {
        self.site = site
        self.settings = settings
        waiting = WaitingRoom(site: site)
    }

    /// The fittest free agent for a waiting contact (push).
    ///
    /// The contact is not marked: call `waiting.offer` when asking for the reservation, and `refused` or
    /// `waiting.putBack` when it comes to nothing.
    package mutating func decide(_ contact: ContactID, at now: Moment) -> Decision {
        guard let wanted = waiting.contact(contact), !waiting.isOffered(contact) else {
            return decision(contact, nil, .notWaiting, [], nil, at: now)
        }
        guard !waiting.isPaused(contact) else { return decision(contact, nil, .paused, [], nil, at: now) }
        let key = PoolKey(requirement: wanted.requirement, strategy: wanted.strategy)
        let pool = agents.pool(key)
        let ranked = standing(in: pool, for: wanted)
        if let last = lastAgent(of: wanted) {
            let candidate = Candidate(last, rule: .lastAgent)
            return decision(contact, candidate, nil, ranked, pool, at: now)
        }
        if let first = ranked.first, let view = agents.views[first.agent] {
            let rule = rule(of: first, before: ranked.dropFirst().first, strategy: wanted.strategy)
            return decision(contact, Candidate(view, rule: rule), nil, ranked, pool, at: now)
        }
        return decision(contact, nil, waitReason(wanted, pool: pool), ranked, pool, at: now)
    }

    /// Notes that an agent's site refused a candidate: the contact is back at its place, and that agent is passed
    /// over until something newer is known of it.
    package mutating func refused(_ contact: ContactID, candidate: Candidate, at now: Moment) {
        let exclusion = WaitingRoom.Exclusion(fence: candidate.fence, version: candidate.version)
        waiting.refused(contact, by: candidate.agent, exclusion, at: now.instant)
        waiting.putBack(contact)
    }

    /// The most deserving contact of any site known for a free agent of this site (pull); nil when none fits.
    package func pull(for agent: AgentID) -> WaitingContact? {
        guard let view = agents.views[agent], view.state == .ready, view.site == site else { return nil }
        var best: ServiceRank?
        for (requirement, order) in waiting.orders
        where requirement.admits(tier: view.tier, skills: view.skills) {
            guard let head = order.first, best.map({ head < $0 }) ?? true else { continue }
            if !waiting.isExcluded(view, from: head.contact) {
                best = head
                continue
            }
            // Rare: the head refused lately. Look a bounded way past it.
            let next = order.prefix(Limits.pullSkipsMax).first { !waiting.isExcluded(view, from: $0.contact) }
            if let next, best.map({ next < $0 }) ?? true { best = next }
        }
        return best.flatMap { waiting.contact($0.contact) }
    }

    /// Follows the site's own book: what it says of an agent is the truth here.
    package mutating func follow(_ book: AgentBook, _ agent: AgentID) {
        if let view = book.view(of: agent) {
            agents.upsert(view)
        } else {
            agents.remove(agent, from: site)
        }
    }

    /// When `waiting.expirePauses` has something to do next.
    package var nextDeadline: Instant? { waiting.nextDeadline }
}

extension Candidate {
    init(_ view: AgentView, rule: ChoiceRule) {
        self.init(agent: view.agent, fence: view.fence, version: view.version, rule: rule)
    }
}
