import ContactCenter
import Kernel

extension Router {
    /// The first few free and fit agents of all reachable sites in their order.
    ///
    /// Within a site the distance is the same for all, so the head of the site's index is its best. The first few of
    /// all can only come from the sites with the few best heads.
    func standing(in pool: Int, for wanted: WaitingContact) -> [Standing] {
        let exclusions = waiting.exclusions(from: wanted.contact)
        var heads: [(place: Standing, site: SiteID)] = []
        for (other, index) in agents.pools[pool].sites where agents.isReachable(other) {
            let first = places(1, at: other, of: index, wanted, exclusions)
            if let first = first.first { heads.append((first, other)) }
        }
        heads.sort { $0.place < $1.place }
        var ranked: [Standing] = []
        for head in heads.prefix(Limits.explanationVerdictsMax) {
            guard let index = agents.pools[pool].sites[head.site] else { continue }
            ranked += places(Limits.explanationVerdictsMax, at: head.site, of: index, wanted, exclusions)
        }
        ranked.sort()
        return Array(ranked.prefix(Limits.explanationVerdictsMax))
    }

    /// The first few of one site.
    private func places(
        _ limit: Int,
        at other: SiteID,
        of index: OrderedIndex<FreeAgent>,
        _ wanted: WaitingContact,
        _ exclusions: [AgentID: WaitingRoom.Exclusion]
    ) -> [Standing] {
        let isRemote = other != site
        var free = index.prefix(limit + exclusions.count)
        if !exclusions.isEmpty {
            free.removeAll { agents.views[$0.agent].map { exclusions[$0.agent]?.covers($0) == true } ?? true }
        }
        return free.prefix(limit).map {
            Standing($0, isRemote: isRemote, strategy: wanted.strategy, distance: settings.distance)
        }
    }

    /// The agent of the customer's latest ticket, when free, fit, reachable and not refused lately.
    func lastAgent(of wanted: WaitingContact) -> AgentView? {
        guard let last = wanted.lastAgent, let view = agents.views[last], view.state == .ready,
            agents.isReachable(view.site), wanted.requirement.admits(tier: view.tier, skills: view.skills),
            !waiting.isExcluded(view, from: wanted.contact)
        else { return nil }
        return view
    }

    /// What set the first apart from the second.
    func rule(of first: Standing, before second: Standing?, strategy: RoutingStrategy) -> ChoiceRule {
        guard let second else { return .onlyOne }
        if first.load != second.load {
            return strategy == .fewestContacts ? .fewestContacts : .leastHandlingTime
        }
        if first.since != second.since { return .longestIdle }
        return first.isRemote != second.isRemote ? .nearest : .key
    }

    /// Why nobody stands in a pool.
    func waitReason(_ wanted: WaitingContact, pool: Int) -> WaitReason {
        if !agents.pools[pool].sites.isEmpty { return .nobodyAvailable }
        return agents.fits(wanted.requirement) ? .nobodyFree : .nobodyFits
    }

    /// Puts the short explanation to a choice.
    func decision(
        _ contact: ContactID,
        _ chosen: Candidate?,
        _ waits: WaitReason?,
        _ ranked: [Standing],
        _ pool: Int?,
        at now: Moment
    ) -> Decision {
        var named: [ExplainedAgent] = []
        if let chosen, let view = agents.views[chosen.agent] {
            named.append(ExplainedAgent(view, .chosen(chosen.rule), at: now))
        }
        for place in ranked where place.agent != chosen?.agent {
            guard let view = agents.views[place.agent], let chosen else { continue }
            named.append(ExplainedAgent(view, .behind(chosen.rule), at: now))
        }
        let sites = explainedSites(pool: pool, at: now)
        let fit = sites.reduce(0) { $0 + ($1.isReachable ? $1.fit : 0) }
        let explanation = Explanation(
            contact: contact,
            at: now.wall,
            chosen: chosen,
            waits: waits,
            agents: named,
            omitted: max(0, fit - named.count),
            sites: sites
        )
        return Decision(candidate: chosen, explanation: explanation)
    }

    func explainedSites(pool: Int?, at now: Moment) -> [ExplainedSite] {
        agents.siteOrder.map { other in
            let census = agents.census(of: other)
            let knowledge = agents.sites[other]
            return ExplainedSite(
                site: other,
                isReachable: knowledge?.isReachable ?? false,
                age: other == site ? .zero : max(.zero, now.instant - (knowledge?.heardAt ?? now.instant)),
                agents: census.agents,
                free: census.count(of: .ready),
                fit: pool.flatMap { agents.pools[$0].sites[other]?.count } ?? 0
            )
        }
    }
}

extension ExplainedAgent {
    init(_ view: AgentView, _ verdict: Verdict, at now: Moment) {
        agent = view.agent
        site = view.site
        self.verdict = verdict
        handlingToday = view.handlingToday
        inState = max(.zero, now.wall - view.since)
    }
}
