import GRDB
import Kernel

/// The small numbers by which tables name origins.
final class OriginNumbers {
    private var known: [Origin: Int64] = [:]
    private let find: BoundStatement
    private let insert: BoundStatement
    private let list: BoundStatement
    private let database: Database

    init(_ db: Database) throws {
        database = db
        find = try BoundStatement(db, "SELECT id FROM origin WHERE site = ? AND epoch = ?")
        insert = try BoundStatement(db, "INSERT INTO origin(site, epoch) VALUES (?, ?)")
        list = try BoundStatement(db, "SELECT id, site, epoch FROM origin")
    }

    /// The number of an origin; nil when nothing is stored of it.
    func number(_ origin: Origin) throws -> Int64? {
        if let number = known[origin] { return number }
        let found = try find.first(
            {
                $0.bind(1, origin.site.name)
                $0.bind(2, Int64(origin.epoch))
            },
            read: { $0.int(0) }
        )
        if let found { known[origin] = found }
        return found
    }

    /// The number of an origin, which gets one if it has none.
    func number(making origin: Origin) throws -> Int64 {
        if let number = try number(origin) { return number }
        try insert.run {
            $0.bind(1, origin.site.name)
            $0.bind(2, Int64(origin.epoch))
        }
        known[origin] = database.lastInsertedRowID
        return database.lastInsertedRowID
    }

    /// All origins with their numbers, sorted.
    func all() throws -> [(origin: Origin, number: Int64)] {
        var result: [(origin: Origin, number: Int64)] = []
        try list.each({ _ in }) { row in
            guard let site = SiteID(row.text(1)), let epoch = UInt32(exactly: row.int(2)) else {
                throw StoreFailure(.damaged, "The list of origins is damaged.")
            }
            result.append((Origin(site: site, epoch: epoch), row.int(0)))
            return true
        }
        return result.sorted { $0.origin < $1.origin }
    }

    /// Forgets what a transaction that is gone may have added.
    func rolledBack() {
        known = [:]
    }
}
