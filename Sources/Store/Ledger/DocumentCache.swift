import GRDB
import Kernel

/// Documents as the writer sees them: what the running transaction has changed, and what it read lately.
///
/// Changed documents are encoded and written once, at the end of the transaction, however many of its ops touched
/// them. Only the writer changes the database, so what is cached here cannot grow stale.
final class DocumentCache {
    private struct Entry {
        /// The row; nil while the document is not on disk.
        var row: Int64?
        /// As it is on disk.
        var stored: Document?
        /// As the transaction sees it.
        var current: Document?
    }

    private var entries: [DocumentID: Entry] = [:]
    private var dirty: Set<DocumentID> = []
    /// Stored bytes of what was read and written since the cache was last emptied: a measure of its size.
    private var bytes = 0
    private let find: BoundStatement
    private let insert: BoundStatement
    private let update: BoundStatement
    private let tables: QueryTables?
    private let database: Database

    /// `tables` is nil for a reader, which never flushes.
    init(_ db: Database, tables: QueryTables?) throws {
        database = db
        self.tables = tables
        find = try BoundStatement(db, "SELECT id, body FROM document WHERE type = ? AND key = ?")
        insert = try BoundStatement(db, "INSERT INTO document(type, key, body) VALUES (?, ?, ?)")
        update = try BoundStatement(db, "UPDATE document SET body = ? WHERE id = ?")
    }

    func document(_ id: DocumentID) throws -> Document? {
        try entry(id).current
    }

    func save(_ document: Document) throws {
        var entry = try entry(document.id)
        entry.current = document
        entries[document.id] = entry
        dirty.insert(document.id)
    }

    /// Writes what changed, with the rows that follow from it; the transaction is still open afterwards.
    func flush() throws {
        for id in dirty.sorted() {
            guard var entry = entries[id], let current = entry.current else { continue }
            let body = DocumentEncoder.encode(current)
            bytes += body.count
            let row: Int64
            if let known = entry.row {
                row = known
                try update.run {
                    $0.bind(1, body)
                    $0.bind(2, known)
                }
            } else {
                try insert.run {
                    $0.bind(1, Int64(id.type.number))
                    $0.bind(2, id.key)
                    $0.bind(3, body)
                }
                row = database.lastInsertedRowID
            }
            try tables?.replace(id: row, before: entry.stored, after: current)
            entry.row = row
            entry.stored = current
            entries[id] = entry
        }
        dirty = []
    }

    /// The transaction is on disk: keeps what was read and written for the next one, within the bound.
    func committed() {
        guard entries.count > Limits.storeCachedDocumentsMax || bytes > Limits.storeCachedBytesMax else { return }
        entries = [:]
        bytes = 0
    }

    /// The transaction is gone, and with it everything that was seen in it.
    func rolledBack() {
        entries = [:]
        bytes = 0
        dirty = []
    }

    private func entry(_ id: DocumentID) throws -> Entry {
        if let entry = entries[id] { return entry }
        let row = try find.first(
            {
                $0.bind(1, Int64(id.type.number))
                $0.bind(2, id.key)
            },
            read: { (id: $0.int(0), body: $0.blob(1)) }
        )
        bytes += row?.body.count ?? 0
        let document = try row.map { try DocumentDecoder.decode($0.body, id: id) }
        let entry = Entry(row: row?.id, stored: document, current: document)
        entries[id] = entry
        return entry
    }
}
