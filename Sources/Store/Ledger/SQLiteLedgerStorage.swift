import GRDB
package import Kernel
package import Replication

/// The ledger's storage in a site's database; lives on one connection, used inside one transaction at a time.
package final class SQLiteLedgerStorage: LedgerStorage {
    private let documents: DocumentCache
    private let log: OpLog
    private let readCounter: BoundStatement
    private let writeCounter: BoundStatement
    private let addConflict: BoundStatement
    private let deleteConflict: BoundStatement
    private let listConflicts: BoundStatement
    private let deletePeer: BoundStatement
    private let addPeer: BoundStatement
    private let listPeers: BoundStatement

    /// For the writer, which keeps query tables in step, or for a reader, which has none to keep.
    init(_ db: Database, forWriting: Bool) throws {
        documents = try DocumentCache(db, tables: forWriting ? try QueryTables(db) : nil)
        log = try OpLog(db)
        readCounter = try BoundStatement(db, "SELECT value FROM counter WHERE name = ?")
        writeCounter = try BoundStatement(db, "INSERT OR REPLACE INTO counter(name, value) VALUES (?, ?)")
        addConflict = try BoundStatement(
            db,
            "INSERT OR REPLACE INTO conflict(id, type, key, stamp, body) VALUES (?, ?, ?, ?, ?)"
        )
        deleteConflict = try BoundStatement(db, "DELETE FROM conflict WHERE id = ?")
        listConflicts = try BoundStatement(db, "SELECT id, body FROM conflict WHERE id > ? ORDER BY id LIMIT ?")
        deletePeer = try BoundStatement(db, "DELETE FROM acknowledged WHERE peer = ?")
        addPeer = try BoundStatement(db, "INSERT INTO acknowledged(peer, site, epoch, head) VALUES (?, ?, ?, ?)")
        listPeers = try BoundStatement(db, "SELECT peer, site, epoch, head FROM acknowledged")
    }

    /// Writes changed documents and their rows; called once, before the transaction is committed.
    func flush() throws { try documents.flush() }

    /// Tells that the transaction is on disk.
    func committed() { documents.committed() }

    /// Tells that the transaction is gone.
    func rolledBack() {
        documents.rolledBack()
        log.rolledBack()
    }

    /// See `LedgerStorage`.
    package func document(_ id: DocumentID) throws -> Document? { try documents.document(id) }

    /// See `LedgerStorage`.
    package func save(_ document: Document) throws { try documents.save(document) }

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
    package func counter(_ name: String) throws -> Int64? {
        try readCounter.first({ $0.bind(1, name) }, read: { $0.int(0) })
    }

    /// See `LedgerStorage`.
    package func setCounter(_ name: String, to value: Int64) throws {
        try writeCounter.run {
            $0.bind(1, name)
            $0.bind(2, value)
        }
    }

    /// See `LedgerStorage`.
    package func save(_ conflict: Conflict) throws {
        try addConflict.run {
            $0.bind(1, conflict.id.text)
            $0.bind(2, Int64(conflict.id.document.type.number))
            $0.bind(3, conflict.id.document.key)
            $0.bind(4, Int64(bitPattern: conflict.lost.stamp.bits))
            $0.bind(5, ConflictCoding.encode(conflict))
        }
    }

    /// See `LedgerStorage`.
    package func removeConflict(_ id: ConflictID) throws {
        try deleteConflict.run { $0.bind(1, id.text) }
    }

    /// See `LedgerStorage`.
    package func conflicts(after id: ConflictID?, limit: Int) throws -> [Conflict] {
        var rows: [(id: String, body: [UInt8])] = []
        try listConflicts.each(
            {
                $0.bind(1, id?.text ?? "")
                $0.bind(2, Int64(max(limit, 0)))
            },
            read: {
                rows.append(($0.text(0), $0.blob(1)))
                return true
            }
        )
        return try rows.map { try ConflictCoding.decode($0.body, id: $0.id) }
    }

    /// See `LedgerStorage`.
    package func savePeerVector(_ vector: VersionVector, of site: SiteID) throws {
        try deletePeer.run { $0.bind(1, site.name) }
        for head in vector.heads {
            try addPeer.run {
                $0.bind(1, site.name)
                $0.bind(2, head.origin.site.name)
                $0.bind(3, Int64(head.origin.epoch))
                $0.bind(4, Int64(bitPattern: head.sequence))
            }
        }
    }

    /// See `LedgerStorage`.
    package func peerVectors() throws -> [SiteID: VersionVector] {
        var result: [SiteID: VersionVector] = [:]
        try listPeers.each({ _ in }) { row in
            guard let peer = SiteID(row.text(0)), let site = SiteID(row.text(1)),
                let epoch = UInt32(exactly: row.int(2))
            else { throw StoreFailure(.damaged, "What peers acknowledged is damaged.") }
            let head = Dot(origin: Origin(site: site, epoch: epoch), sequence: UInt64(bitPattern: row.int(3)))
            result[peer, default: VersionVector()].include(head)
            return true
        }
        return result
    }
}
