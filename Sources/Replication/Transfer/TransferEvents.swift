package import Kernel

/// What happens to state transfer.
package enum TransferEvent: Hashable, Sendable {
    /// A peer's hello was accepted: what it has, and what its log does not reach back before.
    case peerUp(SiteID, vector: VersionVector, floor: VersionVector)
    /// A peer's link is gone.
    case peerDown(SiteID)
    /// A peer's beacon: its vector with the digest that belongs to it.
    case peerTold(SiteID, Beacon)
    /// The payload of a `Frame.transfer`.
    case frame(SiteID, [UInt8])
    /// What is applied here, what is on disk, and the root of the digest at that vector if it is known.
    case advanced(VersionVector, stored: VersionVector, root: DocumentHash?)
    /// A job is done; its transaction is on disk.
    case done(TransferJob, TransferResult)
    /// A job could not be done, because the storage failed.
    case failed(TransferJob)
    /// A reader met an op whose bytes are damaged (`Ledger.readSound`).
    case damaged(Dot)
    /// Somebody asks for a full check of the disk now, as fast as it goes.
    case scrubNow
    /// The time of `nextDeadline` has come.
    case timer
}

/// Something to do with the ledger, and for whom.
package struct TransferJob: Hashable, Sendable {
    /// A peer that waits for what comes of it.
    package struct Asker: Hashable, Sendable {
        /// Who.
        package let peer: SiteID
        /// The number of its request.
        package let request: UInt64
    }

    /// What to do: `LedgerTask.transfer`.
    package let task: TransferTask
    /// Nil when it is for this site itself.
    package let asker: Asker?
}

/// What state transfer wants done.
package enum TransferDirective: Hashable, Sendable {
    /// Send a `Frame.transfer` with this payload.
    case send(SiteID, [UInt8])
    /// Do this with the ledger and answer with `.done` or `.failed`.
    case perform(TransferJob)
    /// Documents changed or went without an op: bring what is derived from them up to date.
    case project(changed: [Document], removed: [DocumentID])
    /// The ledger's vector, floor or name changed without an op: tell the replicator, and say hello anew.
    case adopted(LedgerPosition)
    /// The site takes in a snapshot from now on: nothing can be written, and ops beyond its log need not be asked for.
    case joinBegan
    /// The site is as any other again.
    case joined
    /// Something that the operator has to look at, once for each episode.
    case alarm(TransferAlarm)
    /// A peer sends bytes that mean nothing: close the link.
    case malformed(SiteID, FrameError)
}

/// What is wrong with stored state, and what became of it.
package enum TransferAlarm: Hashable, Sendable {
    /// This site and a peer have applied the same ops and hold different documents.
    case differs(SiteID, at: VersionVector)
    /// So many documents were repaired after a difference with a peer.
    case repaired(SiteID, documents: Int)
    /// The disk changed the bytes of these ops.
    case damagedOps([Dot])
    /// Those ops are whole again.
    case mendedOps([Dot])
    /// The disk changed the bytes of these documents.
    case damagedDocuments([DocumentID])
    /// Those documents are whole again.
    case mendedDocuments([DocumentID])
    /// A donor has another history of these origins than this site: they are halted.
    case forks([Dot])
    /// A donor's chunk was not what it hashed.
    case damagedChunk(SiteID)
}

/// What people are told about state transfer.
package struct TransferStatus: Hashable, Sendable {
    /// How far a join is; nil when none is under way.
    package var join: JoinProgress?
    /// Who gives the snapshot.
    package var donor: SiteID?
    /// Complete rounds of the scrub over log and documents since the start.
    package var scrubRounds = 0
    /// Ops looked at since the start.
    package var scrubbedOps = 0
    /// Damaged ops not yet mended, sorted.
    package var damagedOps: [Dot] = []
    /// Damaged documents not yet mended, sorted.
    package var damagedDocuments: [DocumentID] = []
    /// Peers with other documents at the same vector, sorted.
    package var differing: [SiteID] = []
}
