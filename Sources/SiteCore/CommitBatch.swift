package import Kernel
package import Replication

/// Work for the disk: all of it in one transaction.
///
/// The store calls the same `Ledger` that the simulator calls, on a copy that it keeps when the transaction is
/// committed: `apply` for each of `applications`, `perform` for each of `tasks`, then `commit` once with all `edits`.
package struct CommitBatch: Sendable {
    /// Names the batch.
    package var token: CommitToken
    /// The wall clock when the batch was made: what the ledger stamps ops with.
    package var wall: WallTime
    /// Ops of other sites, in the order in which they arrived.
    package var applications: [OpsApplication]
    /// Edits of this site, each to become one op.
    package var edits: [EditRequest]
    /// What else is asked of the disk, in order.
    package var tasks: [LedgerTask]

    /// Makes a batch.
    package init(
        token: CommitToken,
        wall: WallTime,
        applications: [OpsApplication],
        edits: [EditRequest],
        tasks: [LedgerTask] = []
    ) {
        self.tasks = tasks
        self.token = token
        self.wall = wall
        self.applications = applications
        self.edits = edits
    }
}

/// What a batch came to, once it is on disk.
package struct BatchResult: Sendable {
    /// Names the batch.
    package var token: CommitToken
    /// One outcome for each application, in order.
    package var applied: [ApplyOutcome]
    /// What the edits came to; nil when the batch had none.
    package var edits: CommitResult?
    /// One result for each task, in order.
    package var tasks: [LedgerTaskResult]

    /// Makes a result.
    package init(
        token: CommitToken,
        applied: [ApplyOutcome],
        edits: CommitResult?,
        tasks: [LedgerTaskResult] = []
    ) {
        self.tasks = tasks
        self.token = token
        self.applied = applied
        self.edits = edits
    }
}
