import Foundation
import GRDB
package import Kernel
package import Replication
import Synchronization

/// The thread that writes: work that arrives while a transaction runs rides in the next one (group commit).
///
/// It holds the writing connection for its whole life, so nothing else in the process can write. A completion is
/// called on this thread, after the disk has the work; it must only pass the result on.
package final class StoreThread: Sendable {
    /// Where the ledger stood on disk when the thread began.
    package struct Start: Hashable, Sendable {
        /// Under which name the site writes.
        package let origin: Origin
        /// What it has on disk.
        package let vector: VersionVector
        /// What else the ledger says of itself and of the peers.
        package let standing: RecordsStanding
        /// Why the site began a new epoch, as a clause for the log; nil when it goes on under the old one.
        package let newEpochReason: String?
    }

    /// Called with what a piece of work came to.
    package typealias Completion = @Sendable (Result<LedgerWorkResult, StoreFailure>) -> Void

    /// Where the ledger stood when the thread began.
    package let start: Start
    private let inbox: StoreInbox

    /// Starts the thread over an open database; from now on only this thread writes to it.
    ///
    /// A blank disk begins the epoch that `wall` says.
    package init(
        _ database: SiteDatabase,
        schema: DocumentSchema,
        wall: WallTime = StoreThread.now
    ) throws(StoreFailure) {
        let inbox = StoreInbox()
        let news = StartNews()
        let thread = Thread {
            StoreLoop.run(database, schema: schema, wall: wall, inbox: inbox, started: news.tell)
        }
        thread.name = "store"
        thread.start()
        self.inbox = inbox
        start = try news.wait().get()
    }

    /// The system's wall clock.
    package static var now: WallTime {
        WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    }

    /// Hands work to the thread; `completion` is called exactly once.
    package func submit(_ work: LedgerWork, completion: @escaping Completion) {
        inbox.put(.work(work, completion), weight: work.weight) { completion(.failure($0)) }
    }

    /// Hands work to the thread and waits until it is on disk.
    package func perform(_ work: LedgerWork) async throws -> LedgerWorkResult {
        try await withCheckedThrowingContinuation { continuation in
            submit(work) { continuation.resume(with: $0) }
        }
    }

    /// Makes the query tables and the search index again from the documents.
    package func rebuildQueryTables() async throws {
        try await maintain("rebuild the query tables") { db in
            try db.inTransaction(.immediate) {
                try QueryTables.rebuild(db)
                return .commit
            }
        }
    }

    /// The number that one of the writing connection's settings (`PRAGMA name`) stands at; nil without such a one.
    package func setting(_ name: String) async throws -> Int? {
        let value = Mutex<Int?>(nil)
        try await maintain("read a setting") { db in
            guard name.allSatisfy({ $0.isLetter || $0 == "_" }) else { return }
            let number = try Int.fetchOne(db, sql: "PRAGMA \(name)")
            value.withLock { $0 = number }
        }
        return value.withLock(\.self)
    }

    /// Bounds the file's pages of 4 KiB from now on; nil leaves the bound to the disk.
    package func limitPages(to count: Int?) async throws {
        try await maintain("bound the file's size") { db in
            _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(count ?? Int(UInt32.max) - 1)")
        }
    }

    /// Finishes what was submitted and ends the thread; work submitted later is refused.
    package func stop() {
        inbox.close()
        inbox.waitUntilEnded()
    }

    /// Runs something between two transactions.
    func maintain(_ doing: String, _ body: @escaping @Sendable (Database) throws -> Void) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let job = StoreInbox.Job.maintenance { db in
                continuation.resume(with: Result { try body(db) }.mapError { StoreFailure($0, doing: doing) })
            }
            inbox.put(job, weight: 1) { continuation.resume(throwing: $0) }
        }
    }
}

/// Carries the news of the thread's start to the caller who waits for it.
private final class StartNews: Sendable {
    private let result = Mutex<Result<StoreThread.Start, StoreFailure>?>(nil)
    private let ready = DispatchSemaphore(value: 0)

    func tell(_ news: Result<StoreThread.Start, StoreFailure>) {
        result.withLock { $0 = $0 ?? news }
        ready.signal()
    }

    func wait() -> Result<StoreThread.Start, StoreFailure> {
        ready.wait()
        return result.withLock { $0 } ?? .failure(StoreFailure(.database, "The store's thread did not start."))
    }
}
