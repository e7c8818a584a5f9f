package import Kernel

/// A ledger's storage in memory: for the simulator and for tests.
///
/// It is a value: a copy is a snapshot, and assigning the copy back is a rollback.
package struct InMemoryLedgerStorage: LedgerStorage, Hashable, Sendable {
    /// Every document, deleted ones included.
    package private(set) var documents: [DocumentID: Document] = [:]
    private var logs: [Origin: [StoredOp]] = [:]
    private var counters: [String: Int64] = [:]
    private var journal: [ConflictID: Conflict] = [:]
    private var peers: [SiteID: VersionVector] = [:]

    /// Empty storage.
    package init() {
    }

    /// See `LedgerStorage`.
    package func document(_ id: DocumentID) -> Document? {
        documents[id]
    }

    /// See `LedgerStorage`.
    package mutating func save(_ document: Document) {
        documents[document.id] = document
    }

    /// See `LedgerStorage`.
    package mutating func append(_ op: StoredOp) {
        logs[op.dot.origin, default: []].append(op)
    }

    /// See `LedgerStorage`.
    package func op(_ dot: Dot) -> StoredOp? {
        guard let log = logs[dot.origin], dot.sequence > 0, dot.sequence <= UInt64(log.count) else { return nil }
        return log[Int(dot.sequence) - 1]
    }

    /// See `LedgerStorage`.
    package func bodies(of origin: Origin, from first: UInt64, maxBytes: Int, maxCount: Int) -> [[UInt8]] {
        guard let log = logs[origin], first > 0, first <= UInt64(log.count) else { return [] }
        var result: [[UInt8]] = []
        var bytes = 0
        for op in log[(Int(first) - 1)...] {
            bytes += op.body.count
            if result.count >= maxCount || bytes > maxBytes, !result.isEmpty { break }
            result.append(op.body)
        }
        return result
    }

    /// See `LedgerStorage`.
    package func heads() -> [OriginHead] {
        logs.values.compactMap { log in log.last.map { OriginHead(dot: $0.dot, chain: $0.chain) } }
            .sorted { $0.dot < $1.dot }
    }

    /// See `LedgerStorage`.
    package func counter(_ name: String) -> Int64? {
        counters[name]
    }

    /// See `LedgerStorage`.
    package mutating func setCounter(_ name: String, to value: Int64) {
        counters[name] = value
    }

    /// See `LedgerStorage`.
    package mutating func save(_ conflict: Conflict) {
        journal[conflict.id] = conflict
    }

    /// See `LedgerStorage`.
    package mutating func removeConflict(_ id: ConflictID) {
        journal[id] = nil
    }

    /// See `LedgerStorage`.
    package func conflicts(after id: ConflictID?, limit: Int) -> [Conflict] {
        let sorted = journal.values.sorted { $0.id.text < $1.id.text }
        let rest = sorted.drop { conflict in id.map { conflict.id.text <= $0.text } ?? false }
        return Array(rest.prefix(max(limit, 0)))
    }

    /// See `LedgerStorage`.
    package mutating func savePeerVector(_ vector: VersionVector, of site: SiteID) {
        peers[site] = vector
    }

    /// See `LedgerStorage`.
    package func peerVectors() -> [SiteID: VersionVector] {
        peers
    }
}
