package import Kernel

/// What happens to a replicator.
package enum ReplicatorEvent: Hashable, Sendable {
    /// An authenticated link to a peer is ready for frames; the replicator says hello and expects one.
    case linkUp(SiteID)
    /// A link to a peer is gone.
    case linkDown(SiteID)
    /// A frame arrived from a peer (`.hello`, `.beacon`, `.ops`, `.want`, `.refuse`); others are ignored.
    case frame(SiteID, Frame)
    /// A commit is on disk: its vector, and its ops for the live tail.
    case committed(VersionVector, OpsBatch?)
    /// A batch asked to be applied was applied; the transaction is on disk.
    case applied(OpsApplication, ApplyOutcome)
    /// A batch asked to be applied could not be, because the storage failed.
    case applyFailed(OpsApplication)
    /// Held-back ops were released; the transaction is on disk.
    case released(ApplyOutcome)
    /// This site writes under a new name, with this on disk.
    case epochBegun(Origin, VersionVector)
    /// A snapshot was taken in: this is on disk now.
    case advanced(VersionVector)
    /// Ops asked to be read were read; nil when the storage failed.
    case read(OpsReading, OpsBatch?)
    /// The time of `nextDeadline` has come.
    case timer
}

/// A batch to apply, and who sent it.
package struct OpsApplication: Hashable, Sendable {
    /// Who sent it.
    package let peer: SiteID
    /// The ops.
    package let batch: OpsBatch

    /// Makes an application.
    package init(peer: SiteID, batch: OpsBatch) {
        self.peer = peer
        self.batch = batch
    }
}

/// Ops to read, and for whom.
package struct OpsReading: Hashable, Sendable {
    /// Who wants them.
    package let peer: SiteID
    /// Which.
    package let request: OpsRequest

    /// Makes a reading.
    package init(peer: SiteID, request: OpsRequest) {
        self.peer = peer
        self.request = request
    }
}

/// What a replicator wants done.
package enum ReplicatorDirective: Hashable, Sendable {
    /// Send a frame to a peer.
    case send(SiteID, Frame)
    /// Read ops from the ledger and answer with `.read`.
    case readOps(OpsReading)
    /// Apply ops to the ledger and answer with `.applied` or `.applyFailed`.
    case applyOps(OpsApplication)
    /// The peer's hello was accepted: its presence, messages and heartbeats count from now on.
    case peerAccepted(SiteID, Hello)
    /// The peer cannot be talked to: close the link, tell the operator, and do not hurry to dial again.
    case peerRefused(SiteID, Refusal)
    /// Something that the operator has to look at.
    case alarm(SiteID, LedgerAlarm)
}
