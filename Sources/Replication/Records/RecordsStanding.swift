package import Kernel

/// Where a site's records stand when it starts, beside the vector: read from the disk once.
package struct RecordsStanding: Hashable, Sendable {
    /// What the log no longer reaches back before.
    package var floor = VersionVector()
    /// What each peer said last that it has on disk.
    package var peerVectors: [SiteID: VersionVector] = [:]
    /// The state of membership as it was saved; nil on a first start.
    package var membership: [UInt8]?
    /// When held-back ops may be applied; nil when none is held back.
    package var releaseAt: WallTime?
    /// True when a snapshot was being taken in.
    package var isJoining = false

    /// Nothing: a first start.
    package init() {
    }

    /// What the disk says.
    package init(_ ledger: Ledger, storage: some LedgerStorage) throws {
        floor = VersionVector(try storage.bases().map(\.dot))
        peerVectors = try storage.peerVectors()
        membership = try storage.blob(LedgerBlob.membership)
        releaseAt = ledger.releaseAt
        isJoining = ledger.isJoining
    }
}

/// Names of the bytes that the records keep.
package enum LedgerBlob {
    /// Who belongs to the cluster, and what was promised and accepted in deciding it.
    package static let membership = "membership"
}
