package import ContactCenter
import GRDB
import Kernel

/// What tickets to find; all given conditions must hold.
package struct TicketFilter: Hashable, Sendable {
    /// Words of number, subject, description, category, product, tags, notes.
    package var text: String
    /// Tickets of this customer.
    package var customer: CustomerID?
    /// Tickets in the hands of this agent.
    package var owner: AgentID?
    /// Tickets in this state.
    package var state: TicketState?
    /// Tickets of this queue.
    package var queue: QueueID?

    /// Makes a filter.
    package init(
        text: String = "",
        customer: CustomerID? = nil,
        owner: AgentID? = nil,
        state: TicketState? = nil,
        queue: QueueID? = nil
    ) {
        self.text = text
        self.customer = customer
        self.owner = owner
        self.state = state
        self.queue = queue
    }
}

/// A ticket with the name of its customer.
package struct TicketEntry: Hashable, Sendable {
    /// The ticket.
    package let ticket: Ticket
    /// The customer's name; nil when there is no such file here.
    package let customerName: String?
}

extension SiteReader {
    /// Finds tickets, newest first.
    package func tickets(
        _ filter: TicketFilter,
        limit: Int,
        cursor: String? = nil
    ) async throws(StoreFailure) -> StorePage<TicketEntry> {
        try await read("list tickets") { db in
            let search = SearchSQL(table: "ticket", text: filter.text, phones: false)
            guard !search.findsNothing else { return StorePage(items: [], next: nil) }
            var list = NewestFirst(table: "ticket", time: "raised_at", search: search)
            list.add("customer", filter.customer?.key)
            list.add("owner", filter.owner?.key)
            list.add("state", filter.state?.rawValue)
            list.add("queue", filter.queue?.key)
            let page = try list.page(db, limit: limit, cursor: cursor) { document in
                try Ticket(document).map { try entry(db, $0) }
            }
            return StorePage(items: page.items.compactMap(\.self), next: page.next)
        }
    }

    /// One ticket by key.
    package func ticket(_ id: TicketID) async throws(StoreFailure) -> TicketEntry? {
        try await read("read a ticket") { db in
            try DocumentRows.one(db, id.documentID).flatMap(Ticket.init).map { try entry(db, $0) }
        }
    }

    /// One ticket by the number that people say.
    package func ticket(number: String) async throws(StoreFailure) -> TicketEntry? {
        try await read("read a ticket") { db in
            let found = try DocumentRows.all(
                db,
                """
                SELECT d.type AS type, d.key AS key, d.body AS body FROM ticket t JOIN document d ON d.id = t.id
                WHERE t.number = ? LIMIT 1
                """,
                [number.uppercased()]
            )
            return try found.first.flatMap(Ticket.init).map { try entry(db, $0) }
        }
    }

    private func entry(_ db: Database, _ ticket: Ticket) throws -> TicketEntry {
        let customer = try ticket.customer.flatMap { try DocumentRows.one(db, $0.documentID) }
        return TicketEntry(ticket: ticket, customerName: customer.flatMap(Customer.init)?.name)
    }
}
