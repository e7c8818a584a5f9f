package import Kernel

/// A ledger's storage in memory: for the simulator and for tests.
///
/// It is a value: a copy is a snapshot, and assigning the copy back is a rollback.
package struct InMemoryLedgerStorage: LedgerStorage, Hashable, Sendable {
    /// The ops of one origin.
    private struct Log: Hashable, Sendable {
        var base: OriginHead?
        var ops: [StoredOp] = []

        /// The place of an op in `ops`; nil when it is not in the log.
        func place(of sequence: UInt64) -> Int? {
            let before = base?.dot.sequence ?? 0
            guard sequence > before, sequence - before <= UInt64(ops.count) else { return nil }
            return Int(sequence - before) - 1
        }
    }

    /// Every document, deleted ones included.
    package private(set) var documents: [DocumentID: Document] = [:]
    private var logs: [Origin: Log] = [:]
    private var held: [StoredOp] = []
    private var counters: [String: Int64] = [:]
    private var blobs: [String: [UInt8]] = [:]
    private var journal: [ConflictID: Conflict] = [:]
    private var peers: [SiteID: VersionVector] = [:]

    private var sums = StateDigest()
    private var hashes: [DocumentID: DocumentHash] = [:]
    /// Documents changed since the digest was asked for last.
    private var unsummed: Set<DocumentID> = []
    /// Documents that `rot` changed.
    private var rotten: Set<DocumentID> = []

    /// Empty storage.
    package init() {
    }

    /// See `LedgerStorage`.
    package func document(_ id: DocumentID) -> Document? {
        documents[id]
    }

    /// See `LedgerStorage`.
    package func intactDocument(_ id: DocumentID) throws -> Document? {
        if rotten.contains(id) { throw FrameError.malformed("the stored document \(id.key)") }
        return documents[id]
    }

    /// See `LedgerStorage`.
    package mutating func save(_ document: Document) {
        documents[document.id] = document
        unsummed.insert(document.id)
        rotten.remove(document.id)
    }

    /// See `LedgerStorage`.
    package mutating func remove(_ id: DocumentID) {
        documents[id] = nil
        unsummed.insert(id)
        rotten.remove(id)
    }

    /// See `LedgerStorage`.
    package func documents(after id: DocumentID?, limit: Int) -> [Document] {
        let ids = documents.keys.filter { key in id.map { $0 < key } ?? true }.sorted()
        return ids.prefix(max(limit, 0)).compactMap { documents[$0] }
    }

    /// See `LedgerStorage`.
    package func deletedDocuments(after id: DocumentID?, limit: Int) -> [Document] {
        let found = documents.values.filter { document in
            document.isDeleted && (id.map { $0 < document.id } ?? true)
        }
        return Array(found.sorted { $0.id < $1.id }.prefix(max(limit, 0)))
    }

    /// See `LedgerStorage`.
    package mutating func digest() -> StateDigest? {
        for id in unsummed.sorted() {
            sums.remove(hashes[id], of: id)
            hashes[id] = documents[id].flatMap { $0.isDeleted ? nil : DocumentHash($0) }
            sums.add(hashes[id], of: id)
        }
        unsummed = []
        return sums
    }

    /// See `LedgerStorage`.
    package func hashes(inBuckets buckets: Set<Int>) -> [DocumentID: DocumentHash] {
        let living = documents.values.filter { !$0.isDeleted && buckets.contains(StateDigest.bucket(of: $0.id)) }
        return Dictionary(living.map { ($0.id, DocumentHash($0)) }, uniquingKeysWith: { $1 })
    }

    /// See `LedgerStorage`.
    package func damagedDocuments(after id: DocumentID?, limit: Int) -> (damaged: [DocumentID], next: DocumentID?) {
        let looked = documents(after: id, limit: limit)
        return (
            looked.map(\.id).filter(rotten.contains),
            looked.count == limit ? looked.last?.id : nil
        )
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
    package func blob(_ name: String) -> [UInt8]? {
        blobs[name]
    }

    /// See `LedgerStorage`.
    package mutating func setBlob(_ name: String, to bytes: [UInt8]) {
        blobs[name] = bytes
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

// The log.
extension InMemoryLedgerStorage {
    /// See `LedgerStorage`.
    package mutating func append(_ op: StoredOp) {
        logs[op.dot.origin, default: Log()].ops.append(op)
    }

    /// See `LedgerStorage`.
    package func op(_ dot: Dot) -> StoredOp? {
        guard let log = logs[dot.origin], let place = log.place(of: dot.sequence) else { return nil }
        return log.ops[place]
    }

    /// See `LedgerStorage`.
    package func bodies(of origin: Origin, from first: UInt64, maxBytes: Int, maxCount: Int) -> [[UInt8]] {
        guard let log = logs[origin], let place = log.place(of: first) else { return [] }
        var result: [[UInt8]] = []
        var bytes = 0
        for op in log.ops[place...] {
            bytes += op.body.count
            if result.count >= maxCount || bytes > maxBytes, !result.isEmpty { break }
            result.append(op.body)
        }
        return result
    }

    /// See `LedgerStorage`.
    package func heads() -> [OriginHead] {
        logs.values.compactMap { log in
            log.ops.last.map { OriginHead(dot: $0.dot, chain: $0.chain) } ?? log.base
        }
        .sorted { $0.dot < $1.dot }
    }

    /// See `LedgerStorage`.
    package func bases() -> [OriginHead] {
        logs.values.compactMap(\.base).sorted { $0.dot < $1.dot }
    }

    /// See `LedgerStorage`.
    package mutating func setBase(_ base: OriginHead) {
        var log = logs[base.dot.origin] ?? Log()
        let before = log.base?.dot.sequence ?? 0
        guard base.dot.sequence > before else { return }
        log.ops.removeFirst(min(log.ops.count, Int(clamping: base.dot.sequence - before)))
        log.base = base
        logs[base.dot.origin] = log
    }

    /// See `LedgerStorage`.
    package mutating func mend(_ op: StoredOp) {
        guard let place = logs[op.dot.origin]?.place(of: op.dot.sequence) else { return }
        logs[op.dot.origin]?.ops[place] = op
    }

    /// See `LedgerStorage`.
    package mutating func holdBack(_ op: StoredOp) {
        held.append(op)
        held.sort { $0.dot < $1.dot }
    }

    /// See `LedgerStorage`.
    package func heldBack() -> [StoredOp] {
        held
    }

    /// See `LedgerStorage`.
    package mutating func dropHeldBack(of origin: Origin, through sequence: UInt64) {
        held.removeAll { $0.dot.origin == origin && $0.dot.sequence <= sequence }
    }
}

// Faults.
extension InMemoryLedgerStorage {
    /// True while a document is damaged and not written anew.
    package var hasRot: Bool { !rotten.isEmpty }

    /// Flips a bit of an op's body as a failing disk would; false when there is no such op.
    package mutating func rot(_ dot: Dot, bit: Int) -> Bool {
        guard let op = op(dot), !op.body.isEmpty else { return false }
        var body = op.body
        body[bit / 8 % body.count] ^= UInt8(1 << (bit % 8))
        mend(StoredOp(dot: dot, stamp: op.stamp, body: body, chain: op.chain))
        return true
    }

    /// Changes a stored document as a failing disk would, behind the digest's back.
    package mutating func rot(_ document: Document) {
        documents[document.id] = document
        rotten.insert(document.id)
    }
}
