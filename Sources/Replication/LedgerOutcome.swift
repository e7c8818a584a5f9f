package import Kernel

/// What came of a batch of edit requests, all in one transaction.
package struct CommitResult: Hashable, Sendable {
    /// One answer for each request, in order.
    package let outcomes: [CommitOutcome]
    /// The documents that changed, as they are now, sorted by id.
    package let changed: [Document]
    /// The ops made, for the live tail; nil when every request was refused.
    package let batch: OpsBatch?
    /// What the site has on disk once the transaction is done.
    package let vector: VersionVector

    /// Makes a result.
    package init(outcomes: [CommitOutcome], changed: [Document], batch: OpsBatch?, vector: VersionVector) {
        self.outcomes = outcomes
        self.changed = changed
        self.batch = batch
        self.vector = vector
    }
}

/// What came of one edit request.
package enum CommitOutcome: Hashable, Sendable {
    /// It became an op.
    case committed(Commit)
    /// It changed nothing.
    case rejected(CommitRejection)
}

/// A request that became an op.
package struct Commit: Hashable, Sendable {
    /// The op's name.
    package let dot: Dot
    /// Its stamp.
    package let stamp: HybridTimestamp
    /// The documents that it made, in the order of the request.
    package let created: [DocumentID]
    /// The numbers that it took from series, in the order of the request.
    package let numbers: [String]
    /// The conflicts that stand in the documents it touched.
    package let conflicts: [Conflict]

    /// Makes an answer.
    package init(
        dot: Dot,
        stamp: HybridTimestamp,
        created: [DocumentID],
        numbers: [String],
        conflicts: [Conflict]
    ) {
        self.dot = dot
        self.stamp = stamp
        self.created = created
        self.numbers = numbers
        self.conflicts = conflicts
    }
}

/// Why a request changed nothing.
package enum CommitRejection: Hashable, Sendable {
    /// The request has no edits, or one of its edits no changes.
    case empty
    /// More edits or changes than the bound.
    case tooManyChanges(Int, limit: Int)
    /// The document has to exist and does not.
    case unknownDocument(DocumentID)
    /// The document was deleted; its name is not used again.
    case deletedDocument(DocumentID)
    /// The key is empty, too long, or holds characters other than letters, digits and `-._@+`.
    case unusableKey(DocumentID)
    /// A change points to a new document that the request does not make.
    case noSuchCreated(Int)
    /// The schema says that the field is of another kind.
    case wrongKind(DocumentID, FieldID, is: FieldKind, asked: FieldKind)
    /// The value is too large, too deeply nested, or a number that is not finite.
    case unusableValue(DocumentID, FieldID, bytes: Int, limit: Int)
    /// The document would grow past the bound.
    case documentTooLarge(DocumentID, bytes: Int, limit: Int)
    /// The op would be larger than the bound.
    case requestTooLarge(bytes: Int, limit: Int)
    /// No such lost value stands in that register (any more).
    case unknownConflict(ConflictID)
    /// Other sites hold ops under this site's name that it does not have: it may not write until it has a new epoch.
    case originHalted(Origin)
    /// The site is taking in a snapshot and may not write until that is complete.
    case joining
    /// Some active members do not understand the field yet: their node is older.
    case tooNew(DocumentID, FieldID, level: UInt32, writable: UInt32)
}

/// What came of applying a batch from a peer.
package struct ApplyOutcome: Hashable, Sendable {
    /// Whose ops the batch held.
    package let origin: Origin
    /// How many ops became part of the documents, those that had waited for them included.
    package let applied: Int
    /// The documents that changed, as they are now, sorted by id.
    package let changed: [Document]
    /// What the site has on disk once the transaction is done.
    package let vector: VersionVector
    /// Ops received and kept in memory until what they depend on arrives: the highest of each origin.
    package let held: VersionVector
    /// What to ask for so that held or dropped ops can be applied; sorted by origin.
    package let missing: [OpsRequest]
    /// What is wrong with the batch.
    package let alarms: [LedgerAlarm]
    /// What is on disk: `vector`, and what is held back because of its stamp.
    package let stored: VersionVector
    /// When the next held-back op may be applied; nil when none is held back.
    package let releaseAt: WallTime?

    /// Makes an outcome.
    package init(
        origin: Origin,
        applied: Int,
        changed: [Document],
        vector: VersionVector,
        held: VersionVector,
        missing: [OpsRequest],
        alarms: [LedgerAlarm],
        stored: VersionVector,
        releaseAt: WallTime?
    ) {
        self.stored = stored
        self.releaseAt = releaseAt
        self.origin = origin
        self.applied = applied
        self.changed = changed
        self.vector = vector
        self.held = held
        self.missing = missing
        self.alarms = alarms
    }
}

/// Something about received ops that somebody has to look at.
package enum LedgerAlarm: Hashable, Sendable {
    /// Two different ops have one name. Nothing more of this origin is applied.
    case fork(Dot)
    /// The op's bytes mean nothing; nothing more of this origin is applied from that batch.
    case malformed(Dot, reason: String)
    /// The op's stamp lies this far ahead of the clock here.
    case stampAhead(Dot, by: Span)
    /// The log here contradicts itself at this op, so the disk changed it: nothing can be said of the batch.
    case damaged(Dot)
    /// A batch holds ops under this site's own name that it does not have.
    case ownOriginAhead(Dot)
}
