import ContactCenter
import Kernel

extension Router {
    /// The first few free and fit agents of all reachable sites in their order.
    ///
    /// Within a site the distance is the same for all, so the head of the site's index is its best; the first few
    /// of each site contain the first few of all.
    func standing(in pool: Int, for wanted: WaitingContact) -> [Standing] {
        var ranked: [Standing] = []
        for (other, index) in agents.pools[pool].sites where agents.isReachable(other) {
            var taken = 0
            index.scan { free in
                if let view = agents.views[free.agent], !waiting.isExcluded(view, from: wanted.contact) {
                    let place = Standing(
                        free,
                        isRemote: other != site,
                        strategy: wanted.strategy,
                        distance: settings.distance
                    )
                    ranked.append(place)
                    taken += 1
                }
                return taken < Limits.explanationVerdictsMax
            }
        }
        ranked.sort()
        return Array(ranked.prefix(Limits.explanationVerdictsMax))
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
        agents.sites.sorted { $0.key < $1.key }.map { other, knowledge in
            let census = agents.census(of: other)
            return ExplainedSite(
                site: other,
                isReachable: knowledge.isReachable,
                age: other == site ? .zero : max(.zero, now.instant - knowledge.heardAt),
                agents: census.agents,
                free: census.byState[.ready] ?? 0,
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
