package import ContactCenter
package import Kernel
package import Routing

/// A routing decision in words, as it is kept with the contact and shown to people (B5, and the field's wish for it).
package struct DecisionRecord: Hashable, Sendable {
    /// One agent that was looked at.
    package struct Agent: Hashable, Sendable {
        /// Who.
        package var agent: AgentID
        /// Where.
        package var site: SiteID
        /// What became of the agent: a short name with its particulars, `lacksSkill: product-x:2`.
        package var verdict: String
        /// Handling time of the day, as known.
        package var handlingToday: Span
        /// How long in the present state, as known.
        package var inState: Span
    }

    /// What was known of one site.
    package struct Site: Hashable, Sendable {
        /// Which.
        package var site: SiteID
        /// Whether it could be reached.
        package var isReachable: Bool
        /// How old the knowledge was.
        package var age: Span
        /// Agents signed in there.
        package var agents: Int
        /// Of those, ones who could take the contact and fit.
        package var fit: Int
    }

    /// When.
    package var at: WallTime
    /// The site that decided.
    package var by: SiteID
    /// The rule that settled it, or why the contact goes on waiting.
    package var rule: String
    /// The agent chosen; nil when it goes on waiting.
    package var agent: AgentID?
    /// The agent's site.
    package var agentSite: SiteID?
    /// What was demanded: `skills product-x:2; tiers 1–2; step 1 after 60 s`.
    package var demand: String
    /// The agents named, in the order in which they stood.
    package var agents: [Agent]
    /// Fit agents beyond those named.
    package var omitted: Int
    /// All sites known.
    package var sites: [Site]
    /// When nobody fits: who comes nearest, and what is missing.
    package var nearest: [String]

    /// Puts an explanation into words.
    package init(_ explanation: Explanation, by site: SiteID) {
        at = explanation.at
        by = site
        rule = explanation.chosen?.rule.rawValue ?? explanation.waits?.rawValue ?? ""
        agent = explanation.chosen?.agent
        agentSite = explanation.chosen?.fence.site
        demand = explanation.demand.map(DecisionRecord.words) ?? ""
        agents = explanation.agents.map {
            Agent(
                agent: $0.agent,
                site: $0.site,
                verdict: $0.verdict.words,
                handlingToday: $0.handlingToday,
                inState: $0.inState
            )
        }
        omitted = explanation.omitted
        sites = explanation.sites.map {
            Site(site: $0.site, isReachable: $0.isReachable, age: $0.age, agents: $0.agents, fit: $0.fit)
        }
        nearest = explanation.nearest.map { miss in
            let gaps = miss.gaps.map(\.description) + (miss.wrongTier.map { ["another tier than \($0)"] } ?? [])
            return "\(miss.agent.key) at \(miss.site.name) lacks \(gaps.joined(separator: ", "))"
        }
    }

    private static func words(_ demand: ExplainedDemand) -> String {
        let skills = demand.requirement.skills.skills.map(\.description).joined(separator: ", ")
        var words = skills.isEmpty ? "no skill" : "skills \(skills)"
        words += "; tiers \(demand.requirement.lowestTier) to \(demand.requirement.highestTier)"
        if demand.step > 0 { words += "; step \(demand.step) after \(demand.after.milliseconds / 1_000) s" }
        return words
    }
}

extension Verdict {
    /// A short name with its particulars, for programs and people alike.
    package var words: String {
        switch self {
        case .chosen(let rule): "chosen: \(rule.rawValue)"
        case .behind(let rule): "behind: \(rule.rawValue)"
        case .notFree(let state): "notFree: \(state.name)"
        case .noCapacity(let taken): "noCapacity: \(taken) of \(Channel.fullCapacity) taken"
        case .lacksSkill(let skill): "lacksSkill: \(skill)"
        case .wrongTier(let tier): "wrongTier: \(tier)"
        case .siteUnreachable: "siteUnreachable"
        case .refusedLately: "refusedLately"
        }
    }
}
