package import ContactCenter
package import Kernel

/// Reads records from the site's own disk.
package protocol RecordReader: Sendable {
    /// Finds customer files by name, phone, e-mail or organisation; all of them for an empty text.
    func customers(_ query: CustomerQuery) async throws -> Page<CustomerResource>
    /// One customer's file, for a merged one the file that stands for all; nil when there is none.
    func customer(_ id: CustomerID) async throws -> CustomerResource?
    /// Finds tickets, newest first.
    func tickets(_ query: TicketQuery) async throws -> Page<TicketResource>
    /// One ticket by key or by the number that people say, for a merged one the ticket that stands for all; nil when
    /// there is none.
    func ticket(_ id: TicketID) async throws -> TicketResource?
    /// Documents of one type with all that they are merged with; those that are not there are left out.
    func mergeGraph(_ type: DocumentType, _ keys: [String]) async throws -> MergeGraph
    /// All agents by login.
    func agents() async throws -> [AgentResource]
    /// One agent; nil when there is none.
    func agent(_ id: AgentID) async throws -> AgentResource?
    /// All queues by short name.
    func queues() async throws -> [QueueResource]
    /// One queue; nil when there is none.
    func queue(_ id: QueueID) async throws -> QueueResource?
    /// A contact, live or finished; nil when there is none.
    func contact(_ id: ContactID) async throws -> ContactResource?
    /// Why a contact went where it went; nil when no decision about it is kept here.
    func explanation(_ id: ContactID) async throws -> ExplanationResource?
    /// Overwritten values that wait for a decision, newest first, at most `limit`.
    func conflicts(limit: Int) async throws -> [ConflictResource]
    /// A document as it stands here, deleted ones too; nil when there is none.
    ///
    /// The edit builders of `ContactCenter` work on it; it must stem from one read.
    func document(_ id: DocumentID) async throws -> Document?
    /// All documents of a type that are not deleted, by key: for the few queues, calendars, break reasons and agents.
    func documents(of type: DocumentType) async throws -> [Document]
    /// The offsets of a time zone around a moment; nil when there is no such zone.
    func zone(_ name: String, at now: WallTime) async throws -> ZoneTable?
}

/// What customers to find.
package struct CustomerQuery: Hashable, Sendable {
    /// Words to look for; empty for all.
    package var text: String
    /// At most so many, 1 to `Limits.pageItemsMax`.
    package var limit: Int
    /// Where the page before ended: its `next`.
    package var cursor: String?

    /// Makes a query.
    package init(text: String = "", limit: Int, cursor: String? = nil) {
        self.text = text
        self.limit = limit
        self.cursor = cursor
    }
}

/// What tickets to find; all given conditions must hold.
package struct TicketQuery: Hashable, Sendable {
    /// Words to look for; empty for all.
    package var text: String
    /// Tickets of this customer, and of the files that count as one with it.
    package var customer: CustomerID?
    /// Tickets in the hands of this agent.
    package var owner: AgentID?
    /// Tickets in this state.
    package var state: TicketState?
    /// At most so many, 1 to `Limits.pageItemsMax`.
    package var limit: Int
    /// Where the page before ended: its `next`.
    package var cursor: String?

    /// Makes a query.
    package init(
        text: String = "",
        customer: CustomerID? = nil,
        owner: AgentID? = nil,
        state: TicketState? = nil,
        limit: Int,
        cursor: String? = nil
    ) {
        self.text = text
        self.customer = customer
        self.owner = owner
        self.state = state
        self.limit = limit
        self.cursor = cursor
    }
}

/// Part of a list.
package struct Page<Item: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
    /// The items.
    package var items: [Item]
    /// The cursor of the next part; null at the end.
    @Nullable package var next: String?

    /// Makes a page.
    package init(items: [Item], next: String? = nil) {
        self.items = items
        self.next = next
    }
}
