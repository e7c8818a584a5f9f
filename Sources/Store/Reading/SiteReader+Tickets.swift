package import ContactCenter
import GRDB
import Kernel

/// What tickets to find; all given conditions must hold.
package struct TicketFilter: Hashable, Sendable {
    /// Words of number, subject, description, category, product, tags, notes.
    package var text: String
    /// Tickets of this customer, and of the files that count as one with it.
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

/// A ticket with those that were merged into it, and its customer.
package struct TicketEntry: Hashable, Sendable {
    /// The ticket, with those that were merged into it.
    package let file: MergedTicket
    /// Whose trouble it is: of merged files the root; nil when the ticket names nobody.
    package let customer: CustomerID?
    /// The customer's name; nil when there is no such file here.
    package let customerName: String?

    /// The ticket that stands for all.
    package var ticket: Ticket { file.root }
}

extension SiteReader {
    /// Finds tickets, newest first; those that were merged are one line, found by words of any of them.
    package func tickets(
        _ filter: TicketFilter,
        limit: Int,
        cursor: String? = nil
    ) async throws(StoreFailure) -> StorePage<TicketEntry> {
        try await read("list tickets") { db in
            let search = SearchSQL(table: "ticket", text: filter.text, phones: false)
            guard !search.findsNothing else { return StorePage(items: [], next: nil) }
            var list = NewestFirst(table: "ticket", time: "raised_at", search: search)
            list.add(condition: MergedRows.rootsOnly)
            if let customer = filter.customer { try Self.add(customer, to: &list, db) }
            list.add("owner", filter.owner?.key)
            list.add("state", filter.state?.rawValue)
            list.add("queue", filter.queue?.key)
            let page = try list.page(db, limit: limit, cursor: cursor) { document in
                try Self.entry(db, try MergedRows.documents(db, with: document))
            }
            return StorePage(items: page.items.compactMap(\.self), next: page.next)
        }
    }

    /// One ticket by key: for one that was merged into another, that other.
    package func ticket(_ id: TicketID) async throws(StoreFailure) -> TicketEntry? {
        try await read("read a ticket") { db in
            try Self.entry(db, try MergedRows.documents(db, id.documentID))
        }
    }

    /// One ticket by the number that people say, its own or that of a ticket merged into it.
    package func ticket(number: String) async throws(StoreFailure) -> TicketEntry? {
        try await read("read a ticket") { db in
            let found = try Int64.fetchOne(
                db,
                sql: "SELECT id FROM ticket WHERE number = ? LIMIT 1",
                arguments: [number.uppercased()]
            )
            return try found.flatMap { try Self.entry(db, try MergedRows.documents(db, row: $0)) }
        }
    }

    /// Demands that a ticket, or one merged into it, is of this customer or of a file that counts as one with it.
    private static func add(_ customer: CustomerID, to list: inout NewestFirst, _ db: Database) throws {
        let keys = try MergedRows.keys(db, customer.documentID)
        let places = MergedRows.places(keys.count)
        let arguments = StatementArguments(keys)
        let roots = try Int64.fetchAll(
            db,
            sql: """
                SELECT DISTINCT m.root FROM ticket x JOIN merged m ON m.id = x.id WHERE x.customer IN (\(places))
                LIMIT \(Limits.storePageRowsMax)
                """,
            arguments: arguments
        )
        // Nearly nobody has merged tickets; without, the list is read in the order of its index.
        guard !roots.isEmpty else { return list.add("customer", anyOf: keys) }
        let condition = "(t.customer IN (\(places)) OR t.id IN (\(MergedRows.places(roots.count))))"
        list.add(condition: condition, arguments + StatementArguments(roots))
    }

    private static func entry(_ db: Database, _ documents: [Document]) throws -> TicketEntry? {
        guard let file = MergedTicket(documents) else { return nil }
        let customer = try file.customer.flatMap { try MergedRows.root(db, $0.documentID) }.flatMap(Customer.init)
        return TicketEntry(file: file, customer: customer?.id ?? file.customer, customerName: customer?.name)
    }
}
