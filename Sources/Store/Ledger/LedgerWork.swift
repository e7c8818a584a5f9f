package import Kernel
package import Replication

/// Work for the disk: all of it in one transaction, together with whatever else waits.
package struct LedgerWork: Sendable {
    /// The wall clock that the ledger stamps ops with.
    package var wall: WallTime
    /// Ops of other sites, in the order in which they arrived.
    package var received: [OpsBatch]
    /// Edits of this site, each to become one op.
    package var requests: [EditRequest]
    /// What else is asked of the disk; done before the edits, which may depend on a new epoch.
    package var tasks: [LedgerTask]

    /// Makes a piece of work.
    package init(
        wall: WallTime,
        received: [OpsBatch] = [],
        requests: [EditRequest] = [],
        tasks: [LedgerTask] = []
    ) {
        self.wall = wall
        self.received = received
        self.requests = requests
        self.tasks = tasks
    }

    /// How much of a transaction it takes up.
    var weight: Int { 1 + requests.count + tasks.count + received.reduce(0) { $0 + $1.bodies.count } }
}

/// What came of a piece of work; it is on disk.
package struct LedgerWorkResult: Sendable {
    /// One outcome for each batch received, in order.
    package let applied: [ApplyOutcome]
    /// What the requests came to; nil when there were none.
    package let edits: CommitResult?
    /// One result for each task, in order.
    package let tasks: [LedgerTaskResult]

    /// Makes a result.
    package init(applied: [ApplyOutcome], edits: CommitResult?, tasks: [LedgerTaskResult]) {
        self.applied = applied
        self.edits = edits
        self.tasks = tasks
    }
}
