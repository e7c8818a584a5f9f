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

    init(_ view: AgentView, rule: ChoiceRule) {
        self.init(agent: view.agent, fence: view.fence, version: view.version, rule: rule)
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
    /// Last offered a contact longer ago.
    case roundRobin
    /// More skilled in what is demanded.
    case ordered
    /// Drawn by lot, the more skilled more often.
    case weightedRandom
    /// All of the first few ring.
    case ringAll
    /// Equal but nearer.
    case nearest
    /// Equal in all: the lower key.
    case key
}

/// Why a contact goes on waiting.
package enum WaitReason: String, Hashable, CaseIterable, Sendable {
    /// Fit agents are known, none is free.
    case nobodyFree
    /// No agent known fits, free or not: tell the supervisor, with `Explanation.nearest`.
    case nobodyFits
    /// Free and fit agents are known only at unreachable sites, or refused lately.
    case nobodyAvailable
    /// Its last agent is busy, and its patience with her is not over.
    case awaitsLastAgent
    /// It was refused too often in a row and pauses for a moment.
    case paused
    /// It is not waiting: unknown, or being offered already.
    case notWaiting
}

/// What routing wants for a contact.
///
/// How it came about is told on request: `Router.summary` for the first few, `Router.explain` for everybody.
package struct Decision: Hashable, Sendable {
    /// Which contact.
    package let contact: ContactID
    /// Whom to ask for; nil to go on waiting.
    package let candidate: Candidate?
    /// Whom to ask at the same time; empty unless the queue rings all.
    package let others: [Candidate]
    /// Why it goes on waiting; nil with a candidate.
    package let waits: WaitReason?

    init(_ contact: ContactID, _ candidate: Candidate, others: [Candidate] = []) {
        self.contact = contact
        self.candidate = candidate
        self.others = others
        waits = nil
    }

    /// Takes an agent whose own site offers her and whom presence does not show free yet.
    package init(_ contact: ContactID, bidBy candidate: Candidate) {
        self.init(contact, candidate)
    }

    init(_ contact: ContactID, waits: WaitReason) {
        self.contact = contact
        candidate = nil
        others = []
        self.waits = waits
    }

    /// Everybody to ask at the same time, best first.
    package var candidates: [Candidate] { candidate.map { [$0] + others } ?? [] }
}
