import ContactCenter
import Kernel
import Replication

/// Edits and foreign ops on their way to the disk: one batch out, the next one filling (group commit).
struct CommitPipeline: Sendable {
    /// What an edit is for, and so what follows from its commit.
    enum Purpose: Hashable, Sendable {
        /// The record and the ticket of a contact that arrived: the caller may hear ringing afterwards.
        case arrival(ContactID)
        /// A step in a contact's record; nothing waits for it.
        case record(ContactID)
        /// A claim to dial a callback: the agent waits for it.
        case claim(ContactID)
        /// A command waits for its reply.
        case command(CommandToken)
    }

    /// One edit with its purpose.
    struct Entry: Sendable {
        var request: EditRequest
        var purpose: Purpose
    }

    /// A batch that is out.
    struct Flight: Sendable {
        var token: CommitToken
        var entries: [Entry]
        var applications: [OpsApplication]
        var tasks: [LedgerTaskToken]
    }

    /// Edits that calls wait for; they go before the others.
    private var urgent: [Entry] = []
    private var ordinary: [Entry] = []
    private var applications: [OpsApplication] = []
    private var tasks: [(token: LedgerTaskToken, task: LedgerTask)] = []
    private var flight: Flight?
    private var lastToken: UInt64 = 0
    /// After a failed commit: not before this.
    private(set) var retryAt: Instant?

    /// How many edits have not been committed.
    var count: Int { urgent.count + ordinary.count + (flight?.entries.count ?? 0) }

    /// True when nothing is on its way to the disk.
    var isIdle: Bool { flight == nil && urgent.isEmpty && ordinary.isEmpty && applications.isEmpty && tasks.isEmpty }

    mutating func add(_ request: EditRequest, for purpose: Purpose) {
        let entry = Entry(request: request, purpose: purpose)
        if case .command = purpose { ordinary.append(entry) } else { urgent.append(entry) }
    }

    /// Adds a task of the records; they bound how many are under way.
    mutating func add(_ task: LedgerTask, _ token: LedgerTaskToken) {
        tasks.append((token, task))
    }

    mutating func add(_ application: OpsApplication) {
        applications.append(application)
    }

    /// The next batch, when none is out and there is something to write; `wall` is what it is stamped with.
    mutating func next(at now: Moment, wall: WallTime) -> CommitBatch? {
        if let retryAt, now.instant < retryAt { return nil }
        retryAt = nil
        guard flight == nil, !isIdle else { return nil }
        lastToken += 1
        let entries = take(&urgent, Limits.commitEditsMax) + take(&ordinary, wholeCommands(Limits.commitEditsMax))
        let batch = CommitBatch(
            token: CommitToken(lastToken),
            wall: wall,
            applications: take(&applications, Limits.commitApplicationsMax),
            edits: entries.map(\.request),
            tasks: tasks.map(\.task)
        )
        flight = Flight(
            token: batch.token,
            entries: entries,
            applications: batch.applications,
            tasks: tasks.map(\.token)
        )
        tasks = []
        return batch
    }

    /// The batch that was out under this token; nil for any other token.
    mutating func land(_ token: CommitToken) -> Flight? {
        guard let landed = flight, landed.token == token else { return nil }
        flight = nil
        return landed
    }

    /// Puts records back to be written again after a pause.
    mutating func retry(_ entries: [Entry], at instant: Instant) {
        urgent.insert(contentsOf: entries, at: 0)
        retryAt = instant
    }

    /// How many of the ordinary edits to take so that no command is torn apart: what was asked for together is on
    /// disk together or not at all (an import), even if that takes more than `count`.
    private func wholeCommands(_ count: Int) -> Int {
        var end = min(count, ordinary.count)
        while end > 0, end < ordinary.count, ordinary[end].purpose == ordinary[end - 1].purpose { end += 1 }
        return end
    }

    private func take<Item>(_ items: inout [Item], _ count: Int) -> [Item] {
        let taken = Array(items.prefix(count))
        items.removeFirst(taken.count)
        return taken
    }
}
