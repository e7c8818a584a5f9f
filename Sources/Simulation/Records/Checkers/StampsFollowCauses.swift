import Kernel
import Replication

/// The stamp of an op is above those of its causes: its origin's op before it and all that it needs.
struct StampsFollowCauses: RecordsChecker {
    let name = "6 stamps follow causes"

    mutating func after(_ transaction: WorldTransaction, _ world: RecordsWorld) -> String? {
        for stored in transaction.ops {
            guard let op = world.book.entries[stored.dot]?.op else { continue }
            var causes = op.needs.heads
            if op.dot.sequence > 1 { causes.append(Dot(origin: op.dot.origin, sequence: op.dot.sequence - 1)) }
            for cause in causes {
                guard let before = world.book.entries[cause]?.op else { continue }
                if before.stamp >= op.stamp { return "\(op.dot) is stamped before its cause \(cause)" }
            }
        }
        return nil
    }
}
