import Foundation
import GRDB
package import Kernel
import Synchronization

/// A site's database: one file, one writer, a few readers.
///
/// Opening it checks that the file is ours, of this cluster and site, not newer than this program, and not in use
/// by another process; it then brings the tables up to date and counts the start (`incarnation`).
package final class SiteDatabase: Sendable {
    /// Whose database it is, and which start of it this is.
    package struct Identity: Hashable, Sendable {
        /// The cluster's name.
        package let cluster: String
        /// The site.
        package let site: SiteID
        /// Counts the starts of this database from 1; on disk before `open` returns.
        package let incarnation: UInt64
    }

    /// How to open a database.
    package struct Options: Sendable {
        /// The file; its folder is made where it is missing.
        package var path: String
        /// The cluster that it must belong to.
        package var cluster: String
        /// The site that it must belong to.
        package var site: SiteID
        /// Reads every page first.
        ///
        /// It takes some seconds a gigabyte; wanted after a crash of the machine.
        package var checksIntegrity = false
        /// The most pages of 4 KiB that the file may have; nil for what the disk holds.
        package var pagesMax: Int?

        /// Makes options with the defaults.
        package init(path: String, cluster: String, site: SiteID) {
            self.path = path
            self.cluster = cluster
            self.site = site
        }
    }

    /// Whose database it is.
    package let identity: Identity
    /// Where it is.
    package let path: String
    let pool: DatabasePool
    /// What was found when it was opened.
    let prepared: DatabaseOpening.Prepared
    private let lock: Mutex<DatabaseLock?>

    /// Opens or creates the database.
    package init(_ options: Options) throws(StoreFailure) {
        let lock = try Self.takeLock(options)
        try Self.checkHeader(path: options.path)
        let pool: DatabasePool
        do {
            pool = try DatabasePool(path: options.path, configuration: Self.configuration(options))
        } catch {
            throw StoreFailure(error, doing: "open the database \(options.path)")
        }
        do {
            prepared = try pool.writeWithoutTransaction { db in
                try Self.setUpWriter(db, options)
                if options.checksIntegrity { try Self.checkIntegrity(db, path: options.path) }
                return try DatabaseOpening.prepare(db, options)
            }
        } catch {
            try? pool.close()
            throw StoreFailure(error, doing: "open the database \(options.path)")
        }
        identity = prepared.identity
        self.pool = pool
        self.lock = Mutex(lock)
        path = options.path
    }

    /// Closes the file and gives up the lock; reads that still run are waited for, a second call does nothing.
    package func close() throws(StoreFailure) {
        do {
            try pool.close()
        } catch {
            throw StoreFailure(error, doing: "close the database \(path)")
        }
        lock.withLock { $0 = nil }
    }

    static func takeLock(_ options: Options) throws(StoreFailure) -> DatabaseLock {
        let folder = URL(fileURLWithPath: options.path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw StoreFailure(
                .cannotOpen,
                "Could not make the folder \(folder.path) for the database.",
                cause: error.localizedDescription
            )
        }
        return try DatabaseLock(databasePath: options.path)
    }

    /// Looks at the file before SQLite does: opening a database in WAL mode already changes it.
    static func checkHeader(path: String) throws(StoreFailure) {
        guard let file = FileHandle(forReadingAtPath: path) else { return }
        defer { try? file.close() }
        guard let header = try? file.read(upToCount: 100), !header.isEmpty else { return }
        let bytes = [UInt8](header)
        guard bytes.count == 100, bytes.starts(with: Array("SQLite format 3\0".utf8)) else {
            throw StoreFailure(.notADatabase, "The file \(path) is not a database.")
        }
        func number(at place: Int) -> UInt32 { bytes[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) } }
        let applicationID = number(at: 68)
        guard applicationID == 0 || applicationID == UInt32(DatabaseSchema.applicationID) else {
            throw StoreFailure(.notADatabase, "The file \(path) is a database of another program.")
        }
        guard applicationID == 0 || number(at: 60) <= UInt32(DatabaseSchema.version) else {
            throw DatabaseOpening.newer(path, version: Int(number(at: 60)))
        }
    }

    private static func configuration(_ options: Options) -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(Double(Limits.storeBusyMilliseconds) / 1_000)
        configuration.maximumReaderCount = Limits.storeReadersMax
        configuration.label = "store.\(options.site)"
        configuration.prepareDatabase { db in
            let cache =
                db.configuration.readonly ? Limits.storeReaderCacheKilobytes : Limits.storeWriterCacheKilobytes
            try db.execute(sql: "PRAGMA cache_size = -\(cache); PRAGMA temp_store = MEMORY")
        }
        return configuration
    }

    /// The writer's settings.
    ///
    /// GRDB lowers `synchronous` to NORMAL when it turns on WAL; an acknowledged commit has
    /// to survive a power cut, so it is raised again here, after that.
    private static func setUpWriter(_ db: Database, _ options: Options) throws {
        try db.execute(sql: "PRAGMA synchronous = FULL")
        // Who opens the database without a `StoreThread` leaves checkpoints to SQLite.
        try db.execute(sql: "PRAGMA wal_autocheckpoint = \(Limits.storeCheckpointPagesForced)")
        try db.execute(sql: "PRAGMA journal_size_limit = \(Limits.storeLogBytesMax)")
        if let pages = options.pagesMax { try db.execute(sql: "PRAGMA max_page_count = \(pages)") }
    }

    private static func checkIntegrity(_ db: Database, path: String) throws {
        let errors = try String.fetchAll(db, sql: "PRAGMA quick_check(\(Limits.storeIntegrityErrorsMax))")
        guard errors == ["ok"] else {
            throw StoreFailure(
                .damaged,
                "The database \(path) is damaged. Keep the file, and start the site with an empty one: "
                    + "it refills from the other sites.",
                cause: errors.joined(separator: "; ")
            )
        }
    }
}
