package import Kernel

/// What a ledger keeps its records in; one call of the ledger runs inside one transaction of it.
///
/// Synchronous, and called from one place at a time. A method that throws leaves the transaction to be rolled
/// back, together with the copy of the `Ledger` value that was used in it.
package protocol LedgerStorage {
    /// A document, deleted ones included; nil when no op has touched it.
    func document(_ id: DocumentID) throws -> Document?
    /// Writes a document over what was stored of it.
    mutating func save(_ document: Document) throws

    /// Appends an op to its origin's log; the ledger calls it in the order of sequence numbers, without gaps.
    mutating func append(_ op: StoredOp) throws
    /// The op of a dot; nil when it is not in the log.
    func op(_ dot: Dot) throws -> StoredOp?
    /// The bodies of an origin's ops from `first` on, in order, up to the sum of bytes and the count; at least
    /// one if there is any.
    func bodies(of origin: Origin, from first: UInt64, maxBytes: Int, maxCount: Int) throws -> [[UInt8]]
    /// The newest op of every origin in the log, sorted by origin.
    func heads() throws -> [OriginHead]

    /// A small number by name: number series, clock reserve, incarnation, epoch; nil when it was never set.
    func counter(_ name: String) throws -> Int64?
    /// Sets a small number.
    mutating func setCounter(_ name: String, to value: Int64) throws

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
    /// Set to 1 when an origin was halted because of two different ops of one name.
    package static func halted(_ origin: Origin) -> String { "halted.\(origin.text)" }
}
