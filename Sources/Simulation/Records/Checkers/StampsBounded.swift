import Kernel
import Replication

/// An op of another site is applied only when its stamp is at most the bound ahead of the clock here.
struct StampsBounded: RecordsChecker {
    let name = "7 stamps are bounded"

    mutating func after(_ transaction: WorldTransaction, _ world: RecordsWorld) -> String? {
        let site = world.sites[transaction.site].id
        for stored in transaction.ops
        where stored.dot.origin.site != site && transaction.after.contains(stored.dot)
            && stored.stamp.wall - transaction.wall > Limits.clockAheadMax
        {
            return "\(site) applied \(stored.dot), stamped \(stored.stamp.wall - transaction.wall) ahead"
        }
        return nil
    }
}
