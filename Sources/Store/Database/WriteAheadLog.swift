import GRDB
import GRDBSQLite
import Kernel

/// Watches the length of the write-ahead log and brings its pages into the file at good moments.
///
/// SQLite by itself does that inside whichever commit crosses the bound, which makes that commit slow. Here idle
/// moments do it, and a commit only under load without pause.
final class WriteAheadLog {
    /// The pages in the log after the last commit; written by SQLite's hook, which runs on the same thread.
    private let pages: UnsafeMutablePointer<Int32>
    private let database: Database

    init(_ db: Database) throws {
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
    }

    /// Brings pages into the file when there are enough for this moment; false when there are not.
    func checkpoint(idle: Bool) throws -> Bool {
        let bound = idle ? Limits.storeCheckpointPages : Limits.storeCheckpointPagesForced
        guard pages.pointee >= Int32(bound) else { return false }
        pages.pointee = 0
        _ = try database.checkpoint(.passive)
        return true
    }
}
