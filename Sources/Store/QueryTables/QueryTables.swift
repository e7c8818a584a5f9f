import ContactCenter
import GRDB
import Kernel
import Replication

/// Keeps the query tables in step with the documents, within the transaction that changes these.
///
/// Nothing in these tables is known only here: `rebuild` makes them again from the documents, and a test holds
/// both ways against each other.
final class QueryTables {
    private let customers: CustomerTable
    private let tickets: TicketTable
    private let contacts: ContactTable
    private let directory: DirectoryTables
    private let merges: MergeTable

    init(_ db: Database) throws {
        customers = try CustomerTable(db)
        tickets = try TicketTable(db)
        contacts = try ContactTable(db)
        directory = try DirectoryTables(db)
        merges = try MergeTable(db)
    }

    /// Brings the rows of one document up to date; `before` is nil for a document that is new on disk.
    func replace(id: Int64, before: Document?, after: Document) throws {
        switch after.id.type {
        case Schema.customer: try customers.replace(id: id, before: before, after: after)
        case Schema.ticket: try tickets.replace(id: id, before: before, after: after)
        case Schema.contact: try contacts.replace(id: id, after: after)
        case Schema.agent, Schema.queue, Schema.account, Schema.organisation:
            try directory.replace(id: id, after: after)
        default: break  // Site keys and sites are read by key; types of newer nodes are only kept.
        }
        try merges.replace(id: id, before: before, after: after)
    }

    /// Throws the tables away and derives them again from all documents; part of the caller's transaction.
    static func rebuild(_ db: Database) throws {
        for name in DatabaseSchema.queryTableNames { try db.execute(sql: "DROP TABLE IF EXISTS \(name)") }
        try db.execute(sql: DatabaseSchema.queryTables)
        let tables = try QueryTables(db)
        let all = try BoundStatement(db, "SELECT id, type, key, body FROM document ORDER BY id")
        try all.each({ _ in }) { row in
            let type = DocumentType(UInt16(truncatingIfNeeded: row.int(1)))
            let document = try DocumentDecoder.decode(row.blob(3), id: DocumentID(type: type, key: row.text(2)))
            try tables.replace(id: row.int(0), before: nil, after: document)
            return true
        }
    }
}

extension Document {
    /// A register's text; nil when it is empty.
    func text(_ field: FieldID) -> String? {
        guard let text = value(field)?.string, !text.isEmpty else { return nil }
        return text
    }

    /// True when what these fields show is the same in both, so that nothing derived from them changes.
    func shows(
        like other: Document?,
        registers: [FieldID],
        sets: [FieldID] = [],
        logs: [FieldID] = []
    ) -> Bool {
        guard let other, isDeleted == other.isDeleted else { return false }
        return registers.allSatisfy { value($0) == other.value($0) }
            && sets.allSatisfy { members($0) == other.members($0) }
            && logs.allSatisfy { entries($0) == other.entries($0) }
    }

    /// A set's texts.
    func texts(_ field: FieldID) -> [String] {
        members(field).compactMap(\.string)
    }
}
