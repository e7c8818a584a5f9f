package import Kernel
package import Replication

/// What a verification of a site's records found.
package struct VerifyReport: Hashable, Sendable {
    /// What SQLite says of its file; empty when it is sound.
    package internal(set) var structure: [String] = []
    /// Documents held against their hashes.
    package internal(set) var documents = 0
    /// How many of them are not what was written.
    package internal(set) var damagedDocumentCount = 0
    /// The first of those.
    package internal(set) var damagedDocuments: [DocumentID] = []
    /// Ops held against the chain of their origin.
    package internal(set) var ops = 0
    /// How many of them do not fit the chain, or are missing.
    package internal(set) var damagedOpCount = 0
    /// The first of those.
    package internal(set) var damagedOps: [Dot] = []

    /// Attachments held against their names.
    package internal(set) var blobs = 0
    /// How many of them are something else.
    package internal(set) var damagedBlobCount = 0
    /// The first of those.
    package internal(set) var damagedBlobs: [BlobID] = []

    /// True when nothing is wrong.
    package var isSound: Bool {
        structure.isEmpty && damagedDocumentCount == 0 && damagedOpCount == 0 && damagedBlobCount == 0
    }

    mutating func add(damaged documents: [DocumentID]) {
        damagedDocumentCount += documents.count
        damagedDocuments += documents.prefix(max(0, Limits.verifyNamedMax - damagedDocuments.count))
    }

    mutating func add(damaged blob: BlobID) {
        damagedBlobCount += 1
        if damagedBlobs.count < Limits.blobDamagedNamedMax { damagedBlobs.append(blob) }
    }

    mutating func add(damaged op: Dot) {
        damagedOpCount += 1
        if damagedOps.count < Limits.verifyNamedMax { damagedOps.append(op) }
    }
}
