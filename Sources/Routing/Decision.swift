package import ContactCenter

/// Whom routing wants to reserve for a contact.
package struct Candidate: Hashable, Sendable {
    /// The agent.
    package let agent: AgentID
    /// The login to name when asking for the reservation.
    package let fence: LoginFence
    /// The version of the view that the choice rests on; name it when the reservation is refused.
    package let version: UInt64
    /// The rule that decided.
    package let rule: ChoiceRule

    /// Makes a candidate.
    package init(agent: AgentID, fence: LoginFence, version: UInt64, rule: ChoiceRule) {
        self.agent = agent
        self.fence = fence
        self.version = version
        self.rule = rule
    }
}

/// The rule that decided between the fit agents.
package enum ChoiceRule: String, Hashable, CaseIterable, Sendable {
    /// The agent of the customer's latest ticket was free.
    case lastAgent
    /// Only one fit agent was free.
    case onlyOne
    /// Less handling time today.
    case leastHandlingTime
    /// Free for longer.
    case longestIdle
    /// Fewer contacts today.
    case fewestContacts
    /// Equal but nearer.
    case nearest
    /// Equal in all: the lower key.
    case key
}
