package import ContactCenter

/// A ticket as the API shows it.
package struct TicketResource: Codable, Hashable, Sendable {
    /// The document's key; of merged tickets that of the root, whichever was asked for.
    package var id: String
    /// The key of the ticket that stands for all that were merged: this one's.
    package var root: String
    /// The tickets that were merged into this one, by key.
    package var mergedFrom: [MergedTicketResource]
    /// The number that people say, `NORTH-1042-7`.
    package var number: String
    /// The customer.
    @Nullable package var customer: NamedResource?
    /// What it is about, in a line.
    package var subject: String
    /// What it is about, in full.
    package var description: String
    /// The category.
    @Nullable package var category: String?
    /// 1 (worst) to 4.
    package var severity: Int
    /// Where it stands.
    package var state: TicketState
    /// The agent who is responsible.
    @Nullable package var owner: String?
    /// The queue.
    @Nullable package var queue: String?
    /// Where it was raised.
    @Nullable package var site: String?
    /// How it came, as `voice`.
    @Nullable package var channel: String?
    /// The product.
    @Nullable package var product: String?
    /// When it was raised.
    @Nullable package var raisedAt: Timestamp?
    /// When it must be solved.
    @Nullable package var dueAt: Timestamp?
    /// When it was solved.
    @Nullable package var resolvedAt: Timestamp?
    /// Notes of all that were merged, oldest first; the newest `Limits.notesShownMax` of them.
    package var notes: [NoteResource]
    /// The contacts about all that were merged, oldest first.
    package var contacts: [TicketContactResource]
    /// The files on all that were merged, oldest first.
    package var attachments: [AttachmentResource]
    /// Tags, sorted.
    package var tags: [String]
    /// The causal version, the ETag without its quotes.
    package var version: String

    /// Puts one together.
    package init(
        id: String,
        number: String,
        customer: NamedResource? = nil,
        subject: String,
        description: String,
        category: String? = nil,
        severity: Int,
        state: TicketState,
        owner: String? = nil,
        queue: String? = nil,
        site: String? = nil,
        channel: String? = nil,
        product: String? = nil,
        raisedAt: Timestamp? = nil,
        dueAt: Timestamp? = nil,
        resolvedAt: Timestamp? = nil,
        notes: [NoteResource],
        contacts: [TicketContactResource],
        tags: [String],
        version: String,
        mergedFrom: [MergedTicketResource] = [],
        attachments: [AttachmentResource] = []
    ) {
        self.attachments = attachments
        self.id = id
        root = id
        self.mergedFrom = mergedFrom
        self.number = number
        self.customer = customer
        self.subject = subject
        self.description = description
        self.category = category
        self.severity = severity
        self.state = state
        self.owner = owner
        self.queue = queue
        self.site = site
        self.channel = channel
        self.product = product
        self.raisedAt = raisedAt
        self.dueAt = dueAt
        self.resolvedAt = resolvedAt
        self.notes = notes
        self.contacts = contacts
        self.tags = tags
        self.version = version
    }
}

/// The line that stands for a ticket in a list.
package struct TicketSummaryResource: Codable, Hashable, Sendable {
    /// The document's key.
    package var id: String
    /// The number that people say.
    package var number: String
    /// What it is about, in a line.
    package var subject: String
    /// Where it stands.
    package var state: TicketState
    /// 1 (worst) to 4.
    package var severity: Int
    /// The agent who is responsible.
    @Nullable package var owner: String?
    /// When it was raised.
    @Nullable package var raisedAt: Timestamp?
    /// How many tickets were merged into it.
    package var merged: Int

    /// Puts one together.
    package init(
        id: String,
        number: String,
        subject: String,
        state: TicketState,
        severity: Int,
        owner: String? = nil,
        raisedAt: Timestamp? = nil,
        merged: Int = 0
    ) {
        self.id = id
        self.number = number
        self.subject = subject
        self.state = state
        self.severity = severity
        self.owner = owner
        self.raisedAt = raisedAt
        self.merged = merged
    }
}

/// One contact about a ticket.
package struct TicketContactResource: Codable, Hashable, Sendable {
    /// The contact.
    package var id: String
    /// Who answered, the last one of several.
    @Nullable package var agent: String?
    /// All agents who have spoken with the customer, sorted.
    package var agents: [String]
    /// When it began.
    @Nullable package var startedAt: Timestamp?
    /// `customer`, `agent`, `system` or `network`.
    @Nullable package var endedBy: String?
    /// How long the caller waited, in milliseconds.
    @Nullable package var waitMs: Int64?
    /// How long they spoke, in milliseconds.
    @Nullable package var talkMs: Int64?
    /// `answered`, `abandoned`, `refused` or `siteLost`.
    @Nullable package var outcome: String?
    /// Where tickets are merged: the one (key, number) that it was about.
    @Nullable package var of: NamedResource?

    /// Puts one together.
    package init(
        id: String,
        agent: String? = nil,
        agents: [String] = [],
        startedAt: Timestamp? = nil,
        endedBy: String? = nil,
        waitMs: Int64? = nil,
        talkMs: Int64? = nil,
        outcome: String? = nil,
        of: NamedResource? = nil
    ) {
        self.id = id
        self.agent = agent
        self.agents = agents
        self.startedAt = startedAt
        self.endedBy = endedBy
        self.waitMs = waitMs
        self.talkMs = talkMs
        self.outcome = outcome
        self.of = of
    }
}

/// A ticket that was merged into another; it keeps all that stands in it.
package struct MergedTicketResource: Codable, Hashable, Sendable {
    /// The document's key.
    package var id: String
    /// The number that people say.
    package var number: String
    /// What it is about, in a line.
    package var subject: String
    /// Where it stands itself.
    package var state: TicketState

    /// Puts one together.
    package init(id: String, number: String, subject: String, state: TicketState) {
        self.id = id
        self.number = number
        self.subject = subject
        self.state = state
    }
}

/// A thing by key and name.
package struct NamedResource: Codable, Hashable, Sendable {
    /// Its key.
    package var id: String
    /// Its name.
    package var name: String

    /// Puts one together.
    package init(
        id: String,
        name: String
    ) {
        self.id = id
        self.name = name
    }
}
