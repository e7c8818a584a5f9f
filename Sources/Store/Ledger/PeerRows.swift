import GRDB
import Kernel

/// What peers said that they have on disk.
final class PeerRows {
    private let delete: BoundStatement
    private let insert: BoundStatement
    private let list: BoundStatement

    init(_ db: Database) throws {
        delete = try BoundStatement(db, "DELETE FROM acknowledged WHERE peer = ?")
        insert = try BoundStatement(db, "INSERT INTO acknowledged(peer, site, epoch, head) VALUES (?, ?, ?, ?)")
        list = try BoundStatement(db, "SELECT peer, site, epoch, head FROM acknowledged")
    }

    func save(_ vector: VersionVector, of site: SiteID) throws {
        try delete.run { $0.bind(1, site.name) }
        for head in vector.heads {
            try insert.run {
                $0.bind(1, site.name)
                $0.bind(2, head.origin.site.name)
                $0.bind(3, Int64(head.origin.epoch))
                $0.bind(4, Int64(bitPattern: head.sequence))
            }
        }
    }

    func all() throws -> [SiteID: VersionVector] {
        var result: [SiteID: VersionVector] = [:]
        try list.each({ _ in }) { row in
            guard let peer = SiteID(row.text(0)), let site = SiteID(row.text(1)),
                let epoch = UInt32(exactly: row.int(2))
            else { throw StoreFailure(.damaged, "What peers acknowledged is damaged.") }
            let head = Dot(origin: Origin(site: site, epoch: epoch), sequence: UInt64(bitPattern: row.int(3)))
            result[peer, default: VersionVector()].include(head)
            return true
        }
        return result
    }
}
