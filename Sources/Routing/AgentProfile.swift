package import ContactCenter
package import Kernel

/// What an agent is and can, from the agent's record.
package struct AgentProfile: Hashable, Sendable {
    /// Who.
    package var agent: AgentID
    /// The name that people see.
    package var name: String
    /// Experience.
    package var tier: AgentTier
    /// Skills with levels.
    package var skills: SkillSet

    /// Makes a profile.
    package init(agent: AgentID, name: String, tier: AgentTier, skills: SkillSet) {
        self.agent = agent
        self.name = name
        self.tier = tier
        self.skills = skills
    }
}

/// How much an agent has done on one day.
package struct DayLoad: Hashable, Sendable {
    /// Time with at least one contact in hand: talking, hold, wrap-up.
    package var handling: Span
    /// Contacts answered.
    package var contacts: Int
    /// Time ready with nothing in hand, up to the last change.
    package var idle: Span

    /// Makes a load.
    package init(handling: Span = .zero, contacts: Int = 0, idle: Span = .zero) {
        self.handling = handling
        self.contacts = contacts
        self.idle = idle
    }
}

/// What a contact brings to an agent: how long to ring, and how much time for paperwork afterwards.
package struct ContactOffer: Hashable, Sendable {
    /// The contact.
    package var contact: ContactID
    /// Its queue.
    package var queue: QueueID
    /// How it came.
    package let channel: Channel
    /// What it takes of the agent's capacity, 1…100.
    package let cost: Int
    /// How long the phone rings.
    package var ringTime: Span
    /// Time for paperwork.
    package var wrapUp: Span
    /// Whether other agents here may be promised to it too, until one of them answers.
    package let isShared: Bool

    /// Makes an offer of a contact under its queue's rules.
    ///
    /// - Parameters:
    ///   - cost: what it takes of the agent's capacity, brought into 1…100; the channel's cost when nil.
    ///   - isShared: whether its queue rings all, so that other agents here may be promised to it too.
    package init(
        contact: ContactID,
        queue: QueueID,
        channel: Channel = .voice,
        cost: Int? = nil,
        ringTime: Span,
        wrapUp: Span,
        isShared: Bool = false
    ) {
        self.contact = contact
        self.queue = queue
        self.channel = channel
        self.cost = min(max(cost ?? channel.cost, 1), Channel.fullCapacity)
        self.ringTime = ringTime
        self.wrapUp = wrapUp
        self.isShared = isShared
    }
}
