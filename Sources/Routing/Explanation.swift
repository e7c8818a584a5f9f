package import ContactCenter
package import Kernel

/// Why an agent was or was not chosen for a contact.
package enum Verdict: Hashable, Sendable {
    /// Chosen.
    case chosen(ChoiceRule)
    /// Free and fit; another stood before, by this rule.
    case behind(ChoiceRule)
    /// Busy or away.
    case notFree(AgentStateKind)
    /// Lacks a skill, or has it at too low a level.
    case lacksSkill(Skill)
    /// The tier may not serve this severity and customer.
    case wrongTier(AgentTier)
    /// Logged in at a site that cannot be reached: unknown, not free.
    case siteUnreachable
    /// Its site refused this contact lately, and nothing newer is known of the agent.
    case refusedLately
}

/// One agent in an explanation.
package struct ExplainedAgent: Hashable, Sendable {
    /// Who.
    package let agent: AgentID
    /// Where.
    package let site: SiteID
    /// What became of the agent in this decision.
    package let verdict: Verdict
    /// Handling time today, as known.
    package let handlingToday: Span
    /// How long the agent has been in its state, as known.
    package let inState: Span
}

/// One site in an explanation.
package struct ExplainedSite: Hashable, Sendable {
    /// Which.
    package let site: SiteID
    /// Whether it can be reached.
    package let isReachable: Bool
    /// How old the knowledge of it was.
    package let age: Span
    /// Agents logged in there, as known.
    package let agents: Int
    /// Of those, free ones.
    package let free: Int
    /// Of those, ones that fit the contact.
    package let fit: Int
}

/// How a decision about a contact came about.
package struct Explanation: Hashable, Sendable {
    /// The contact.
    package let contact: ContactID
    /// When.
    package let at: WallTime
    /// The one chosen.
    package let chosen: Candidate?
    /// Why nobody was chosen.
    package let waits: WaitReason?
    /// Agents in the order in which they stood; in the short form the first few of the fit ones.
    package let agents: [ExplainedAgent]
    /// Fit agents beyond those named; 0 in the full form.
    package let omitted: Int
    /// All sites known, by name.
    package let sites: [ExplainedSite]
}

/// Why a contact goes on waiting.
package enum WaitReason: String, Hashable, CaseIterable, Sendable {
    /// Fit agents are known, none is free.
    case nobodyFree
    /// No agent known fits, free or not: tell the supervisor.
    case nobodyFits
    /// Free and fit agents are known only at unreachable sites, or refused lately.
    case nobodyAvailable
    /// It was refused too often in a row and pauses for a moment.
    case paused
    /// It is not waiting: unknown, or being offered already.
    case notWaiting
}

/// What routing wants for a contact.
package struct Decision: Hashable, Sendable {
    /// Whom to ask for; nil to go on waiting.
    package let candidate: Candidate?
    /// How it came about, in the short form.
    package let explanation: Explanation
}
