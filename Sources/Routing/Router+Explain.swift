package import ContactCenter
package import Kernel

extension Router {
    /// The short explanation of a decision just made: those chosen and the first few behind them, and the sites.
    ///
    /// Deciding does not make it, since nobody reads most of them; ask before anything changes.
    package mutating func summary(of decision: Decision, at now: Moment) -> Explanation {
        guard let entry = waiting.entries[decision.contact] else {
            return explanation(of: decision, nil, agents: [], omitted: 0, pool: nil, at: now)
        }
        let pool = agents.pool(entry.pool)
        var named = chosen(in: decision, at: now)
        let ranked = standing(Limits.explanationVerdictsMax, in: pool, for: entry)
        let rule = decision.ruleOfOthers
        for place in ranked where !decision.asks(place.agent) {
            guard let rule, let view = agents.views[place.agent] else { continue }
            named.append(ExplainedAgent(view, .behind(rule), at: now))
        }
        var fit = 0
        for (other, index) in agents.pools[pool].sites where agents.isReachable(other) { fit += index.count }
        let omitted = max(0, fit - named.count)
        return explanation(of: decision, entry, agents: named, omitted: omitted, pool: pool, at: now)
    }

    /// The full explanation of what a decision about a contact would be now: each known agent with its verdict, the
    /// candidates in their order first, then the others by key.
    ///
    /// Costs time linear in agents: on request only. The lots drawn later do not depend on it.
    ///
    /// Returns nil when the contact is not known.
    package mutating func explain(_ contact: ContactID, at now: Moment) -> Explanation? {
        let lots = random
        let decision = decide(contact, at: now)
        random = lots
        guard let entry = waiting.entries[contact] else { return nil }
        var fit: [(Standing, AgentView)] = []
        var others: [ExplainedAgent] = []
        for view in agents.views.values where !decision.asks(view.agent) {
            if let verdict = passedOver(view, for: entry) {
                others.append(ExplainedAgent(view, verdict, at: now))
            } else {
                let free = FreeAgent(view, key: entry.pool, offered: agents.offered[view.agent] ?? 0)
                let place = Standing(
                    free,
                    isRemote: view.site != site,
                    strategy: entry.waiting.strategy,
                    distance: settings.distance
                )
                fit.append((place, view))
            }
        }
        let pool = agents.pool(entry.pool)
        var named = chosen(in: decision, at: now)
        for (_, view) in fit.sorted(by: { $0.0 < $1.0 }) {
            named.append(ExplainedAgent(view, .behind(decision.ruleOfOthers ?? .key), at: now))
        }
        named += others.sorted { $0.agent < $1.agent }
        return explanation(
            of: decision,
            entry,
            agents: named,
            omitted: 0,
            pool: pool,
            nearest: decision.waits == .nobodyFits ? nearest(to: contact) : [],
            at: now
        )
    }

    /// Who comes nearest to what a contact demands, best first: the fewest gaps, then the fewest missing levels.
    ///
    /// Costs time linear in agents. Empty when the contact is not known, or nobody is logged in.
    package func nearest(to contact: ContactID) -> [NearMiss] {
        guard let demand = waiting.requirement(of: contact) else { return [] }
        var best: [(gaps: Int, levels: Int, miss: NearMiss)] = []
        for view in agents.views.values {
            let gaps = demand.skills.skills.filter { view.skills.level(of: $0.name) < $0.level }
            let levels = gaps.reduce(0) { $0 + Int($1.level) - Int(view.skills.level(of: $1.name)) }
            let isWrong = !demand.admits(tier: view.tier)
            let miss = NearMiss(agent: view.agent, site: view.site, gaps: gaps, wrongTier: isWrong ? view.tier : nil)
            best.append((gaps.count + (isWrong ? 1 : 0), levels, miss))
            guard best.count > Limits.nearestMax * 8 else { continue }
            best.sort { ($0.gaps, $0.levels, $0.miss.agent) < ($1.gaps, $1.levels, $1.miss.agent) }
            best.removeLast(best.count - Limits.nearestMax)
        }
        best.sort { ($0.gaps, $0.levels, $0.miss.agent) < ($1.gaps, $1.levels, $1.miss.agent) }
        return best.prefix(Limits.nearestMax).map(\.miss)
    }
}

extension Router {
    /// Why an agent is no candidate; nil when it is one.
    private func passedOver(_ view: AgentView, for entry: WaitingRoom.Entry) -> Verdict? {
        if !agents.isReachable(view.site) { return .siteUnreachable }
        if !entry.requirement.admits(tier: view.tier) { return .wrongTier(view.tier) }
        if let gap = view.skills.firstGap(to: entry.requirement.skills) { return .lacksSkill(gap) }
        if !view.takes(cost: entry.waiting.cost) {
            return view.isOpen ? .noCapacity(taken: view.occupied) : .notFree(view.state.kind)
        }
        return entry.exclusions[view.agent]?.covers(view) == true ? .refusedLately : nil
    }

    private func chosen(in decision: Decision, at now: Moment) -> [ExplainedAgent] {
        decision.candidates.compactMap { candidate in
            agents.views[candidate.agent].map { ExplainedAgent($0, .chosen(candidate.rule), at: now) }
        }
    }

    private func explanation(
        of decision: Decision,
        _ entry: WaitingRoom.Entry?,
        agents named: [ExplainedAgent],
        omitted: Int,
        pool: Int?,
        nearest: [NearMiss] = [],
        at now: Moment
    ) -> Explanation {
        Explanation(
            contact: decision.contact,
            at: now.wall,
            chosen: decision.candidate,
            waits: decision.waits,
            demand: entry.map(demand),
            affinity: entry.flatMap(affinity),
            agents: named,
            omitted: omitted,
            sites: explainedSites(entry, pool: pool, at: now),
            nearest: nearest
        )
    }

    private func demand(of entry: WaitingRoom.Entry) -> ExplainedDemand {
        ExplainedDemand(
            requirement: entry.requirement,
            step: entry.step,
            after: entry.step > 0 ? entry.waiting.steps[entry.step - 1].after : .zero,
            next: entry.due.map { WallTime(milliseconds: $0) },
            cost: entry.waiting.cost
        )
    }

    private func affinity(of entry: WaitingRoom.Entry) -> ExplainedAffinity? {
        guard let agent = entry.waiting.lastAgent, entry.waiting.affinity > .zero else { return nil }
        let until = entry.waiting.since + entry.waiting.affinity
        return ExplainedAffinity(agent: agent, isAwaited: entry.isHeld && !entry.isOffered, until: until)
    }

    private func explainedSites(_ entry: WaitingRoom.Entry?, pool: Int?, at now: Moment) -> [ExplainedSite] {
        agents.siteOrder.map { other in
            let census = agents.census(of: other)
            let knowledge = agents.sites[other]
            return ExplainedSite(
                site: other,
                isReachable: knowledge?.isReachable ?? false,
                age: other == site ? .zero : max(.zero, now.instant - (knowledge?.heardAt ?? now.instant)),
                agents: census.agents,
                free: census.taking(cost: entry?.waiting.cost ?? Channel.fullCapacity),
                fit: pool.flatMap { agents.pools[$0].sites[other]?.count } ?? 0
            )
        }
    }
}

extension Decision {
    /// Whether an agent is among those to ask.
    func asks(_ agent: AgentID) -> Bool {
        candidate?.agent == agent || (!others.isEmpty && others.contains { $0.agent == agent })
    }

    /// The rule by which the other free and fit agents stand behind; nil when there is none to tell.
    var ruleOfOthers: ChoiceRule? { candidate?.rule ?? (waits == .awaitsLastAgent ? .lastAgent : nil) }
}
