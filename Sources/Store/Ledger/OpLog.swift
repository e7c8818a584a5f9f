import GRDB
import Kernel
import Replication

/// The op log's table.
///
/// Where a log was trimmed, `LogBases` says from where on its ops count; rows before that may still be there.
final class OpLog {
    private let origins: OriginNumbers
    private let bases: LogBases
    private let insert: BoundStatement
    private let one: BoundStatement
    private let range: BoundStatement
    private let last: BoundStatement
    private let overwrite: BoundStatement

    init(_ db: Database, origins: OriginNumbers, bases: LogBases) throws {
        self.origins = origins
        self.bases = bases
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
        overwrite = try BoundStatement(
            db,
            "UPDATE op SET stamp = ?, chain = ?, body = ? WHERE origin = ? AND sequence = ?"
        )
    }

    func append(_ op: StoredOp) throws {
        let origin = try origins.number(making: op.dot.origin)
        try insert.run {
            $0.bind(1, origin)
            $0.bind(2, Int64(bitPattern: op.dot.sequence))
            $0.bind(3, Int64(bitPattern: op.stamp.bits))
            $0.bind(4, op.chain)
            $0.bind(5, op.body)
        }
    }

    func op(_ dot: Dot) throws -> StoredOp? {
        guard let origin = try origins.number(dot.origin), dot.sequence > (try bases.sequence(of: origin)) else {
            return nil
        }
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
        guard first > 0, let number = try origins.number(origin), first > (try bases.sequence(of: number)) else {
            return []
        }
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

    /// Writes an op over the one of the same name; one that is not in the log changes nothing.
    func mend(_ op: StoredOp) throws {
        guard let origin = try origins.number(op.dot.origin), op.dot.sequence > (try bases.sequence(of: origin)) else {
            return
        }
        try overwrite.run {
            $0.bind(1, Int64(bitPattern: op.stamp.bits))
            $0.bind(2, op.chain)
            $0.bind(3, op.body)
            $0.bind(4, origin)
            $0.bind(5, Int64(bitPattern: op.dot.sequence))
        }
    }

    /// The newest op of every origin, in the log or at its base.
    func heads() throws -> [OriginHead] {
        try origins.all().compactMap { origin, number in
            let base = try bases.base(of: number)
            let newest = try last.first(
                { $0.bind(1, number) },
                read: { LogBases.Base(sequence: UInt64(bitPattern: $0.int(0)), chain: $0.blob(1)) }
            )
            let head = [base, newest].compactMap(\.self).max { $0.sequence < $1.sequence }
            return head.map { OriginHead(dot: Dot(origin: origin, sequence: $0.sequence), chain: $0.chain) }
        }
    }
}
