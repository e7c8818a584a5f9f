package import Kernel

/// What a ledger keeps its records in; one call of the ledger runs inside one transaction of it.
///
/// Synchronous, and called from one place at a time. A method that throws leaves the transaction to be rolled
/// back, together with the copy of the `Ledger` value that was used in it.
package protocol LedgerStorage {
    /// A document, deleted ones included; nil when no op has touched it.
    func document(_ id: DocumentID) throws -> Document?
    /// A document that is to be changed, as `document`; throws when its stored bytes are not what was written: a change
    /// would make damage look whole.
    func intactDocument(_ id: DocumentID) throws -> Document?
    /// Writes a document over what was stored of it.
    mutating func save(_ document: Document) throws
    /// Removes a document with everything that follows from it; one that is not there is no error.
    mutating func remove(_ id: DocumentID) throws
    /// Documents in the order of their ids after the given one, deleted ones included.
    func documents(after id: DocumentID?, limit: Int) throws -> [Document]
    /// Deleted documents in the order of their ids after the given one.
    func deletedDocuments(after id: DocumentID?, limit: Int) throws -> [Document]
    /// The digest of all living documents, this transaction's changes included; nil while it is being built.
    mutating func digest() throws -> StateDigest?
    /// The documents of some buckets of the digest with their hashes, sorted by id, living ones only.
    func hashes(inBuckets buckets: Set<Int>) throws -> [DocumentID: DocumentHash]
    /// Documents after the given id whose stored bytes are not what was written, of at most `limit` looked at; and the
    /// id to go on after, nil at the end.
    func damagedDocuments(after id: DocumentID?, limit: Int) throws -> (damaged: [DocumentID], next: DocumentID?)

    /// Appends an op to its origin's log; the ledger calls it in the order of sequence numbers, without gaps.
    mutating func append(_ op: StoredOp) throws
    /// The op of a dot; nil when it is not in the log.
    func op(_ dot: Dot) throws -> StoredOp?
    /// The bodies of an origin's ops from `first` on, in order, up to the sum of bytes and the count; at least
    /// one if there is any.
    func bodies(of origin: Origin, from first: UInt64, maxBytes: Int, maxCount: Int) throws -> [[UInt8]]
    /// The newest op of every origin, in the log or at its base, sorted by origin.
    func heads() throws -> [OriginHead]
    /// Where each origin's log begins, if it does not begin with its first op: the op before it, sorted by origin.
    func bases() throws -> [OriginHead]
    /// Makes the log of an origin begin after this op: it and those before it are dropped.
    mutating func setBase(_ base: OriginHead) throws
    /// Writes an op over the damaged one of the same dot.
    mutating func mend(_ op: StoredOp) throws

    /// Keeps an op that follows its origin's newest one, held back ones included, and may not be applied yet.
    mutating func holdBack(_ op: StoredOp) throws
    /// The ops held back, sorted by dot.
    func heldBack() throws -> [StoredOp]
    /// Drops an origin's held-back ops up to a sequence number.
    mutating func dropHeldBack(of origin: Origin, through sequence: UInt64) throws

    /// A small number by name: number series, clock reserve, incarnation, epoch; nil when it was never set.
    func counter(_ name: String) throws -> Int64?
    /// Sets a small number.
    mutating func setCounter(_ name: String, to value: Int64) throws

    /// Some bytes by name: the state of membership; nil when they were never set.
    func blob(_ name: String) throws -> [UInt8]?
    /// Sets bytes by name.
    mutating func setBlob(_ name: String, to bytes: [UInt8]) throws

    /// Writes a conflict, over the one of the same id if there is one.
    mutating func save(_ conflict: Conflict) throws
    /// Removes a conflict that is settled; one that is not there is no error.
    mutating func removeConflict(_ id: ConflictID) throws
    /// Conflicts in the order of their ids' text, after the given one.
    func conflicts(after id: ConflictID?, limit: Int) throws -> [Conflict]

    /// Notes what a peer says that it has on disk.
    mutating func savePeerVector(_ vector: VersionVector, of site: SiteID) throws
    /// What each peer said last, by site.
    func peerVectors() throws -> [SiteID: VersionVector]
}

extension LedgerStorage {
    /// As `document`: for storage that looks at the bytes of whatever it reads.
    package func intactDocument(_ id: DocumentID) throws -> Document? { try document(id) }
}

/// The newest op of one origin in the log.
package struct OriginHead: Hashable, Sendable {
    /// The op.
    package let dot: Dot
    /// The hash over the origin's whole log up to it.
    package let chain: [UInt8]

    /// Describes a head.
    package init(dot: Dot, chain: [UInt8]) {
        self.dot = dot
        self.chain = chain
    }
}

/// An op as the log keeps it: the bytes that its origin wrote, never encoded anew.
package struct StoredOp: Hashable, Sendable {
    /// Its name.
    package let dot: Dot
    /// Its stamp, for those who look for ops by time.
    package let stamp: HybridTimestamp
    /// Its body as its origin encoded it.
    package let body: [UInt8]
    /// The hash over the origin's log up to and with it (`OpChain`).
    package let chain: [UInt8]

    /// Describes a stored op.
    package init(dot: Dot, stamp: HybridTimestamp, body: [UInt8], chain: [UInt8]) {
        self.dot = dot
        self.stamp = stamp
        self.body = body
        self.chain = chain
    }
}

/// Names of the small numbers that the ledger keeps.
package enum LedgerCounter {
    /// The site's epoch, from 1.
    package static let epoch = "epoch"
    /// How often the site has started: the incarnation of its presence.
    package static let incarnation = "incarnation"
    /// Stamps below it may be in use (`HybridClock.reserved`), as its bits.
    package static let clockReserve = "clock.reserve"
    /// The last number of a series given out here.
    package static func series(_ name: String) -> String { "series.\(name)" }
    /// The highest count in a number that this site gave out, as far as ops and snapshots from elsewhere show.
    package static let numbersSeen = "numbers.seen"
    /// Set to 1 once this site knows which numbers for people it has given out in all its epochs.
    package static let numbersKnown = "numbers.known"
    /// Set to 1 while a snapshot is being taken in: until it is complete, nothing may be written here.
    package static let joining = "joining"
    /// Set to 1 when an origin was halted because of two different ops of one name.
    package static func halted(_ origin: Origin) -> String { "halted.\(origin.text)" }
}
