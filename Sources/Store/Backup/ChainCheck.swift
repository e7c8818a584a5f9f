import GRDB
import Kernel
import Replication

/// Walks through one origin's log and holds each op against the chain.
struct ChainCheck: Sendable {
    private let origin: Origin
    private var place: UInt64 = 0
    private var chain: [UInt8]
    /// True when the end of the log is reached.
    private(set) var isDone = false

    init(_ origin: Origin) {
        self.origin = origin
        chain = OpChain.start(origin)
    }

    /// Looks at the next ops: how many there were, and which are damaged; of a gap the first.
    mutating func next(_ db: Database) throws -> (checked: Int, damaged: [Dot]) {
        let origins = try OriginNumbers(db)
        guard let number = try origins.number(origin) else {
            isDone = true
            return (0, [])
        }
        // The log may have been trimmed since the last look.
        if let base = try LogBases(db, origins: origins).base(of: number), base.sequence > place {
            place = base.sequence
            chain = base.chain
        }
        let rows = try BoundStatement(
            db,
            "SELECT sequence, chain, body FROM op WHERE origin = ? AND sequence > ? ORDER BY sequence LIMIT ?"
        )
        var checked = 0
        var damaged: [Dot] = []
        var place = place
        var chain = chain
        try rows.each(
            {
                $0.bind(1, number)
                $0.bind(2, Int64(bitPattern: place))
                $0.bind(3, Int64(Limits.verifyRowsPerRead))
            },
            read: { row in
                let sequence = UInt64(bitPattern: row.int(0))
                let stored = row.blob(1)
                if sequence != place + 1 {
                    damaged.append(Dot(origin: origin, sequence: place + 1))
                } else if OpChain.link(after: chain, body: row.blob(2)) != stored {
                    damaged.append(Dot(origin: origin, sequence: sequence))
                }
                // Going on from what is stored, one damaged op accuses itself and not all that follow.
                chain = stored
                place = sequence
                checked += 1
                return true
            }
        )
        self.place = place
        self.chain = chain
        isDone = checked < Limits.verifyRowsPerRead
        return (checked, damaged)
    }
}
