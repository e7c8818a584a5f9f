import GRDB
import GRDBSQLite
import Kernel

/// Watches the length of the write-ahead log and has its pages brought into the file.
///
/// SQLite by itself does that inside whichever commit crosses the bound, which makes that commit slow. Here it happens
/// beside the writer, who then only brings in the little that it committed meanwhile, so that the log can begin anew.
final class WriteAheadLog {
    /// The pages in the log after the last commit; written by SQLite's hook, which runs on the same thread.
    private let pages: UnsafeMutablePointer<Int32>
    private let database: Database
    private let background: BackgroundCheckpoint
    /// How long the log was when the copy that runs began, and which copy without an end in between that is.
    private var begun = 0
    private var round = 0
    /// How long the log was at its last end: a reader may keep it from beginning anew, and it grows on from there.
    private var ended = 0

    init(_ db: Database, path: String) throws {
        background = try BackgroundCheckpoint(path: path)
        database = db
        pages = .allocate(capacity: 1)
        pages.initialize(to: 0)
        sqlite3_wal_hook(
            db.sqliteConnection,
            { context, _, _, count in
                context?.assumingMemoryBound(to: Int32.self).pointee = count
                return SQLITE_OK
            },
            pages
        )
    }

    deinit {
        sqlite3_wal_hook(database.sqliteConnection, nil, nil)
        pages.deallocate()
        background.stop()
    }

    /// Looks after the log between two transactions; true when it came to its end and begins anew.
    ///
    /// A copy that fails loses nothing: the log keeps the pages, and the next one tries again.
    func tend() -> Bool {
        let length = Int(pages.pointee)
        if length < ended { ended = 0 }
        switch background.takeOutcome() {
        case .running: return false
        case .none:
            if length - ended >= Limits.storeCheckpointPages { copy(round: 1, length: length) }
            return false
        case .copied:
            if length - begun > Limits.storeCheckpointPagesAtOnce, round < Limits.storeCheckpointRounds {
                copy(round: round + 1, length: length)
                return false
            }
            return finish(length: length)
        case .failed: return finish(length: length)
        }
    }

    private func copy(round: Int, length: Int) {
        self.round = round
        begun = length
        background.start()
    }

    private func finish(length: Int) -> Bool {
        ended = length
        return (try? database.checkpoint(.passive)) != nil
    }
}
