package import Kernel

/// What state transfer asks of the disk; each runs inside one transaction (`Ledger.transfer`).
package enum TransferTask: Hashable, Sendable {
    /// Read the documents after an id for a joiner: at most so many.
    case readSnapshot(after: DocumentID?, limit: Int)
    /// Take in a snapshot from now on, or go on with the one begun; `restart` begins anew.
    case beginJoin(restart: Bool)
    /// Take in one range of a snapshot.
    case install(SnapshotChunk)
    /// Let the logs begin where the snapshot says; and once all that documents reflect is in the logs, end the join.
    case finishJoin
    /// Read the sums of the state digest.
    case readSums
    /// Read the hashes of the documents of some buckets.
    case readHashes(buckets: [Int])
    /// Read documents for a peer.
    case readDocuments([DocumentID])
    /// Read single ops for a peer whose own are damaged.
    case readOps([Dot])
    /// Decide between documents here, whose hashes were these, and a peer's.
    case repair(RepairOffer)
    /// Check so many ops of the log after a dot.
    case scrubLog(after: Dot?, limit: Int)
    /// Check documents after an id.
    case scrubDocuments(after: DocumentID?)
    /// Write ops of a peer over damaged ones, if the chain shows that they are the same.
    case mendOps([OpCopy])
    /// Write documents of a peer, read at this vector, over damaged ones.
    case mendDocuments([DocumentCopy], at: VersionVector)
}

/// What came of a task of state transfer.
package enum TransferResult: Hashable, Sendable {
    /// A range of documents; nil when this site cannot give it: it is joining itself, or its documents are damaged.
    case snapshot(SnapshotChunk?)
    /// How far the join is, and what the ledger says of itself.
    case joining(JoinProgress, LedgerPosition)
    /// A range was taken in, or refused.
    case installed(InstallOutcome)
    /// Sums by bucket at a vector; nil while they are being built.
    case sums([UInt128]?, VersionVector)
    /// Hashes of living documents, sorted by id, in these buckets, at a vector.
    case hashes(DigestHashes)
    /// Healthy documents among those asked for, at a vector.
    case documents([DocumentCopy], VersionVector)
    /// Healthy ops among those asked for.
    case ops([OpCopy])
    /// Documents were replaced or kept.
    case repaired(RepairOutcome)
    /// Ops whose bytes are not what their origin wrote; where to go on, nil at the end; how many were looked at.
    case scrubbedLog(damaged: [Dot], next: Dot?, looked: Int)
    /// Documents whose bytes are not what was written; where to go on, nil at the end.
    case scrubbedDocuments(damaged: [DocumentID], next: DocumentID?)
    /// Damaged ops that are whole again.
    case mendedOps([Dot])
    /// Damaged documents that are whole again.
    case mendedDocuments([Document])
}

/// What a ledger says of itself after a step of a join.
package struct LedgerPosition: Hashable, Sendable {
    /// Under which name the site writes: a new one when the snapshot showed that the old one is used up.
    package let origin: Origin
    /// What is applied here.
    package let vector: VersionVector
    /// What the log does not reach back before.
    package let floor: VersionVector
    /// Ops here that are not those that the donor has under the same names; their origins are halted.
    package let forks: [Dot]
}

/// What came of installing a range.
package struct InstallOutcome: Hashable, Sendable {
    /// Why a range was refused; nothing has changed then.
    package enum Refusal: Hashable, Sendable {
        /// No join is under way.
        case notJoining
        /// It does not begin where the last one ended.
        case outOfOrder
        /// Its hash is not that of its content.
        case damaged
        /// It shows stamps further ahead of the clock here than clocks may differ: they would be used up here as well.
        case future
        /// The donor lacks ops that this site wrote: it has to get them first.
        case ownOpsMissing
    }

    /// Nil when it was installed.
    package let refusal: Refusal?
    /// Documents that are other than before, sorted by id.
    package let changed: [Document]
    /// Documents that are gone, sorted.
    package let removed: [DocumentID]
    /// How far the join is now.
    package let progress: JoinProgress
}

/// Hashes of living documents of some buckets.
package struct DigestHashes: Hashable, Sendable {
    /// The buckets that are told whole; of others that were asked for there was no room.
    package let buckets: [Int]
    /// The documents, sorted by id.
    package let documents: [Entry]
    /// What the site had applied when it read them.
    package let vector: VersionVector

    /// One document.
    package struct Entry: Hashable, Sendable {
        /// Its name.
        package let id: DocumentID
        /// The hash of its state.
        package let hash: DocumentHash
    }
}

/// A healthy document of a site, or that it has none of that name.
package struct DocumentCopy: Hashable, Sendable {
    /// Its name.
    package let id: DocumentID
    /// What `DocumentEncoder` wrote; nil when there is no such document.
    package let body: [UInt8]?
}

/// A healthy op of a site.
package struct OpCopy: Hashable, Sendable {
    /// Its name.
    package let dot: Dot
    /// Its bytes as its origin wrote them.
    package let body: [UInt8]
}

/// Documents of a peer that differ from those here.
package struct RepairOffer: Hashable, Sendable {
    /// The peer's documents.
    package let copies: [DocumentCopy]
    /// What the peer had applied when it read them.
    package let vector: VersionVector
    /// The hashes here that were compared: a document that has changed since is left alone; no hash, no living
    /// document.
    package let compared: [DocumentID: DocumentHash]
}

/// What came of deciding between documents.
package struct RepairOutcome: Hashable, Sendable {
    /// Documents replaced or merged, sorted by id.
    package let changed: [Document]
    /// Documents kept, because the rule prefers them to the peer's: the peer repairs its own.
    package let kept: Int
    /// Documents left alone, because they or the vectors moved on meanwhile.
    package let undecided: Int
}
