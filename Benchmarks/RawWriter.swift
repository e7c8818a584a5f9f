import Foundation
import GRDB
import GRDBSQLite
import Kernel
import Replication
import Store

/// SQLite without a ledger: the same rows of ops and documents, as many bytes, the same settings.
struct RawWriter {
    private let queue: DatabaseQueue
    private var documents: [DocumentID: (row: Int64, body: [UInt8])] = [:]

    /// A database with the documents that a site has.
    init(_ path: String, like site: SiteDatabase, customers: [DocumentID]) async throws {
        queue = try DatabaseQueue(path: path)
        let reader = SiteReader(site)
        for (index, id) in customers.enumerated() {
            guard let document = try await reader.document(id) else { continue }
            documents[id] = (Int64(index + 1), DocumentEncoder.encode(document))
        }
        try await queue.writeWithoutTransaction { db in
            try db.execute(
                sql: """
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = FULL;
                    PRAGMA cache_size = -\(Limits.storeWriterCacheKilobytes);
                    PRAGMA wal_autocheckpoint = \(Limits.storeCheckpointPagesForced);
                    CREATE TABLE op(
                        origin INTEGER NOT NULL, sequence INTEGER NOT NULL, stamp INTEGER NOT NULL,
                        chain BLOB NOT NULL, body BLOB NOT NULL, PRIMARY KEY(origin, sequence)) WITHOUT ROWID;
                    CREATE TABLE document(
                        id INTEGER PRIMARY KEY, type INTEGER NOT NULL, key TEXT NOT NULL, deleted INTEGER NOT NULL,
                        bucket INTEGER NOT NULL, hash BLOB NOT NULL, body BLOB NOT NULL, UNIQUE(type, key));
                    """
            )
        }
        try await queue.write { [documents] db in
            for (id, entry) in documents.sorted(by: { $0.value.row < $1.value.row }) {
                try db.execute(
                    sql: "INSERT INTO document VALUES (?, ?, ?, 0, 1, zeroblob(16), ?)",
                    arguments: [entry.row, Int64(id.type.number), id.key, Data(entry.body)]
                )
            }
        }
    }

    /// Writes one transaction for each list of bodies and the documents that they change; how long it took.
    func run(_ targets: [[DocumentEdit.Target]], bodies: [[[UInt8]]]) throws -> Duration {
        try queue.writeWithoutTransaction { db in
            let op = try RawStatement(db, "INSERT INTO op VALUES (1, ?, ?, ?, ?)")
            let document = try RawStatement(db, "UPDATE document SET deleted = 0, hash = ?, body = ? WHERE id = ?")
            let hash = [UInt8](repeating: 9, count: 16)
            var sequence: Int64 = 0
            let start = ContinuousClock.now
            for (targets, bodies) in zip(targets, bodies) {
                try db.inTransaction(.immediate) {
                    var changed: [Int64: [UInt8]] = [:]
                    for (target, body) in zip(targets, bodies) {
                        sequence += 1
                        op.bind(1, sequence)
                        op.bind(2, sequence)
                        op.bind(3, hash)
                        op.bind(4, body)
                        try op.run()
                        // As the ledger does: a document is written once a transaction.
                        guard case .id(let id, _) = target, let entry = documents[id] else { continue }
                        changed[entry.row] = entry.body
                    }
                    for (row, body) in changed {
                        document.bind(1, hash)
                        document.bind(2, body)
                        document.bind(3, row)
                        try document.run()
                    }
                    return .commit
                }
            }
            return ContinuousClock.now - start
        }
    }
}

/// A statement bound straight from Swift's buffers, so that the comparison is with SQLite and not with boxed values.
private struct RawStatement {
    private let statement: Statement
    private let handle: OpaquePointer

    init(_ db: Database, _ sql: String) throws {
        statement = try db.cachedStatement(sql: sql)
        handle = statement.sqliteStatement
    }

    func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(handle, index, value) }

    func bind(_ index: Int32, _ value: [UInt8]) {
        _ = value.withUnsafeBytes {
            sqlite3_bind_blob(
                handle,
                index,
                $0.baseAddress,
                Int32($0.count),
                unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            )
        }
    }

    func run() throws {
        defer { sqlite3_reset(handle) }
        guard sqlite3_step(handle) == SQLITE_DONE else { throw DatabaseError(resultCode: .SQLITE_ERROR) }
    }
}
