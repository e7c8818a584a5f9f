import Kernel
import Replication

/// Work on its way to a simulated disk: one batch out, the next one filling, as a site's core does it.
struct RecordsPipeline: Sendable {
    /// An edit and who waits for it.
    struct Entry: Sendable {
        var request: EditRequest
        /// Names the edit in the book of promises.
        var ticket: Int
    }

    /// A batch on its way to the disk.
    struct Batch: Sendable {
        var wall: WallTime
        var applications: [OpsApplication]
        var tasks: [(token: LedgerTaskToken, task: LedgerTask)]
        var edits: [Entry]
    }

    private(set) var applications: [OpsApplication] = []
    private(set) var tasks: [(token: LedgerTaskToken, task: LedgerTask)] = []
    private(set) var edits: [Entry] = []
    private(set) var out: Batch?
    /// After a failure: not before this.
    private(set) var retryAt: Instant?

    var isIdle: Bool { out == nil && applications.isEmpty && tasks.isEmpty && edits.isEmpty }

    mutating func add(_ application: OpsApplication) { applications.append(application) }

    mutating func add(_ task: LedgerTask, _ token: LedgerTaskToken) { tasks.append((token, task)) }

    mutating func add(_ entry: Entry) { edits.append(entry) }

    /// The next batch if none is out: it is out then.
    ///
    /// Its ops are stamped by `wall`.
    mutating func next(at now: Moment, wall: WallTime) -> Batch? {
        if let retryAt, now.instant < retryAt { return nil }
        retryAt = nil
        guard out == nil, !isIdle else { return nil }
        let batch = Batch(
            wall: wall,
            applications: Array(applications.prefix(Limits.commitApplicationsMax)),
            tasks: tasks,
            edits: Array(edits.prefix(Limits.commitEditsMax))
        )
        applications.removeFirst(batch.applications.count)
        edits.removeFirst(batch.edits.count)
        tasks = []
        out = batch
        return batch
    }

    /// The batch that was out is done, one way or the other.
    mutating func land() -> Batch? {
        defer { out = nil }
        return out
    }

    mutating func pause(until instant: Instant) { retryAt = instant }
}
