import GRDB
import Kernel
import Replication

/// Where each origin's log begins, if it does not begin with its first op.
///
/// A base counts at once; the ops before it go later in slices, because dropping a month of them takes seconds.
final class LogBases {
    /// The op before the first that counts.
    struct Base {
        let sequence: UInt64
        let chain: [UInt8]
    }

    private let origins: OriginNumbers
    /// By number of the origin; nil until they are read.
    private var known: [Int64: Base]?
    /// Origins whose old ops may still be there; nil until a start has looked.
    private var untrimmed: Set<Int64>?
    private let read: BoundStatement
    private let write: BoundStatement
    private let oldest: BoundStatement
    private let drop: BoundStatement

    init(_ db: Database, origins: OriginNumbers) throws {
        self.origins = origins
        read = try BoundStatement(db, "SELECT origin, sequence, chain FROM base")
        write = try BoundStatement(db, "INSERT OR REPLACE INTO base(origin, sequence, chain) VALUES (?, ?, ?)")
        oldest = try BoundStatement(db, "SELECT sequence FROM op WHERE origin = ? ORDER BY sequence LIMIT 1")
        drop = try BoundStatement(db, "DELETE FROM op WHERE origin = ? AND sequence <= ?")
    }

    /// The base of an origin's log by the origin's number; nil when it begins with its first op.
    func base(of origin: Int64) throws -> Base? { try all()[origin] }

    /// The newest sequence number that no longer counts; 0 when all do.
    func sequence(of origin: Int64) throws -> UInt64 { try all()[origin]?.sequence ?? 0 }

    /// All bases, sorted by origin.
    func heads() throws -> [OriginHead] {
        let known = try all()
        return try origins.all().compactMap { origin, number in
            known[number].map { OriginHead(dot: Dot(origin: origin, sequence: $0.sequence), chain: $0.chain) }
        }
    }

    /// Moves a base on; one that lies before the present one changes nothing.
    func set(_ head: OriginHead) throws {
        let number = try origins.number(making: head.dot.origin)
        guard head.dot.sequence > (try sequence(of: number)) else { return }
        try write.run {
            $0.bind(1, number)
            $0.bind(2, Int64(bitPattern: head.dot.sequence))
            $0.bind(3, head.chain)
        }
        known?[number] = Base(sequence: head.dot.sequence, chain: head.chain)
        untrimmed?.insert(number)
    }

    /// Forgets what a transaction that is gone may have changed.
    func rolledBack() {
        known = nil
    }

    /// Drops some of the ops that no longer count, inside a transaction; false when there are none left.
    func trim() throws -> Bool {
        let bases = try all()
        let origins = untrimmed ?? Set(bases.keys)
        untrimmed = origins
        guard let origin = origins.min() else { return false }
        let first = try oldest.first({ $0.bind(1, origin) }, read: { UInt64(bitPattern: $0.int(0)) })
        guard let first, let base = bases[origin], first <= base.sequence else {
            untrimmed?.remove(origin)
            return true
        }
        let through = min(base.sequence, first + Limits.logRowsPerTrim - 1)
        try drop.run {
            $0.bind(1, origin)
            $0.bind(2, Int64(bitPattern: through))
        }
        return true
    }

    /// True when there may be ops to drop.
    var mayTrim: Bool { untrimmed?.isEmpty != true }

    private func all() throws -> [Int64: Base] {
        if let known { return known }
        var bases: [Int64: Base] = [:]
        try read.each({ _ in }) { row in
            bases[row.int(0)] = Base(sequence: UInt64(bitPattern: row.int(1)), chain: row.blob(2))
            return true
        }
        known = bases
        return bases
    }
}
