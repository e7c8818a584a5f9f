/// A queue.
package struct QueueResource: Codable, Hashable, Sendable {
    /// The short name.
    package var id: String
    /// The display name.
    package var name: String
    /// Dialled numbers that lead here, sorted.
    package var numbers: [String]
    /// Skills needed, as `skill:level`, sorted.
    package var requiredSkills: [String]
    /// An answer within this time counts for the service level.
    @Nullable package var serviceLevelSeconds: Int64?
    /// How long a phone rings before the caller goes on.
    @Nullable package var ringSeconds: Int64?
    /// Time for paperwork after a contact.
    @Nullable package var wrapUpSeconds: Int64?
    /// How an agent is chosen.
    package var strategy: String
    /// Added to the class of its contacts.
    package var priority: Int
    /// How long a caller waits for the agent of the latest ticket.
    @Nullable package var affinitySeconds: Int64?
    /// The causal version, the ETag without its quotes.
    package var version: String

    /// Puts one together.
    package init(
        id: String,
        name: String,
        numbers: [String],
        requiredSkills: [String],
        serviceLevelSeconds: Int64?,
        ringSeconds: Int64?,
        wrapUpSeconds: Int64?,
        strategy: String,
        priority: Int,
        affinitySeconds: Int64?,
        version: String
    ) {
        self.id = id
        self.name = name
        self.numbers = numbers
        self.requiredSkills = requiredSkills
        self.serviceLevelSeconds = serviceLevelSeconds
        self.ringSeconds = ringSeconds
        self.wrapUpSeconds = wrapUpSeconds
        self.strategy = strategy
        self.priority = priority
        self.affinitySeconds = affinitySeconds
        self.version = version
    }
}
