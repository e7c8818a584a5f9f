/// An agent's tier as the API writes it.
package enum AgentTierName: String, Codable, Hashable, Sendable, CaseIterable {
    /// Tier 0.
    case consultant
    /// Tier 1.
    case intermediate
    /// Tier 2.
    case senior
}

/// An agent's profile; secrets are never shown.
package struct AgentResource: Codable, Hashable, Sendable {
    /// The login.
    package var id: String
    /// The name that colleagues see.
    package var name: String
    /// The home site.
    @Nullable package var site: String?
    /// The tier.
    package var tier: AgentTierName
    /// Skills as `skill:level`, sorted.
    package var skills: [String]
    /// The user name of the agent's phone.
    @Nullable package var sipUser: String?
    /// The language of the pages.
    @Nullable package var language: String?
    /// The team.
    @Nullable package var team: String?
    /// Where calls are answered: `phone` or `page`.
    package var answersOn: String
    /// False once the agent has left.
    package var active: Bool
    /// Whether somebody can sign in as this agent.
    package var hasAccount: Bool
    /// The causal version, the ETag without its quotes.
    package var version: String

    /// Puts one together.
    package init(
        id: String,
        name: String,
        site: String? = nil,
        tier: AgentTierName,
        skills: [String],
        sipUser: String? = nil,
        language: String? = nil,
        team: String? = nil,
        answersOn: String = "phone",
        active: Bool,
        hasAccount: Bool,
        version: String
    ) {
        self.id = id
        self.name = name
        self.site = site
        self.tier = tier
        self.skills = skills
        self.sipUser = sipUser
        self.language = language
        self.team = team
        self.answersOn = answersOn
        self.active = active
        self.hasAccount = hasAccount
        self.version = version
    }
}
