package import ContactCenter
package import Kernel

/// A queue's rules with every default filled in, as routing uses them.
package struct QueueDefinition: Hashable, Sendable {
    /// Which queue.
    package var id: QueueID
    /// The name that people see.
    package var name: String
    /// Dialled numbers that lead here, normalised.
    package var numbers: [String]
    /// Skills that an agent must have.
    package var requiredSkills: SkillSet
    /// An answer within this time counts for the service level.
    package var serviceLevel: Span
    /// How long an agent's phone rings.
    package var ringTime: Span
    /// Time for paperwork after a contact.
    package var wrapUp: Span
    /// How to choose among free agents.
    package var strategy: RoutingStrategy
    /// Head start of the queue's contacts, 0…10.
    package var priority: Int
    /// How long a caller waits for the agent of the latest ticket when that one is busy.
    package var affinity: Span

    /// Makes a definition; the defaults are those of a queue that states nothing.
    package init(
        id: QueueID,
        name: String? = nil,
        numbers: [String] = [],
        requiredSkills: SkillSet = .none,
        serviceLevel: Span = .seconds(20),
        ringTime: Span = .seconds(15),
        wrapUp: Span = .seconds(30),
        strategy: RoutingStrategy = .leastHandlingTime,
        priority: Int = 0,
        affinity: Span = .zero
    ) {
        self.id = id
        self.name = name ?? id.key
        self.numbers = numbers
        self.requiredSkills = requiredSkills
        self.serviceLevel = serviceLevel
        self.ringTime = ringTime
        self.wrapUp = wrapUp
        self.strategy = strategy
        self.priority = priority
        self.affinity = affinity
    }
}

extension QueueDefinition {
    /// Takes a queue's record; what it leaves open gets the defaults.
    package init(_ queue: Queue) {
        let defaults = QueueDefinition(id: queue.id)
        self.init(
            id: queue.id,
            name: queue.name,
            numbers: queue.numbers,
            requiredSkills: queue.requiredSkills,
            serviceLevel: queue.serviceLevelSeconds.map { .seconds($0) } ?? defaults.serviceLevel,
            ringTime: queue.ringSeconds.map { .seconds($0) } ?? defaults.ringTime,
            wrapUp: queue.wrapUpSeconds.map { .seconds($0) } ?? defaults.wrapUp,
            strategy: queue.strategy,
            priority: queue.priority,
            affinity: queue.affinitySeconds.map { .seconds($0) } ?? defaults.affinity
        )
    }
}

extension AgentProfile {
    /// Takes an agent's record.
    package init(_ agent: Agent) {
        self.init(agent: agent.id, name: agent.name, tier: agent.tier, skills: agent.skills)
    }
}

extension ContactOffer {
    /// Offers a contact under its queue's rules.
    package init(_ contact: ContactID, queue: QueueDefinition) {
        self.init(contact: contact, queue: queue.id, ringTime: queue.ringTime, wrapUp: queue.wrapUp)
    }
}
