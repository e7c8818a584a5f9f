package import Kernel

/// A ticket, read from its document.
package struct Ticket: Hashable, Sendable {
    /// Which ticket.
    package let id: TicketID
    /// The number that people say.
    package let number: String
    /// Whose trouble it is.
    package let customer: CustomerID?
    /// The customer's organisation when it was raised.
    package let organisation: OrganisationID?
    /// What it is about, in a line.
    package let subject: String
    /// What it is about, in full.
    package let description: String
    /// The category.
    package let category: String
    /// How severe.
    package let severity: Severity
    /// Where it stands.
    package let state: TicketState
    /// Who is responsible for closing it.
    package let owner: AgentID?
    /// The queue it came through.
    package let queue: QueueID?
    /// The site where it was raised.
    package let site: SiteID?
    /// How it came.
    package let channel: Channel?
    /// The product.
    package let product: String
    /// When it was raised.
    package let raisedAt: WallTime?
    /// When it is due.
    package let dueAt: WallTime?
    /// When it was resolved; nil while it is not.
    package let resolvedAt: WallTime?
    /// The contacts about it, in the order in which they came.
    package let contacts: [TicketContact]
    /// Notes, oldest first.
    package let notes: [Note]
    /// Files, in the order in which they were attached.
    package let attachments: [Attachment]
    /// Tags, sorted.
    package let tags: [String]
    /// Overwritten concurrent values that nobody has decided about.
    package let conflicts: Int
    /// The latest change.
    package let updatedAt: WallTime
    /// The causal version, for `If-Match`.
    package let version: String

    /// Reads a document; nil when it is of another type or deleted.
    package init?(_ document: Document) {
        guard let id = TicketID(document.id), !document.isDeleted else { return nil }
        self.id = id
        number = document.text(TicketField.number)
        customer = document.optionalText(TicketField.customer).map { CustomerID($0) }
        organisation = document.optionalText(TicketField.organisation).map { OrganisationID($0) }
        subject = document.text(TicketField.subject)
        description = document.text(TicketField.description)
        category = document.text(TicketField.category)
        severity = document.number(TicketField.severity).flatMap(Severity.init) ?? .normal
        state = TicketState(rawValue: document.text(TicketField.state)) ?? .new
        owner = document.optionalText(TicketField.owner).map { AgentID($0) }
        queue = document.optionalText(TicketField.queue).map { QueueID($0) }
        site = SiteID(document.text(TicketField.site))
        channel = Channel(rawValue: document.text(TicketField.channel))
        product = document.text(TicketField.product)
        raisedAt = document.time(TicketField.raisedAt)
        dueAt = document.time(TicketField.dueAt)
        resolvedAt = state.isUnfinished ? nil : document.time(TicketField.resolvedAt)
        contacts = TicketContact.latest(document.entries(TicketField.contacts))
        notes = document.notes(TicketField.notes)
        attachments = document.entries(TicketField.attachments).compactMap(Attachment.init)
        tags = document.texts(TicketField.tags)
        conflicts = document.conflicts.count
        updatedAt = document.updated.wall
        version = document.versionTag
    }
}

/// A contact as its ticket tells of it; the contact's own record has the rest.
package struct TicketContact: Hashable, Sendable {
    /// Which contact.
    package var contact: ContactID
    /// Who answered, the last one of several.
    package var agent: AgentID?
    /// All who have spoken with the customer; empty where only `agent` has.
    package var agents: [AgentID]
    /// When it came.
    package var startedAt: WallTime?
    /// Who ended it; nil while it goes on.
    package var endedBy: EndedBy?
    /// How long it waited.
    package var waitMs: Int64?
    /// How long they spoke.
    package var talkMs: Int64?
    /// What became of it; nil while it goes on.
    package var outcome: ContactOutcome?

    /// Makes an entry.
    package init(
        contact: ContactID,
        agent: AgentID? = nil,
        agents: [AgentID] = [],
        startedAt: WallTime? = nil,
        endedBy: EndedBy? = nil,
        waitMs: Int64? = nil,
        talkMs: Int64? = nil,
        outcome: ContactOutcome? = nil
    ) {
        self.contact = contact
        self.agent = agent
        self.agents = agents == [agent].compactMap { $0 } ? [] : agents
        self.startedAt = startedAt
        self.endedBy = endedBy
        self.waitMs = waitMs
        self.talkMs = talkMs
        self.outcome = outcome
    }

    /// The entry as it stands in the log: a list, with `agents` last and only where there are several.
    package var value: Value {
        let parts: [Value] = [
            .string(contact.key),
            agent.map { .string($0.key) } ?? .null,
            startedAt.map { .int($0.milliseconds) } ?? .null,
            endedBy.map { .string($0.rawValue) } ?? .null,
            waitMs.map { .int($0) } ?? .null,
            talkMs.map { .int($0) } ?? .null,
            outcome.map { .string($0.rawValue) } ?? .null,
        ]
        return .list(agents.isEmpty ? parts : parts + [.list(agents.map { .string($0.key) })])
    }

    /// Reads an entry; nil when it names no contact.
    ///
    /// Further values of a newer node are ignored.
    package init?(_ value: Value) {
        guard let parts = value.list, let key = parts.first?.string else { return nil }
        func part(_ index: Int) -> Value? { index < parts.count ? parts[index] : nil }
        contact = ContactID(key)
        agent = part(1)?.string.map { AgentID($0) }
        startedAt = part(2)?.int.map { WallTime(milliseconds: min(max($0, 0), 1 << 52)) }
        endedBy = part(3)?.string.flatMap(EndedBy.init)
        waitMs = part(4)?.int
        talkMs = part(5)?.int
        outcome = part(6)?.string.flatMap(ContactOutcome.init)
        agents = (part(7)?.list ?? []).prefix(Limits.contactAgentsMax).compactMap { $0.string.map { AgentID($0) } }
    }

    /// The last word on each contact of a log, in the order in which the contacts first appear.
    static func latest(_ entries: [LogEntry]) -> [TicketContact] {
        var order: [ContactID] = []
        var last: [ContactID: TicketContact] = [:]
        for entry in entries {
            guard let contact = TicketContact(entry.value) else { continue }
            if last.updateValue(contact, forKey: contact.contact) == nil { order.append(contact.contact) }
        }
        return order.compactMap { last[$0] }
    }
}
