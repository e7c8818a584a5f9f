package import Kernel

/// Writes records through the site's ledger.
package protocol RecordWriter: Sendable {
    /// Commits a change as one op and returns when it has reached as far as `acknowledgement` asks, or its time is up.
    ///
    /// It never throws for a level that was not reached: the change is on this site's disk, and the receipt says why.
    func commit(_ request: EditRequest, acknowledgement: AcknowledgementWish) async throws -> CommitReceipt
    /// Reads customers from CSV (UTF-8, header row) and imports them in one go, or only says what would happen.
    ///
    /// With errors in the report nothing was imported. The receipt is that of the last op; nil when nothing was
    /// written.
    func importCustomers(
        csv: [UInt8],
        dryRun: Bool,
        by actor: Actor,
        acknowledgement: AcknowledgementWish
    ) async throws -> (report: ImportReport, receipt: CommitReceipt?)
}

/// How far a change must have got before it is confirmed.
package enum Acknowledgement: String, Codable, Hashable, Sendable, CaseIterable {
    /// On this site's disk.
    case local
    /// Also on another site's disk.
    case one
    /// On the disks of most sites.
    case majority
}

/// What came of a change.
package struct CommitReceipt: Hashable, Sendable {
    /// The op's name.
    package var dot: Dot
    /// The documents that it made, in the order of the request's `.new` edits.
    package var created: [DocumentID]
    /// How far it got before this receipt was written.
    package var acknowledged: Acknowledgement
    /// Why it got no further, where more was asked for.
    package var missed: String?
    /// How many of its writes met a value that their author had not seen; each is on the list of conflicts.
    package var conflicts: Int

    /// Makes a receipt.
    package init(
        dot: Dot,
        created: [DocumentID],
        acknowledged: Acknowledgement,
        missed: String? = nil,
        conflicts: Int
    ) {
        self.missed = missed
        self.dot = dot
        self.created = created
        self.acknowledged = acknowledged
        self.conflicts = conflicts
    }
}
