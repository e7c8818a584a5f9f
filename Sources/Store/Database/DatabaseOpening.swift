import Foundation
import GRDB
import Kernel
import Replication

/// What happens between opening the file and using it: whose is it, is it ours to write, is it up to date.
enum DatabaseOpening {
    /// Whose database it is, and what its head says.
    struct Prepared {
        let identity: SiteDatabase.Identity
        /// What the database says of itself.
        let head: HeadRecord
        /// The lowest epoch that a new one must lie above.
        let epochFloor: UInt32
        /// Why the site must begin a new epoch; nil when it need not.
        let newEpochReason: String?
    }

    /// Checks and migrates the database, compares it with its head file and counts the start.
    static func prepare(_ db: Database, _ options: SiteDatabase.Options) throws -> Prepared {
        let version = try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        if version == 0 {
            try create(db, options)
        } else {
            try check(db, options, version: version)
        }
        try migrate(db)
        try refreshQueryTables(db)
        return try countStart(db, options, head: HeadFile.read(database: options.path))
    }

    private static func create(_ db: Database, _ options: SiteDatabase.Options) throws {
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        guard tables == 0 else {
            throw StoreFailure(.notADatabase, "The file \(options.path) is a database of another program.")
        }
        try db.inTransaction(.immediate) {
            try db.execute(sql: "PRAGMA application_id = \(DatabaseSchema.applicationID)")
            try db.execute(sql: DatabaseSchema.ledger)
            try setMeta(db, "cluster", options.cluster)
            try setMeta(db, "site", options.site.name)
            var random = SystemRandomNumberGenerator()
            let instance = (0..<HeadRecord.instanceSize).map { _ in UInt8.random(in: 0...255, using: &random) }
            try setMeta(db, "instance", Data(instance))
            try db.execute(sql: "PRAGMA user_version = \(DatabaseSchema.version)")
            return .commit
        }
        // The header now says whose file it is, and it should say so in the file, not only in the log.
        _ = try db.checkpoint(.truncate)
    }

    /// What is said of a database that a newer version wrote.
    static func newer(_ path: String, version: Int) -> StoreFailure {
        StoreFailure(
            .newerSchema,
            "The database \(path) was written by a newer version of this program (schema \(version); "
                + "this one knows up to \(DatabaseSchema.version)). Nothing was changed. "
                + "Start the newer version, or restore a backup made before the upgrade."
        )
    }

    private static func check(_ db: Database, _ options: SiteDatabase.Options, version: Int32) throws {
        guard version <= DatabaseSchema.version else { throw newer(options.path, version: Int(version)) }
        guard version >= DatabaseSchema.oldestVersion else {
            throw StoreFailure(
                .olderSchema,
                "The database \(options.path) was written by a trial version of this program (schema \(version)) "
                    + "and cannot be read any more. Nothing was changed. Move it away: the site starts with an empty "
                    + "one and refills from the other sites."
            )
        }
        let applicationID = try Int32.fetchOne(db, sql: "PRAGMA application_id")
        guard applicationID == DatabaseSchema.applicationID else {
            throw StoreFailure(.notADatabase, "The file \(options.path) is a database of another program.")
        }
        let cluster = try meta(db, "cluster", as: String.self)
        guard cluster == options.cluster else {
            throw StoreFailure(
                .otherCluster,
                "The database \(options.path) belongs to the cluster \"\(cluster)\", "
                    + "this site is configured for \"\(options.cluster)\"."
            )
        }
        let site = try meta(db, "site", as: String.self)
        guard site == options.site.name else {
            throw StoreFailure(
                .otherSite,
                "The database \(options.path) belongs to the site \"\(site)\", "
                    + "this site is configured as \"\(options.site)\"."
            )
        }
    }

    /// Leads from each version of the ledger's tables to the next, each step in a transaction of its own.
    private static func migrate(_ db: Database) throws {
        let version = try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        for step in DatabaseMigration.all where step.to > version {
            try db.inTransaction(.immediate) {
                try db.execute(sql: step.sql)
                try db.execute(sql: "PRAGMA user_version = \(step.to)")
                return .commit
            }
        }
    }

    private static func refreshQueryTables(_ db: Database) throws {
        let present = try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'queryTables'")
        guard present != DatabaseSchema.queryTablesVersion else { return }
        try db.inTransaction(.immediate) {
            try QueryTables.rebuild(db)
            try setMeta(db, "queryTables", DatabaseSchema.queryTablesVersion)
            return .commit
        }
    }

    /// Counts the start, above every start that the head file knows, so that peers take it for the newest.
    private static func countStart(
        _ db: Database,
        _ options: SiteDatabase.Options,
        head: HeadFile.Content
    ) throws -> Prepared {
        var storage = try SQLiteLedgerStorage(db, forWriting: false)
        let epoch = try storage.counter(LedgerCounter.epoch)
        var own = HeadRecord(
            instance: [UInt8](try meta(db, "instance", as: Data.self)),
            epoch: UInt32(clamping: epoch ?? 0),
            sequence: 0,
            incarnation: UInt64(clamping: try storage.counter(LedgerCounter.incarnation) ?? 0)
        )
        let origin = Origin(site: options.site, epoch: own.epoch)
        own.sequence = try storage.heads().first { $0.dot.origin == origin }?.dot.sequence ?? 0
        let mark = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'restored'")
        let reason = mark ?? HeadCheck.reason(head, own: own, isNew: epoch == nil, path: options.path)
        var known = HeadRecord(instance: [], epoch: 0, sequence: 0, incarnation: 0)
        if case .record(let record) = head { known = record }
        try db.inTransaction(.immediate) {
            if known.incarnation > own.incarnation {
                try storage.setCounter(LedgerCounter.incarnation, to: Int64(clamping: known.incarnation))
            }
            own.incarnation = try Ledger.nextIncarnation(in: &storage)
            return .commit
        }
        return Prepared(
            identity: SiteDatabase.Identity(
                cluster: options.cluster,
                site: options.site,
                incarnation: own.incarnation
            ),
            head: own,
            epochFloor: known.epoch,
            newEpochReason: reason
        )
    }

    /// Leaves word that the next start must begin a new epoch, and why.
    static func markRestored(_ db: Database, _ reason: String) throws {
        try setMeta(db, "restored", reason)
    }

    private static func setMeta(_ db: Database, _ name: String, _ value: some DatabaseValueConvertible) throws {
        try db.execute(sql: "INSERT OR REPLACE INTO meta(name, value) VALUES (?, ?)", arguments: [name, value])
    }

    private static func meta<T: DatabaseValueConvertible>(_ db: Database, _ name: String, as: T.Type) throws -> T {
        guard let value = try T.fetchOne(db, sql: "SELECT value FROM meta WHERE name = ?", arguments: [name]) else {
            throw StoreFailure(.damaged, "The database lacks its entry \"\(name)\".")
        }
        return value
    }
}

/// One step from a version of the ledger's tables to the next.
struct DatabaseMigration {
    /// The version that the step leads to.
    let to: Int32
    /// What it does.
    let sql: String

    /// All steps, in order.
    ///
    /// A new database begins with `DatabaseSchema.version`; a change of the tables raises that, and stands here as the
    /// step that leads there from the version before.
    static let all: [DatabaseMigration] = []
}
