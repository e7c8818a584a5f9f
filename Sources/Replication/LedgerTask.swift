package import Kernel

/// Something asked of the disk beside commits, batches of ops and reads of the log.
///
/// Whoever carries tasks (the store, the simulator) need not know them: `Ledger.perform` does what they say, inside a
/// transaction, and what comes of it goes back to whoever asked.
package enum LedgerTask: Hashable, Sendable {
    /// Write from now on under a new epoch, because sequence numbers of the present one may have been used already.
    case beginEpoch
    /// Apply the held-back ops whose time has come.
    case releaseHeldBack
    /// Note what peers said that they have on disk.
    case savePeerVectors([SiteID: VersionVector])
    /// Keep some bytes by name.
    case saveBlob(String, [UInt8])
    /// Tell the root of the digest of the state and the vector that it belongs to.
    case readDigest
    /// Drop deleted documents that every active member knows to be deleted, and the log up to `trim`.
    case forget(stable: VersionVector, trim: VersionVector)
    /// Let an origin's log begin after this op, which cannot be mended: what it held can be given as a snapshot only.
    case beginLogAfter(Dot)
    /// Everything that this site ever wrote has been seen here: numbers for people go on where they ended.
    case knowNumbers
    /// Write nothing that is newer than this level of the schema; not kept on disk.
    case setWritableLevel(UInt32)
    /// Something for snapshots, repair or the scrub.
    case transfer(TransferTask)
}

/// What came of a task.
package enum LedgerTaskResult: Sendable {
    /// It is done.
    case done
    /// The site writes under this name now.
    case epoch(Origin, VersionVector)
    /// Ops were applied.
    case applied(ApplyOutcome)
    /// The root of the digest of the state at a vector; nil while it is being built.
    case digest(DocumentHash?, VersionVector)
    /// So many deleted documents were dropped, and the log begins after this vector.
    case forgotten(documents: Int, floor: VersionVector)
    /// What came of a task of state transfer.
    case transfer(TransferResult)
}

extension Ledger {
    /// Does what a task says, inside one transaction.
    ///
    /// Throws only what the storage throws.
    package mutating func perform(
        _ task: LedgerTask,
        at wall: WallTime,
        in storage: inout some LedgerStorage
    ) throws -> LedgerTaskResult {
        switch task {
        case .beginEpoch:
            try beginEpoch(at: wall, in: &storage)
            return .epoch(origin, vector)
        case .releaseHeldBack:
            return .applied(try releaseHeldBack(at: wall, in: &storage))
        case .savePeerVectors(let vectors):
            for (site, vector) in vectors.sorted(by: { $0.key < $1.key }) {
                try storage.savePeerVector(vector, of: site)
            }
            return .done
        case .saveBlob(let name, let bytes):
            try storage.setBlob(name, to: bytes)
            return .done
        case .readDigest:
            return .digest(try storage.digest()?.root, vector)
        case .forget(let stable, let trim):
            return try forget(stable: stable, trim: trim, in: &storage)
        case .beginLogAfter(let dot):
            if let op = try storage.op(dot) { try storage.setBase(OriginHead(dot: dot, chain: op.chain)) }
            return .forgotten(documents: 0, floor: VersionVector(try storage.bases().map(\.dot)))
        case .knowNumbers:
            knowsNumbers = true
            try storage.setCounter(LedgerCounter.numbersKnown, to: 1)
            return .done
        case .setWritableLevel(let level):
            writableLevel = level
            return .done
        case .transfer(let task):
            return .transfer(try transfer(task, at: wall, in: &storage))
        }
    }
}
