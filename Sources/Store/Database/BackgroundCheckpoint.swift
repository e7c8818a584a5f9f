import GRDB
import GRDBSQLite
import Kernel
import Synchronization

/// Brings pages of the write-ahead log into the file beside the writer, on a connection of its own.
///
/// SQLite allows one connection to commit while another copies what was committed before. The writer would stand still
/// for as long as the disk takes for many megabytes; calls that wait for their records would be heard late.
final class BackgroundCheckpoint: Sendable {
    /// What became of a copy.
    enum Outcome {
        /// None was asked for since the last one was told.
        case none
        /// The disk is still at it.
        case running
        /// What the log held when it began is in the file, on the disk.
        case copied
        /// The disk refused; the log still has everything.
        case failed
    }

    private let connection: DatabaseQueue
    private let outcome = Mutex(Outcome.none)

    init(path: String) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(Double(Limits.storeBusyMilliseconds) / 1_000)
        configuration.label = "store.checkpoint"
        connection = try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Begins a copy; nothing happens while one runs.
    func start() {
        let begins = outcome.withLock { outcome in
            if case .running = outcome { return false }
            outcome = .running
            return true
        }
        guard begins else { return }
        connection.asyncWriteWithoutTransaction { db in
            let copied = (try? Self.copy(db)) != nil
            self.outcome.withLock { $0 = copied ? .copied : .failed }
        }
    }

    /// What became of the copy that was asked for last; told once.
    func takeOutcome() -> Outcome {
        outcome.withLock { outcome in
            defer { if case .running = outcome {} else { outcome = .none } }
            return outcome
        }
    }

    /// Waits for a copy that runs, and closes the connection.
    func stop() { try? connection.close() }

    private static func copy(_ db: Database) throws {
        _ = try db.checkpoint(.passive)
        // SQLite leaves this to the copy that reaches the log's end, which will be the writer's.
        var file: UnsafeMutablePointer<sqlite3_file>?
        sqlite3_file_control(db.sqliteConnection, nil, SQLITE_FCNTL_FILE_POINTER, &file)
        guard let file, let sync = file.pointee.pMethods?.pointee.xSync else { return }
        let code = sync(file, SQLITE_SYNC_NORMAL)
        guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }
}
