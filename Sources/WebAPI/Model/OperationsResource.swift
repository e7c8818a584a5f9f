/// What the checks of the disk found since the site started.
package struct VerificationResource: Codable, Hashable, Sendable {
    /// Complete rounds over the log and all documents.
    package var rounds: Int
    /// Ops looked at, over all rounds.
    package var opsLookedAt: Int
    /// Damaged ops that are not mended yet.
    package var damagedOps: [String]
    /// Damaged documents that are not mended yet.
    package var damagedDocuments: [DocumentResource]
    /// Sites that hold other documents though they have the same ops.
    package var differing: [String]

    /// Puts one together.
    package init(
        rounds: Int,
        opsLookedAt: Int,
        damagedOps: [String],
        damagedDocuments: [DocumentResource],
        differing: [String]
    ) {
        self.rounds = rounds
        self.opsLookedAt = opsLookedAt
        self.damagedOps = damagedOps
        self.damagedDocuments = damagedDocuments
        self.differing = differing
    }
}
