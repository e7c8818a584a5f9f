import Foundation
import GRDB
import GRDBSQLite
import Synchronization

/// Stops a read that takes too long.
final class ReadDeadline: Sendable {
    /// A connection that another thread may interrupt.
    ///
    /// Only `sqlite3_interrupt` is called with it: SQLite allows that from any thread while the connection is
    /// open, which it is until `cancel` has run.
    private struct Connection: @unchecked Sendable {
        let handle: OpaquePointer?
    }

    private let target: Mutex<Connection?>

    init(_ db: Database, milliseconds: Int) {
        target = Mutex(Connection(handle: db.sqliteConnection))
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { [weak self] in
            // Under the lock, so that it cannot hit the next read on the same connection.
            self?.target.withLock { connection in
                if let handle = connection?.handle { sqlite3_interrupt(handle) }
            }
        }
    }

    /// The read is over; called before the connection is given back.
    func cancel() {
        target.withLock { $0 = nil }
    }
}
