package import ContactCenter
package import Kernel

extension Router {
    /// The full explanation of what a decision about a contact would be now: each known agent with its verdict, the
    /// candidates in their order first, then the others by key.
    ///
    /// Costs time linear in agents: on request only.
    ///
    /// Returns nil when the contact is not known.
    package mutating func explain(_ contact: ContactID, at now: Moment) -> Explanation? {
        guard let wanted = waiting.contact(contact) else { return nil }
        let short = decide(contact, at: now)
        let chosen = short.candidate
        var fit: [(Standing, AgentView)] = []
        var others: [ExplainedAgent] = []
        for view in agents.views.values {
            if view.agent == chosen?.agent { continue }
            if let verdict = passedOver(view, for: wanted) {
                others.append(ExplainedAgent(view, verdict, at: now))
            } else {
                let free = FreeAgent(view, strategy: wanted.strategy)
                let place = Standing(
                    free,
                    isRemote: view.site != site,
                    strategy: wanted.strategy,
                    distance: settings.distance
                )
                fit.append((place, view))
            }
        }
        var named: [ExplainedAgent] = []
        if let chosen, let view = agents.views[chosen.agent] {
            named.append(ExplainedAgent(view, .chosen(chosen.rule), at: now))
        }
        for (_, view) in fit.sorted(by: { $0.0 < $1.0 }) {
            named.append(ExplainedAgent(view, .behind(chosen?.rule ?? .key), at: now))
        }
        named += others.sorted { $0.agent < $1.agent }
        return Explanation(
            contact: contact,
            at: now.wall,
            chosen: chosen,
            waits: short.explanation.waits,
            agents: named,
            omitted: 0,
            sites: short.explanation.sites
        )
    }

    /// Why an agent is no candidate; nil when it is one.
    func passedOver(_ view: AgentView, for wanted: WaitingContact) -> Verdict? {
        if !agents.isReachable(view.site) { return .siteUnreachable }
        if !(wanted.requirement.lowestTier...wanted.requirement.highestTier).contains(view.tier) {
            return .wrongTier(view.tier)
        }
        if let gap = view.skills.firstGap(to: wanted.requirement.skills) { return .lacksSkill(gap) }
        if view.state != .ready { return .notFree(view.state.kind) }
        return waiting.isExcluded(view, from: wanted.contact) ? .refusedLately : nil
    }
}
