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
