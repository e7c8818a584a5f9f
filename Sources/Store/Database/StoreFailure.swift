import GRDB
import Replication

/// Why the store could not do what was asked: a code for programs, a sentence for people, the cause beneath.
package struct StoreFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure.
    package enum Code: String, Hashable, Sendable {
        /// Another process (or another part of this one) has the database open.
        case locked
        /// The database belongs to another site.
        case otherSite
        /// The database belongs to another cluster.
        case otherCluster
        /// A newer version of the program wrote the database.
        case newerSchema
        /// A trial version of the program wrote the database.
        case olderSchema
        /// The file is something else than a database of this program.
        case notADatabase
        /// The integrity check found damage.
        case damaged
        /// The disk, or the database's allowance on it, is full.
        case diskFull
        /// Reading or writing the file failed.
        case inputOutput
        /// The file or its folder cannot be opened or made.
        case cannotOpen
        /// A file stands where one would be written.
        case exists
        /// A backup is incomplete, changed, or no backup.
        case badBackup
        /// Another connection held the database too long.
        case busy
        /// The read took longer than a reader may live and was stopped.
        case tooSlow
        /// A page cursor that this store did not write.
        case badCursor
        /// More changes wait for the disk than may; try again.
        case overloaded
        /// The store is closed.
        case unavailable
        /// SQLite refused for a reason that the other codes do not name.
        case database
    }

    /// The kind of failure.
    package let code: Code
    /// One plain sentence, with the file or value that it is about.
    package let message: String
    /// What the system or SQLite said, where it said something.
    package let cause: String?

    /// Makes a failure.
    package init(_ code: Code, _ message: String, cause: String? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// Message and cause in one line.
    package var description: String {
        cause.map { "\(message) (\($0))" } ?? message
    }

    /// Puts an error of SQLite into the store's terms; `doing` completes "could not …".
    package init(_ error: any Error, doing: String) {
        if let failure = error as? StoreFailure {
            self = failure
            return
        }
        if let error = error as? FrameError {
            self.init(.damaged, "Could not \(doing): a stored record is damaged.", cause: "\(error)")
            return
        }
        guard let error = error as? DatabaseError else {
            self.init(.database, "Could not \(doing).", cause: String(describing: error))
            return
        }
        let cause = "SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "no message")"
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(.diskFull, "Could not \(doing): the disk is full; nothing of it was stored.", cause: cause)
        case .SQLITE_IOERR:
            self.init(.inputOutput, "Could not \(doing): reading or writing the database failed.", cause: cause)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.busy, "Could not \(doing): another connection held the database too long.", cause: cause)
        case .SQLITE_NOTADB:
            self.init(.notADatabase, "Could not \(doing): the file is not a database.", cause: cause)
        case .SQLITE_CORRUPT:
            self.init(.damaged, "Could not \(doing): the database is damaged.", cause: cause)
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
            self.init(.cannotOpen, "Could not \(doing): the file cannot be opened for writing.", cause: cause)
        case .SQLITE_INTERRUPT:
            self.init(.tooSlow, "Could not \(doing): it took longer than a read may.", cause: cause)
        default:
            self.init(.database, "Could not \(doing).", cause: cause)
        }
    }
}
