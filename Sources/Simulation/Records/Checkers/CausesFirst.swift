import Kernel
import Replication

/// What an op needs is applied before it or with it.
struct CausesFirst: RecordsChecker {
    let name = "5 causes first"

    mutating func after(_ transaction: WorldTransaction, _ world: RecordsWorld) -> String? {
        for stored in transaction.ops where transaction.after.contains(stored.dot) {
            guard let op = world.book.entries[stored.dot]?.op else { continue }
            if !transaction.after.covers(op.needs) {
                return "\(world.sites[transaction.site].id) applied \(op.dot) without \(op.needs.text)"
            }
        }
        return nil
    }
}
