import GRDB
import Kernel

/// The conflict journal's table.
final class ConflictRows {
    private let insert: BoundStatement
    private let delete: BoundStatement
    private let page: BoundStatement

    init(_ db: Database) throws {
        insert = try BoundStatement(
            db,
            "INSERT OR REPLACE INTO conflict(id, type, key, stamp, body) VALUES (?, ?, ?, ?, ?)"
        )
        delete = try BoundStatement(db, "DELETE FROM conflict WHERE id = ?")
        page = try BoundStatement(db, "SELECT id, body FROM conflict WHERE id > ? ORDER BY id LIMIT ?")
    }

    func save(_ conflict: Conflict) throws {
        try insert.run {
            $0.bind(1, conflict.id.text)
            $0.bind(2, Int64(conflict.id.document.type.number))
            $0.bind(3, conflict.id.document.key)
            $0.bind(4, Int64(bitPattern: conflict.lost.stamp.bits))
            $0.bind(5, ConflictCoding.encode(conflict))
        }
    }

    func remove(_ id: ConflictID) throws {
        try delete.run { $0.bind(1, id.text) }
    }

    func list(after id: ConflictID?, limit: Int) throws -> [Conflict] {
        var rows: [(id: String, body: [UInt8])] = []
        try page.each(
            {
                $0.bind(1, id?.text ?? "")
                $0.bind(2, Int64(max(limit, 0)))
            },
            read: {
                rows.append(($0.text(0), $0.blob(1)))
                return true
            }
        )
        return try rows.map { try ConflictCoding.decode($0.body, id: $0.id) }
    }
}
