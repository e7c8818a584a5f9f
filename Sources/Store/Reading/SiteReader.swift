package import ContactCenter
import GRDB
package import Kernel
package import Replication

/// Reads a site's records from its own disk, beside the writer and never behind it.
///
/// Each call is one read transaction and so one consistent picture. A read that takes longer than
/// `Limits.storeReadMillisecondsMax` is stopped, because while it lives the write-ahead log cannot be cut.
package struct SiteReader: Sendable {
    private let database: SiteDatabase

    /// Reads from an open database.
    package init(_ database: SiteDatabase) {
        self.database = database
    }

    /// Runs a read; `doing` completes "could not …" in the error.
    func read<T: Sendable>(
        _ doing: String,
        milliseconds: Int = Limits.storeReadMillisecondsMax,
        _ body: @escaping @Sendable (Database) throws -> T
    ) async throws(StoreFailure) -> T {
        do {
            return try await database.pool.read { db in
                let deadline = ReadDeadline(db, milliseconds: milliseconds)
                defer { deadline.cancel() }
                return try body(db)
            }
        } catch {
            throw StoreFailure(error, doing: doing)
        }
    }

    /// One document as the ledger knows it, deleted ones included; nil when no op has touched it.
    package func document(_ id: DocumentID) async throws(StoreFailure) -> Document? {
        try await read("read a document") { db in try DocumentRows.one(db, id) }
    }

    /// All documents of a type that are not deleted, sorted by key: for the few agents, queues, accounts, keys.
    package func documents(of type: DocumentType) async throws(StoreFailure) -> [Document] {
        try await read("read documents") { db in
            try DocumentRows.all(
                db,
                "SELECT type, key, body FROM document WHERE type = ? ORDER BY key",
                [Int64(type.number)]
            ).filter { !$0.isDeleted }
        }
    }

    /// Ops for a peer that lacks them, up to the first whose bytes the disk changed, and that one's name.
    package func ops(_ request: OpsRequest) async throws(StoreFailure) -> (batch: OpsBatch, damaged: Dot?) {
        try await read("read ops for a peer") { db in
            try Ledger.readSound(request, from: SQLiteLedgerStorage(db, forWriting: false))
        }
    }

    /// Agents by login, those who left included.
    package func agents() async throws(StoreFailure) -> [Agent] {
        try await documents(of: Schema.agent).compactMap(Agent.init)
    }

    /// Queues by short name.
    package func queues() async throws(StoreFailure) -> [Queue] {
        try await documents(of: Schema.queue).compactMap(Queue.init)
    }

    /// The public keys of all sites.
    package func siteKeys() async throws(StoreFailure) -> [SiteKey] {
        try await documents(of: Schema.siteKey).compactMap(SiteKey.init)
    }

    /// An account by login.
    package func account(_ id: AccountID) async throws(StoreFailure) -> Account? {
        try await document(id.documentID).flatMap(Account.init)
    }

    /// An agent by login.
    package func agent(_ id: AgentID) async throws(StoreFailure) -> Agent? {
        try await document(id.documentID).flatMap(Agent.init)
    }

    /// A queue by short name.
    package func queue(_ id: QueueID) async throws(StoreFailure) -> Queue? {
        try await document(id.documentID).flatMap(Queue.init)
    }

    /// Overwritten values that wait for a decision, newest first.
    package func conflicts(limit: Int) async throws(StoreFailure) -> [Conflict] {
        try await read("list conflicts") { db in
            let rows = try Row.fetchAll(
                db,
                sql: "SELECT id, body FROM conflict ORDER BY stamp DESC, id LIMIT ?",
                arguments: [PageCursor.rows(limit)]
            )
            return try rows.map { try ConflictCoding.decode($0["body"], id: $0["id"]) }
        }
    }

    /// One conflict; nil when it is settled or never was.
    package func conflict(_ id: ConflictID) async throws(StoreFailure) -> Conflict? {
        try await read("read a conflict") { db in
            let body = try [UInt8].fetchBlob(db, "SELECT body FROM conflict WHERE id = ?", [id.text])
            return try body.map { try ConflictCoding.decode($0, id: id.text) }
        }
    }

    /// How much of what there is.
    package func figures() async throws(StoreFailure) -> StoreFigures {
        try await read("count records") { db in try StoreFigures(db) }
    }
}
