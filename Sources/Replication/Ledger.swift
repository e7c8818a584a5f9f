package import Kernel

/// The rules of the op log and the documents.
///
/// A value that caches what the storage says of vector, clock and chains. Use a copy inside a transaction and keep
/// the copy when the transaction has been committed; then the two cannot disagree:
///
///     var next = ledger
///     let result = try database.write { try next.commit(requests, at: wall, in: &storage) }
///     ledger = next
package struct Ledger: Sendable {
    /// Under which name this site writes.
    package internal(set) var origin: Origin
    /// The fields of every document type.
    package let schema: DocumentSchema
    /// What is applied and stored here.
    package internal(set) var vector: VersionVector
    /// Origins of which nothing more is applied, because two different ops had one name.
    package internal(set) var halted: Set<Origin> = []

    var clock: HybridClock
    /// The chain hash of the newest op of each origin.
    var chains: [Origin: [UInt8]]
    /// The vector when this site wrote its newest op: what rose since then is what its next op needs.
    var vectorOfNewest = VersionVector()
    /// Ops received whose causes are still on their way.
    var waiting = HeldOps()
    /// Ops on disk whose stamps lie too far in the future, by origin; each origin's follow its newest applied op.
    var future: [Origin: [FutureOp]] = [:]
    /// The highest count in a number for people that this site is known to have given out elsewhere.
    var numbersSeen: Int64 = 0
    /// False on a blank disk and after a set-back, until the others have told what this site gave out before.
    var knowsNumbers: Bool
    /// How far the present round of forgetting has come.
    var forgottenUpTo: DocumentID?
    /// The level of the schema that every active member understands: nothing newer is written.
    package var writableLevel = DocumentSchema.oldestLevel
    /// True while a snapshot is being taken in: nothing is written here until it is complete.
    package internal(set) var isJoining: Bool

    /// Reads what a site's storage says; on the first start, with a blank disk, it begins `firstEpoch`.
    package init(
        site: SiteID,
        schema: DocumentSchema,
        firstEpoch: UInt32 = 1,
        storage: inout some LedgerStorage
    ) throws {
        let epoch: UInt32
        if let stored = try storage.counter(LedgerCounter.epoch), let number = UInt32(exactly: stored), number > 0 {
            epoch = number
        } else {
            epoch = max(firstEpoch, 1)
            try storage.setCounter(LedgerCounter.epoch, to: Int64(epoch))
        }
        isJoining = try storage.counter(LedgerCounter.joining) == 1
        numbersSeen = try storage.counter(LedgerCounter.numbersSeen) ?? 0
        knowsNumbers = try storage.counter(LedgerCounter.numbersKnown) == 1
        origin = Origin(site: site, epoch: epoch)
        self.schema = schema
        let heads = try storage.heads()
        vector = VersionVector(heads.map(\.dot))
        chains = Dictionary(heads.map { ($0.dot.origin, $0.chain) }, uniquingKeysWith: { $1 })
        let reserve = try storage.counter(LedgerCounter.clockReserve) ?? 0
        clock = HybridClock(reserved: HybridTimestamp(bits: UInt64(bitPattern: reserve)))
        for head in heads where try storage.counter(LedgerCounter.halted(head.dot.origin)) == 1 {
            halted.insert(head.dot.origin)
        }
        for op in try storage.heldBack() {
            guard let decoded = try? OpCodec.decode(op.body, dot: op.dot) else { continue }
            future[op.dot.origin, default: []].append(FutureOp(op: decoded, stored: op))
        }
    }

    /// Counts this start of the site and returns the incarnation that it makes: call once per start.
    package static func nextIncarnation(in storage: inout some LedgerStorage) throws -> UInt64 {
        let next = (try storage.counter(LedgerCounter.incarnation) ?? 0) + 1
        try storage.setCounter(LedgerCounter.incarnation, to: next)
        return UInt64(clamping: next)
    }

    /// Writes the clock's new high-water mark, if it passed the old one, before the transaction shows a stamp.
    mutating func saveClock(in storage: inout some LedgerStorage) throws {
        guard let mark = clock.extendReserve() else { return }
        try storage.setCounter(LedgerCounter.clockReserve, to: Int64(bitPattern: mark.bits))
    }

    /// What is on disk here: applied, or held back because of its stamp.
    ///
    /// What acknowledgements count.
    package var stored: VersionVector {
        var result = vector
        for ops in future.values { if let last = ops.last { result.include(last.op.dot) } }
        return result
    }

    /// The chain hash of an origin's newest op here, or what stands before its first.
    func chain(of origin: Origin) -> [UInt8] {
        chains[origin] ?? OpChain.start(origin)
    }
}
