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
    /// Takes contacts, but so many points of her capacity are taken that this one does not fit.
    case noCapacity(taken: Int)
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

    init(_ view: AgentView, _ verdict: Verdict, at now: Moment) {
        agent = view.agent
        site = view.site
        self.verdict = verdict
        handlingToday = view.handlingToday
        inState = max(.zero, now.wall - view.since)
    }
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
    /// Of those, the ones with enough capacity left for the contact.
    package let free: Int
    /// Of those, ones that fit the contact.
    package let fit: Int
}

/// What a contact demanded at the time, and how it came to that.
package struct ExplainedDemand: Hashable, Sendable {
    /// What an agent had to bring.
    package let requirement: Requirement
    /// Which relaxation step was in force, from 1; 0 for what is demanded at first.
    package let step: Int
    /// From which wait on that step is in force; zero for step 0.
    package let after: Span
    /// When the next change comes: a step, or the end of the patience with the last agent.
    package let next: WallTime?
    /// What the contact takes of an agent's capacity.
    package let cost: Int
}

/// The last agent of the customer in an explanation.
package struct ExplainedAffinity: Hashable, Sendable {
    /// Who.
    package let agent: AgentID
    /// True while the contact waits for her alone.
    package let isAwaited: Bool
    /// Until when it waits at the longest.
    package let until: WallTime
}

/// An agent who comes near to a requirement that nobody fulfils.
package struct NearMiss: Hashable, Sendable {
    /// Who.
    package let agent: AgentID
    /// Where.
    package let site: SiteID
    /// The demanded skills that she lacks or has at too low a level, as demanded.
    package let gaps: [Skill]
    /// Her tier, when it may not serve; nil when it may.
    package let wrongTier: AgentTier?
}

/// How a decision about a contact came about.
package struct Explanation: Hashable, Sendable {
    /// The contact.
    package let contact: ContactID
    /// When.
    package let at: WallTime
    /// The one chosen; the first where several ring.
    package let chosen: Candidate?
    /// Why nobody was chosen.
    package let waits: WaitReason?
    /// What was demanded; nil for a contact that is not known.
    package let demand: ExplainedDemand?
    /// The agent of the latest ticket, where the queue waits for her.
    package let affinity: ExplainedAffinity?
    /// Agents in the order in which they stood; in the short form the first few of the fit ones.
    package let agents: [ExplainedAgent]
    /// Fit agents beyond those named; 0 in the full form.
    package let omitted: Int
    /// All sites known, by name.
    package let sites: [ExplainedSite]
    /// Who comes nearest when no agent known fits; best first, only in the full form.
    package let nearest: [NearMiss]
}
