import GRDB
import Kernel
import Replication

/// Documents as the writer sees them: what the running transaction has changed, and what it read lately.
///
/// Changed documents are encoded and written once, at the end of the transaction, however many of its ops touched
/// them. Only the writer changes the database, so what is kept here cannot grow stale.
final class WriterDocuments {
    /// What was used lately, and what was used before that and has to be used again to stay.
    private var entries: [DocumentID: CachedDocument] = [:]
    private var older: [DocumentID: CachedDocument] = [:]
    /// What was not used again, released a little with each transaction: all at once takes a tenth of a second.
    private var leaving: [CachedDocument] = []
    private var dirty: [CachedDocument] = []
    /// Stored bytes of what came to `entries`: a measure of their size.
    private var bytes = 0
    private let find: BoundStatement
    private let insert: BoundStatement
    private let update: BoundStatement
    private let delete: BoundStatement
    private let tables: QueryTables?
    private let digest: RunningDigest?
    private let database: Database

    /// `tables` and `digest` are nil for a reader, which never flushes.
    init(_ db: Database, tables: QueryTables?, digest: RunningDigest?) throws {
        database = db
        self.tables = tables
        self.digest = digest
        find = try BoundStatement(db, "SELECT id, deleted, hash, body FROM document WHERE type = ? AND key = ?")
        insert = try BoundStatement(
            db,
            "INSERT INTO document(type, key, deleted, bucket, hash, body) VALUES (?, ?, ?, ?, ?, ?)"
        )
        update = try BoundStatement(db, "UPDATE document SET deleted = ?, hash = ?, body = ? WHERE id = ?")
        delete = try BoundStatement(db, "DELETE FROM document WHERE id = ?")
    }

    /// The document as the transaction sees it; a damaged one is an error and never an answer.
    func document(_ id: DocumentID) throws -> Document? {
        let entry = try entry(id)
        if entry.isDamaged, !entry.isDirty {
            throw StoreFailure(.damaged, "The stored document \(id.type.number)/\(id.key) is damaged.")
        }
        return entry.current
    }

    func save(_ document: Document) throws {
        change(try entry(document.id), to: document)
    }

    func remove(_ id: DocumentID) throws {
        let entry = try entry(id)
        guard entry.row != nil || entry.current != nil else { return }
        change(entry, to: nil)
    }

    /// Writes what changed, with the rows that follow from it; the transaction is still open afterwards.
    func flush() throws {
        for entry in dirty {
            if let current = entry.current {
                try write(current, to: entry)
            } else {
                try erase(entry)
            }
            entry.stored = entry.current
            entry.isDirty = false
            entry.isDamaged = false
        }
        dirty = []
    }

    /// The transaction is on disk: keeps what was read and written for the next one, within the bound.
    func committed() {
        leaving.removeLast(min(leaving.count, Limits.storeCachedReleasedAtOnce))
        // A third of the bound for each of the three.
        guard entries.count > Limits.storeCachedDocumentsMax / 3 || bytes > Limits.storeCachedBytesMax / 3 else {
            return
        }
        leaving = Array(older.values)
        older = entries
        entries = [:]
        bytes = 0
    }

    /// The transaction is gone, and with it everything that was seen in it.
    func rolledBack() {
        entries = [:]
        older = [:]
        leaving = []
        bytes = 0
        dirty = []
    }

    private func change(_ entry: CachedDocument, to document: Document?) {
        entry.current = document
        if !entry.isDirty { dirty.append(entry) }
        entry.isDirty = true
    }

    private func write(_ document: Document, to entry: CachedDocument) throws {
        let body = DocumentEncoder.encode(document)
        let hash = DocumentHash(id: entry.id, body: body)
        let counted = document.isDeleted ? nil : hash
        bytes += body.count - entry.bytes
        entry.bytes = body.count
        let row: Int64
        if let known = entry.row {
            row = known
            try update.run {
                $0.bind(1, document.isDeleted ? 1 : 0)
                $0.bind(2, hash.bytes)
                $0.bind(3, body)
                $0.bind(4, known)
            }
        } else {
            try insert.run {
                $0.bind(1, Int64(entry.id.type.number))
                $0.bind(2, entry.id.key)
                $0.bind(3, document.isDeleted ? 1 : 0)
                $0.bind(4, Int64(StateDigest.bucket(of: entry.id)))
                $0.bind(5, hash.bytes)
                $0.bind(6, body)
            }
            row = database.lastInsertedRowID
        }
        if entry.isDamaged { try dropRows(of: entry, row: row) }
        try tables?.replace(id: row, before: entry.stored, after: document)
        digest?.replace(entry.counted, with: counted, of: entry.id, row: row)
        entry.row = row
        entry.counted = counted
    }

    private func erase(_ entry: CachedDocument) throws {
        guard let row = entry.row else { return }
        try dropRows(of: entry, row: row)
        try delete.run { $0.bind(1, row) }
        digest?.replace(entry.counted, with: nil, of: entry.id, row: row)
        entry.row = nil
        entry.counted = nil
    }

    /// Removes what follows from a document, as its deletion would.
    private func dropRows(of entry: CachedDocument, row: Int64) throws {
        guard let tables, let none = CachedDocument.tombstone(entry.id) else { return }
        // What a damaged document showed is not known: everything that it might have shown is dropped.
        let before = entry.isDamaged ? CachedDocument.everything(entry.id) : entry.stored
        try tables.replace(id: row, before: before, after: none)
    }

    private func entry(_ id: DocumentID) throws -> CachedDocument {
        if let entry = entries[id] { return entry }
        if let entry = older.removeValue(forKey: id) {
            entries[id] = entry
            bytes += entry.bytes
            return entry
        }
        let entry = CachedDocument(id: id)
        let row = try find.first(
            {
                $0.bind(1, Int64(id.type.number))
                $0.bind(2, id.key)
            },
            read: {
                let hash = DocumentHash(bytes: $0.blob(2))
                return (id: $0.int(0), isDeleted: $0.int(1) != 0, hash: hash, body: $0.blob(3))
            }
        )
        if let row {
            entry.bytes = row.body.count
            bytes += entry.bytes
            entry.load(row: row.id, isDeleted: row.isDeleted, hash: row.hash, body: row.body)
        }
        entries[id] = entry
        return entry
    }
}
