package import ContactCenter
import GRDB
import Kernel

/// A customer's file with what stands beside it in other documents.
package struct CustomerEntry: Hashable, Sendable {
    /// The file, with those that were merged into it.
    package let file: MergedCustomer
    /// The name of the linked organisation, or the one that the file itself gives; nil when neither.
    package let organisationName: String?

    /// The file that stands for all.
    package var customer: Customer { file.root }
}

extension SiteReader {
    /// Finds customers by any words of their file, sorted by name; all customers for an empty text.
    ///
    /// What counts: the name and its reading in Latin letters, organisation, e-mail addresses, digits of numbers.
    /// Files that were merged are one line, found by what stands in any of them.
    package func customers(
        text: String,
        limit: Int,
        cursor: String? = nil
    ) async throws(StoreFailure) -> StorePage<CustomerEntry> {
        try await read("search customers") { db in
            let search = SearchSQL(table: "customer", text: text, phones: true)
            guard !search.findsNothing else { return StorePage(items: [], next: nil) }
            var conditions = [MergedRows.rootsOnly] + search.conditions
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
                    SELECT t.id AS id, t.sort_name AS sort_name, t.key AS key FROM customer t
                    WHERE \(conditions.joined(separator: " AND ")) ORDER BY \(order) LIMIT \(PageCursor.rows(limit) + 1)
                    """,
                arguments: arguments
            )
            let page = try PageCursor.page(
                rows,
                limit: limit,
                cursor: { PageCursor(order: .text($0["sort_name"]), key: $0["key"]) },
                item: { try Self.entry(db, try MergedRows.documents(db, row: $0["id"])) }
            )
            return StorePage(items: page.items.compactMap(\.self), next: page.next)
        }
    }

    /// One customer's file: for one that was merged into another, that other.
    package func customer(_ id: CustomerID) async throws(StoreFailure) -> CustomerEntry? {
        try await read("read a customer") { db in
            try Self.entry(db, try MergedRows.documents(db, id.documentID))
        }
    }

    /// One customer's file with the newest tickets; those of all files that count as one.
    package func customerWithHistory(
        _ id: CustomerID
    ) async throws(StoreFailure) -> (customer: CustomerEntry, tickets: [MergedTicket])? {
        try await read("read a customer's history") { db in
            guard let entry = try Self.entry(db, try MergedRows.documents(db, id.documentID)) else { return nil }
            let keys = ([entry.file.root] + entry.file.others).map(\.id.key)
            let roots = try Int64.fetchAll(
                db,
                sql: """
                    SELECT coalesce(m.root, t.id) FROM ticket t LEFT JOIN merged m ON m.id = t.id
                    WHERE t.customer IN (\(MergedRows.places(keys.count)))
                    GROUP BY coalesce(m.root, t.id) ORDER BY max(t.raised_at) DESC, max(t.key) DESC LIMIT ?
                    """,
                arguments: StatementArguments(keys) + [Limits.storeHistoryRowsMax]
            )
            let tickets = try roots.compactMap { MergedTicket(try MergedRows.documents(db, row: $0)) }
            return (entry, tickets)
        }
    }

    /// The names of customers, for lists of tickets and contacts; ids without a file are left out.
    package func customerNames(_ ids: Set<CustomerID>) async throws(StoreFailure) -> [CustomerID: String] {
        try await read("read customers' names") { db in
            var names: [CustomerID: String] = [:]
            for id in ids.sorted().prefix(Limits.storePageRowsMax) {
                names[id] = try MergedRows.root(db, id.documentID).flatMap(Customer.init)?.name
            }
            return names
        }
    }

    private static func entry(_ db: Database, _ documents: [Document]) throws -> CustomerEntry? {
        guard let file = MergedCustomer(documents) else { return nil }
        let linked = try file.root.organisation.flatMap { try DocumentRows.one(db, $0.documentID) }
        let name = linked?.text(OrganisationField.name) ?? file.root.organisationName
        return CustomerEntry(file: file, organisationName: name.isEmpty ? nil : name)
    }
}
