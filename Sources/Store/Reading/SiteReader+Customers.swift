package import ContactCenter
import GRDB
import Kernel

/// A customer's file with what stands beside it in other documents.
package struct CustomerEntry: Hashable, Sendable {
    /// The file.
    package let customer: Customer
    /// The name of the linked organisation, or the one that the file itself gives; nil when neither.
    package let organisationName: String?
}

extension SiteReader {
    /// Finds customers by any words of their file, sorted by name; all customers for an empty text.
    ///
    /// What counts: the name and its reading in Latin letters, organisation, e-mail addresses, digits of numbers.
    package func customers(
        text: String,
        limit: Int,
        cursor: String? = nil
    ) async throws(StoreFailure) -> StorePage<CustomerEntry> {
        try await read("search customers") { db in
            let search = SearchSQL(table: "customer", text: text, phones: true)
            guard !search.findsNothing else { return StorePage(items: [], next: nil) }
            var conditions = search.conditions
            var arguments = search.arguments
            if let cursor {
                let place = try PageCursor(cursor)
                guard case .text(let name) = place.order else { throw StoreFailure(.badCursor, "Wrong cursor.") }
                conditions.append("(t.sort_name, t.key) > (?, ?)")
                arguments += [name, place.key]
            }
            let order = search.isEmpty ? "t.sort_name, t.key" : "+t.sort_name, +t.key"
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT t.sort_name AS sort_name, d.type AS type, d.key AS key, d.body AS body
                    FROM customer t JOIN document d ON d.id = t.id
                    \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND "))
                    ORDER BY \(order) LIMIT \(PageCursor.rows(limit) + 1)
                    """,
                arguments: arguments
            )
            let page = try PageCursor.page(
                rows,
                limit: limit,
                cursor: { PageCursor(order: .text($0["sort_name"]), key: $0["key"]) },
                item: { try entry(db, $0) }
            )
            return StorePage(items: page.items.compactMap(\.self), next: page.next)
        }
    }

    /// One customer's file.
    package func customer(_ id: CustomerID) async throws(StoreFailure) -> CustomerEntry? {
        try await read("read a customer") { db in
            guard let document = try DocumentRows.one(db, id.documentID) else { return nil }
            return try Self.entry(db, document)
        }
    }

    /// One customer's file with the newest tickets.
    package func customerWithHistory(
        _ id: CustomerID
    ) async throws(StoreFailure) -> (customer: CustomerEntry, tickets: [Ticket])? {
        try await read("read a customer's history") { db in
            guard let document = try DocumentRows.one(db, id.documentID),
                let customer = try Self.entry(db, document)
            else { return nil }
            let tickets = try DocumentRows.all(
                db,
                """
                SELECT d.type AS type, d.key AS key, d.body AS body FROM ticket t JOIN document d ON d.id = t.id
                WHERE t.customer = ? ORDER BY t.raised_at DESC, t.key DESC LIMIT ?
                """,
                [id.key, Limits.storeHistoryRowsMax]
            )
            return (customer, tickets.compactMap(Ticket.init))
        }
    }

    /// The names of customers, for lists of tickets and contacts; ids without a file are left out.
    package func customerNames(_ ids: Set<CustomerID>) async throws(StoreFailure) -> [CustomerID: String] {
        try await read("read customers' names") { db in
            var names: [CustomerID: String] = [:]
            for id in ids.sorted().prefix(Limits.storePageRowsMax) {
                names[id] = try DocumentRows.one(db, id.documentID).flatMap(Customer.init)?.name
            }
            return names
        }
    }

    private func entry(_ db: Database, _ row: Row) throws -> CustomerEntry? {
        let id = DocumentID(type: Schema.customer, key: row["key"])
        return try Self.entry(db, try DocumentDecoder.decode(row["body"], id: id))
    }

    private static func entry(_ db: Database, _ document: Document) throws -> CustomerEntry? {
        guard let customer = Customer(document) else { return nil }
        let linked = try customer.organisation.flatMap { try DocumentRows.one(db, $0.documentID) }
        let name = linked?.text(OrganisationField.name) ?? customer.organisationName
        return CustomerEntry(customer: customer, organisationName: name.isEmpty ? nil : name)
    }
}
