import Foundation
import GRDB
import Kernel
import Synchronization

/// What waits for the writing thread.
final class StoreInbox: Sendable {
    /// One thing to do.
    enum Job: Sendable {
        /// Work for the ledger.
        case work(LedgerWork, StoreThread.Completion)
        /// Something else to do with the connection, between two transactions.
        case maintenance(@Sendable (Database) -> Void)
    }

    private struct State {
        var jobs: [(job: Job, weight: Int)] = []
        var weight = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let bell = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    /// Adds a job, or refuses it when the inbox is closed or full.
    func put(_ job: Job, weight: Int, refused: (StoreFailure) -> Void) {
        let refusal: StoreFailure? = state.withLock { state in
            if state.isClosed { return StoreFailure(.unavailable, "The store is closed.") }
            guard state.weight + weight <= Limits.storeInboxRequestsMax || state.jobs.isEmpty else {
                return StoreFailure(.overloaded, "Too many changes wait for the disk; try again.")
            }
            state.jobs.append((job, weight))
            state.weight += weight
            return nil
        }
        if let refusal { return refused(refusal) }
        bell.signal()
    }

    /// Waits for jobs and takes as many as fit one transaction; nil when the inbox is closed and empty.
    func take() -> [Job]? {
        while true {
            bell.wait()
            let (jobs, isClosed) = state.withLock { state in
                (Self.take(from: &state), state.isClosed)
            }
            if !jobs.isEmpty { return jobs }
            if isClosed { return nil }
        }
    }

    /// Takes jobs if any wait, without waiting for them; nil when the inbox is closed and empty.
    func takeAtOnce() -> [Job]? {
        // Each job rang the bell once; a `take` that finds nothing goes on waiting, so rings left over do no harm.
        state.withLock { state in
            let jobs = Self.take(from: &state)
            return jobs.isEmpty && state.isClosed ? nil : jobs
        }
    }

    /// True when nothing waits.
    var isEmpty: Bool { state.withLock { $0.jobs.isEmpty } }

    /// Refuses further jobs; those that wait are still done.
    func close() {
        state.withLock { $0.isClosed = true }
        bell.signal()
    }

    /// Tells that the thread is done.
    func end() { ended.signal() }

    /// Returns when the thread is done; may be called more than once.
    func waitUntilEnded() {
        ended.wait()
        ended.signal()
    }

    private static func take(from state: inout State) -> [Job] {
        var count = 0
        var weight = 0
        for entry in state.jobs {
            if count > 0, weight + entry.weight > Limits.storeRequestsPerCommitMax { break }
            weight += entry.weight
            count += 1
        }
        let taken = state.jobs.prefix(count).map(\.job)
        state.jobs.removeFirst(count)
        state.weight -= weight
        return taken
    }
}
