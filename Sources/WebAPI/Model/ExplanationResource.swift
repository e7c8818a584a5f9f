/// Why a contact went where it went: its decisions, newest first.
package struct ExplanationResource: Codable, Hashable, Sendable {
    /// The contact.
    package var contact: String
    /// Its decisions, newest first.
    package var decisions: [DecisionResource]

    /// Puts one together.
    package init(
        contact: String,
        decisions: [DecisionResource]
    ) {
        self.contact = contact
        self.decisions = decisions
    }
}

/// One routing decision.
package struct DecisionResource: Codable, Hashable, Sendable {
    /// When.
    package var at: Timestamp
    /// The site that decided.
    package var site: String
    /// `offers` or `waits`.
    package var result: String
    /// The rule that settled it, for people.
    package var rule: String
    /// The agent chosen.
    @Nullable package var agent: String?
    /// That agent's site.
    @Nullable package var agentSite: String?
    /// What was demanded, for people: skills, tiers, and the step of relaxation.
    package var demand: String
    /// Those looked at, best first; everybody for what would be decided now, the first few for what was.
    package var candidates: [CandidateResource]
    /// Fit agents beyond those named.
    package var omitted: Int
    /// When nobody fits: who comes nearest and what is missing, for people.
    package var nearest: [String]
    /// What was known of each site.
    package var sites: [DecisionSite]

    /// Puts one together.
    package init(
        at: Timestamp,
        site: String,
        result: String,
        rule: String,
        agent: String? = nil,
        agentSite: String? = nil,
        demand: String = "",
        candidates: [CandidateResource],
        omitted: Int = 0,
        nearest: [String] = [],
        sites: [DecisionSite]
    ) {
        self.at = at
        self.site = site
        self.result = result
        self.rule = rule
        self.agent = agent
        self.agentSite = agentSite
        self.demand = demand
        self.candidates = candidates
        self.omitted = omitted
        self.nearest = nearest
        self.sites = sites
    }
}

/// One agent looked at.
package struct CandidateResource: Codable, Hashable, Sendable {
    /// The agent.
    package var agent: String
    /// The agent's site.
    package var site: String
    /// Whether it was this one.
    package var chosen: Bool
    /// Why, or why not, for people.
    package var reason: String
    /// Time spent on contacts that day, in milliseconds.
    @Nullable package var handlingTodayMs: Int64?
    /// How long free, in milliseconds.
    @Nullable package var idleMs: Int64?

    /// Puts one together.
    package init(
        agent: String,
        site: String,
        chosen: Bool,
        reason: String,
        handlingTodayMs: Int64? = nil,
        idleMs: Int64? = nil
    ) {
        self.agent = agent
        self.site = site
        self.chosen = chosen
        self.reason = reason
        self.handlingTodayMs = handlingTodayMs
        self.idleMs = idleMs
    }
}

/// What was known of a site when it was decided.
package struct DecisionSite: Codable, Hashable, Sendable {
    /// The site.
    package var site: String
    /// How it looked.
    package var state: SiteCondition
    /// How old its data was, in milliseconds.
    package var ageMs: Int64
    /// Agents signed in there.
    package var agents: Int
    /// Of those, ones who fit and could take the contact.
    package var fit: Int

    /// Puts one together.
    package init(
        site: String,
        state: SiteCondition,
        ageMs: Int64,
        agents: Int = 0,
        fit: Int = 0
    ) {
        self.site = site
        self.state = state
        self.ageMs = ageMs
        self.agents = agents
        self.fit = fit
    }
}
