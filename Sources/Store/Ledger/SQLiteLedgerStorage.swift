package import GRDB
package import Kernel
package import Replication

/// The ledger's storage in a site's database; lives on one connection, used inside one transaction at a time.
package final class SQLiteLedgerStorage: LedgerStorage {
    private let documents: WriterDocuments
    private let scan: DocumentScan
    private let sums: RunningDigest?
    private let origins: OriginNumbers
    private let logBases: LogBases
    private let log: OpLog
    private let held: HeldBackRows
    private let values: NamedValues
    private let journal: ConflictRows
    private let peers: PeerRows
    private let database: Database

    /// For the writer, which keeps query tables and digest in step, or for a reader, which has none to keep.
    package init(_ db: Database, forWriting: Bool) throws {
        database = db
        sums = forWriting ? try RunningDigest(db) : nil
        documents = try WriterDocuments(db, tables: forWriting ? try QueryTables(db) : nil, digest: sums)
        scan = try DocumentScan(db)
        origins = try OriginNumbers(db)
        logBases = try LogBases(db, origins: origins)
        log = try OpLog(db, origins: origins, bases: logBases)
        held = try HeldBackRows(db, origins: origins)
        values = try NamedValues(db)
        journal = try ConflictRows(db)
        peers = try PeerRows(db)
    }

    /// Writes changed documents and their rows; called once, before the transaction is committed.
    package func flush() throws { try documents.flush() }

    /// Tells that the transaction is on disk.
    package func committed() {
        documents.committed()
        sums?.committed()
    }

    /// Tells that the transaction is gone.
    package func rolledBack() {
        documents.rolledBack()
        sums?.rolledBack()
        origins.rolledBack()
        logBases.rolledBack()
    }

    /// Does a small piece of what can be done between two transactions; false when nothing is left to do.
    package func tidy() throws -> Bool {
        if try sums?.build() == true { return true }
        guard logBases.mayTrim else { return false }
        var isMore = false
        do {
            try database.inTransaction(.immediate) {
                isMore = try logBases.trim()
                return .commit
            }
        } catch {
            rolledBack()
            throw error
        }
        return isMore
    }
}

// Documents. What reads rows sees this transaction's changes only when they are written.
extension SQLiteLedgerStorage {
    /// See `LedgerStorage`.
    package func document(_ id: DocumentID) throws -> Document? { try documents.document(id) }

    /// See `LedgerStorage`.
    package func save(_ document: Document) throws { try documents.save(document) }

    /// See `LedgerStorage`.
    package func remove(_ id: DocumentID) throws { try documents.remove(id) }

    /// See `LedgerStorage`.
    package func documents(after id: DocumentID?, limit: Int) throws -> [Document] {
        try flush()
        return try scan.documents(after: id, limit: limit)
    }

    /// See `LedgerStorage`.
    package func deletedDocuments(after id: DocumentID?, limit: Int) throws -> [Document] {
        try flush()
        return try scan.documents(after: id, limit: limit, deletedOnly: true)
    }

    /// See `LedgerStorage`; always nil for a reader.
    package func digest() throws -> StateDigest? {
        try flush()
        return sums?.current
    }

    /// See `LedgerStorage`.
    package func hashes(inBuckets buckets: Set<Int>) throws -> [DocumentID: DocumentHash] {
        try flush()
        return try scan.hashes(inBuckets: buckets)
    }

    /// See `LedgerStorage`.
    package func damagedDocuments(
        after id: DocumentID?,
        limit: Int
    ) throws -> (damaged: [DocumentID], next: DocumentID?) {
        try flush()
        let found = try scan.damaged(after: id, limit: limit)
        return (found.damaged, found.next)
    }
}

// The log.
extension SQLiteLedgerStorage {
    /// See `LedgerStorage`.
    package func append(_ op: StoredOp) throws { try log.append(op) }

    /// See `LedgerStorage`.
    package func op(_ dot: Dot) throws -> StoredOp? { try log.op(dot) }

    /// See `LedgerStorage`.
    package func bodies(of origin: Origin, from first: UInt64, maxBytes: Int, maxCount: Int) throws -> [[UInt8]] {
        try log.bodies(of: origin, from: first, maxBytes: maxBytes, maxCount: maxCount)
    }

    /// See `LedgerStorage`.
    package func heads() throws -> [OriginHead] { try log.heads() }

    /// See `LedgerStorage`.
    package func bases() throws -> [OriginHead] { try logBases.heads() }

    /// See `LedgerStorage`.
    package func setBase(_ base: OriginHead) throws { try logBases.set(base) }

    /// See `LedgerStorage`.
    package func mend(_ op: StoredOp) throws { try log.mend(op) }

    /// See `LedgerStorage`.
    package func holdBack(_ op: StoredOp) throws { try held.add(op) }

    /// See `LedgerStorage`.
    package func heldBack() throws -> [StoredOp] { try held.all() }

    /// See `LedgerStorage`.
    package func dropHeldBack(of origin: Origin, through sequence: UInt64) throws {
        try held.drop(origin, through: sequence)
    }
}

// What stands beside documents and log.
extension SQLiteLedgerStorage {
    /// See `LedgerStorage`.
    package func counter(_ name: String) throws -> Int64? { try values.counter(name) }

    /// See `LedgerStorage`.
    package func setCounter(_ name: String, to value: Int64) throws { try values.setCounter(name, to: value) }

    /// See `LedgerStorage`.
    package func blob(_ name: String) throws -> [UInt8]? { try values.blob(name) }

    /// See `LedgerStorage`.
    package func setBlob(_ name: String, to bytes: [UInt8]) throws { try values.setBlob(name, to: bytes) }

    /// See `LedgerStorage`.
    package func save(_ conflict: Conflict) throws { try journal.save(conflict) }

    /// See `LedgerStorage`.
    package func removeConflict(_ id: ConflictID) throws { try journal.remove(id) }

    /// See `LedgerStorage`.
    package func conflicts(after id: ConflictID?, limit: Int) throws -> [Conflict] {
        try journal.list(after: id, limit: limit)
    }

    /// See `LedgerStorage`.
    package func savePeerVector(_ vector: VersionVector, of site: SiteID) throws {
        try peers.save(vector, of: site)
    }

    /// See `LedgerStorage`.
    package func peerVectors() throws -> [SiteID: VersionVector] { try peers.all() }
}
