package import Kernel

/// A queue, read from its document.
package struct Queue: Hashable, Sendable {
    /// Which one; the key is the short name.
    package let id: QueueID
    /// The name that people see.
    package let name: String
    /// Dialled numbers that lead here, normalised, sorted.
    package let numbers: [String]
    /// Skills that an agent must have.
    package let requiredSkills: SkillSet
    /// An answer within this time counts for the service level, in seconds; nil when unset, as in what follows.
    package let serviceLevelSeconds: Int64?
    /// How long an agent's phone rings.
    package let ringSeconds: Int64?
    /// Time for paperwork after a contact.
    package let wrapUpSeconds: Int64?
    /// How to choose among free agents.
    package let strategy: RoutingStrategy
    /// Head start of the queue's contacts, 0…10.
    package let priority: Int
    /// How long a caller waits for the agent of the latest ticket.
    package let affinitySeconds: Int64?
    /// The causal version.
    package let version: String

    /// Reads a document; nil when it is of another type or deleted.
    package init?(_ document: Document) {
        guard let id = QueueID(document.id), !document.isDeleted else { return nil }
        self.id = id
        name = document.optionalText(QueueField.name) ?? id.key
        numbers = document.texts(QueueField.numbers)
        requiredSkills = document.skills(QueueField.requiredSkills)
        serviceLevelSeconds = document.seconds(QueueField.serviceLevelSeconds)
        ringSeconds = document.seconds(QueueField.ringSeconds)
        wrapUpSeconds = document.seconds(QueueField.wrapUpSeconds)
        strategy = RoutingStrategy(rawValue: document.text(QueueField.strategy)) ?? .leastHandlingTime
        priority = Int(min(max(document.number(QueueField.priority) ?? 0, 0), 10))
        affinitySeconds = document.seconds(QueueField.affinitySeconds)
        version = document.versionTag
    }
}
