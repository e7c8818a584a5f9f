import GRDB
import Kernel
import Replication

/// The op log's tables.
final class OpLog {
    private var originNumbers: [Origin: Int64] = [:]
    private let insert: BoundStatement
    private let one: BoundStatement
    private let range: BoundStatement
    private let last: BoundStatement
    private let originNumber: BoundStatement
    private let insertOrigin: BoundStatement
    private let origins: BoundStatement
    private let database: Database

    init(_ db: Database) throws {
        database = db
        insert = try BoundStatement(
            db,
            "INSERT INTO op(origin, sequence, stamp, chain, body) VALUES (?, ?, ?, ?, ?)"
        )
        one = try BoundStatement(db, "SELECT stamp, chain, body FROM op WHERE origin = ? AND sequence = ?")
        range = try BoundStatement(
            db,
            "SELECT body FROM op WHERE origin = ? AND sequence >= ? ORDER BY sequence LIMIT ?"
        )
        last = try BoundStatement(
            db,
            "SELECT sequence, chain FROM op WHERE origin = ? ORDER BY sequence DESC LIMIT 1"
        )
        originNumber = try BoundStatement(db, "SELECT id FROM origin WHERE site = ? AND epoch = ?")
        insertOrigin = try BoundStatement(db, "INSERT INTO origin(site, epoch) VALUES (?, ?)")
        origins = try BoundStatement(db, "SELECT id, site, epoch FROM origin ORDER BY site, epoch")
    }

    func append(_ op: StoredOp) throws {
        let origin = try number(making: op.dot.origin)
        try insert.run {
            $0.bind(1, origin)
            $0.bind(2, Int64(bitPattern: op.dot.sequence))
            $0.bind(3, Int64(bitPattern: op.stamp.bits))
            $0.bind(4, op.chain)
            $0.bind(5, op.body)
        }
    }

    func op(_ dot: Dot) throws -> StoredOp? {
        guard let origin = try number(dot.origin) else { return nil }
        return try one.first(
            {
                $0.bind(1, origin)
                $0.bind(2, Int64(bitPattern: dot.sequence))
            },
            read: {
                StoredOp(
                    dot: dot,
                    stamp: HybridTimestamp(bits: UInt64(bitPattern: $0.int(0))),
                    body: $0.blob(2),
                    chain: $0.blob(1)
                )
            }
        )
    }

    func bodies(of origin: Origin, from first: UInt64, maxBytes: Int, maxCount: Int) throws -> [[UInt8]] {
        guard first > 0, let number = try number(origin) else { return [] }
        var result: [[UInt8]] = []
        var bytes = 0
        try range.each(
            {
                $0.bind(1, number)
                $0.bind(2, Int64(clamping: first))
                $0.bind(3, Int64(max(maxCount, 1)))
            },
            read: { row in
                let body = row.blob(0)
                bytes += body.count
                guard result.isEmpty || bytes <= maxBytes else { return false }
                result.append(body)
                return true
            }
        )
        return result
    }

    func heads() throws -> [OriginHead] {
        var numbers: [(Origin, Int64)] = []
        try origins.each({ _ in }) { row in
            guard let site = SiteID(row.text(1)), let epoch = UInt32(exactly: row.int(2)) else {
                throw StoreFailure(.damaged, "The list of origins is damaged.")
            }
            numbers.append((Origin(site: site, epoch: epoch), row.int(0)))
            return true
        }
        return try numbers.sorted { $0.0 < $1.0 }.compactMap { origin, number in
            try last.first(
                { $0.bind(1, number) },
                read: {
                    OriginHead(
                        dot: Dot(origin: origin, sequence: UInt64(bitPattern: $0.int(0))),
                        chain: $0.blob(1)
                    )
                }
            )
        }
    }

    /// Forgets what a transaction that is gone may have added.
    func rolledBack() {
        originNumbers = [:]
    }

    private func number(_ origin: Origin) throws -> Int64? {
        if let known = originNumbers[origin] { return known }
        let found = try originNumber.first(
            {
                $0.bind(1, origin.site.name)
                $0.bind(2, Int64(origin.epoch))
            },
            read: { $0.int(0) }
        )
        if let found { originNumbers[origin] = found }
        return found
    }

    private func number(making origin: Origin) throws -> Int64 {
        if let known = try number(origin) { return known }
        try insertOrigin.run {
            $0.bind(1, origin.site.name)
            $0.bind(2, Int64(origin.epoch))
        }
        originNumbers[origin] = database.lastInsertedRowID
        return database.lastInsertedRowID
    }
}
