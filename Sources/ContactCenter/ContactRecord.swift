package import Kernel

/// The record of one contact, read from its document.
package struct ContactRecord: Hashable, Sendable {
    /// Which contact.
    package let id: ContactID
    /// The ticket that it stands on.
    package let ticket: TicketID?
    /// The customer, when known.
    package let customer: CustomerID?
    /// The queue.
    package let queue: QueueID?
    /// The number that was dialled.
    package let number: String
    /// The caller's number; empty when withheld.
    package let callerNumber: String
    /// Who answered, the last one of several.
    package let agent: AgentID?
    /// All who have spoken with the customer, sorted: who was passed the call, or was brought into it, too.
    package let agents: [AgentID]
    /// Where it arrived.
    package let originSite: SiteID?
    /// Where the agent was.
    package let agentSite: SiteID?
    /// How it came.
    package let channel: Channel
    /// When it arrived.
    package let startedAt: WallTime?
    /// When it entered the queue.
    package let queuedAt: WallTime?
    /// When it was answered.
    package let answeredAt: WallTime?
    /// When it ended; nil while it goes on.
    package let endedAt: WallTime?
    /// Who ended it.
    package let endedBy: EndedBy?
    /// Why, for people.
    package let endReason: String
    /// How long it waited.
    package let waitMs: Int64?
    /// How long they spoke.
    package let talkMs: Int64?
    /// How long the paperwork took.
    package let wrapUpMs: Int64?
    /// What became of it.
    package let outcome: ContactOutcome?
    /// How it came to its agent, as the site that decided wrote it down.
    package let decision: Value?
    /// The contact that first asked for this callback, at a site that was lost; nil as a rule.
    package let root: ContactID?
    /// The recordings of the call, oldest first.
    package let recordings: [RecordingName]
    /// Those of them that end before the call did, and with an empty file those of which nothing is left.
    package let incompleteRecordings: [RecordingName]
    /// Whether an agent made the call: then it counts in no queue.
    package let isOwnCall: Bool
    /// The queue in which it was answered first; nil while nobody has answered, and in records of older nodes.
    package let answeredQueue: QueueID?
    /// The number outside that answered a call which an agent made; nil for any other.
    package let reached: String?

    /// The queue in whose figures it counts: where it was answered first, or where it waited last.
    ///
    /// Nil for a call that an agent made.
    package var countedQueue: QueueID? {
        guard !isOwnCall else { return nil }
        return answeredAt == nil ? queue : answeredQueue ?? queue
    }

    /// Reads a document; nil when it is of another type or deleted.
    package init?(_ document: Document) {
        guard let id = ContactID(document.id), !document.isDeleted else { return nil }
        self.id = id
        ticket = document.optionalText(ContactField.ticket).map { TicketID($0) }
        customer = document.optionalText(ContactField.customer).map { CustomerID($0) }
        queue = document.optionalText(ContactField.queue).map { QueueID($0) }
        number = document.text(ContactField.number)
        callerNumber = document.text(ContactField.callerNumber)
        let agent = document.optionalText(ContactField.agent).map { AgentID($0) }
        self.agent = agent
        // Records of before there was the set name the last one only.
        let known = Set(document.texts(ContactField.agents).map { AgentID($0) } + [agent].compactMap { $0 })
        agents = known.sorted()
        originSite = SiteID(document.text(ContactField.originSite))
        agentSite = SiteID(document.text(ContactField.agentSite))
        channel = Channel(rawValue: document.text(ContactField.channel)) ?? .voice
        startedAt = document.time(ContactField.startedAt)
        queuedAt = document.time(ContactField.queuedAt)
        answeredAt = document.time(ContactField.answeredAt)
        endedAt = document.time(ContactField.endedAt)
        endedBy = EndedBy(rawValue: document.text(ContactField.endedBy))
        endReason = document.text(ContactField.endReason)
        waitMs = document.number(ContactField.waitMs)
        talkMs = document.number(ContactField.talkMs)
        wrapUpMs = document.number(ContactField.wrapUpMs)
        outcome = ContactOutcome(rawValue: document.text(ContactField.outcome))
        decision = document.value(ContactField.decision)
        root = document.optionalText(ContactField.root).map { ContactID($0) }
        let recorded = document.entries(ContactField.recordings).compactMap { $0.value.string }
        recordings = recorded.compactMap { RecordingName($0) }
        incompleteRecordings = recorded.compactMap { RecordingName(incomplete: $0) }
        // A kind of a newer node is an agent's call all the same.
        isOwnCall = document.optionalText(ContactField.ownCall) != nil
        answeredQueue = document.optionalText(ContactField.answeredQueue).map { QueueID($0) }
        reached = document.optionalText(ContactField.reached)
    }
}
