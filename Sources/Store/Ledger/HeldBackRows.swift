import GRDB
import Kernel
import Replication

/// Ops on disk that may not be applied yet; they are not part of the log.
final class HeldBackRows {
    private let origins: OriginNumbers
    private let insert: BoundStatement
    private let list: BoundStatement
    private let delete: BoundStatement

    init(_ db: Database, origins: OriginNumbers) throws {
        self.origins = origins
        insert = try BoundStatement(
            db,
            "INSERT INTO held(origin, sequence, stamp, chain, body) VALUES (?, ?, ?, ?, ?)"
        )
        list = try BoundStatement(
            db,
            "SELECT sequence, stamp, chain, body FROM held WHERE origin = ? ORDER BY sequence"
        )
        delete = try BoundStatement(db, "DELETE FROM held WHERE origin = ? AND sequence <= ?")
    }

    func add(_ op: StoredOp) throws {
        let origin = try origins.number(making: op.dot.origin)
        try insert.run {
            $0.bind(1, origin)
            $0.bind(2, Int64(bitPattern: op.dot.sequence))
            $0.bind(3, Int64(bitPattern: op.stamp.bits))
            $0.bind(4, op.chain)
            $0.bind(5, op.body)
        }
    }

    /// All of them, sorted by dot.
    func all() throws -> [StoredOp] {
        var result: [StoredOp] = []
        for (origin, number) in try origins.all() {
            try list.each({ $0.bind(1, number) }) { row in
                result.append(
                    StoredOp(
                        dot: Dot(origin: origin, sequence: UInt64(bitPattern: row.int(0))),
                        stamp: HybridTimestamp(bits: UInt64(bitPattern: row.int(1))),
                        body: row.blob(3),
                        chain: row.blob(2)
                    )
                )
                return true
            }
        }
        return result
    }

    func drop(_ origin: Origin, through sequence: UInt64) throws {
        guard let number = try origins.number(origin) else { return }
        try delete.run {
            $0.bind(1, number)
            $0.bind(2, Int64(clamping: sequence))
        }
    }
}
