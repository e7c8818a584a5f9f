import Kernel
import Replication

/// Sites that have applied the same ops have the same state.
struct EqualDigests: RecordsChecker {
    let name = "2 equal vectors, equal digests"
    private var known: [VersionVector: (site: Int, root: DocumentHash)] = [:]
    private var losses = 0

    mutating func after(_ transaction: WorldTransaction, _ world: RecordsWorld) -> String? {
        // After a loss a vector may come to stand for other ops.
        if losses != world.book.losses { known = [:] }
        losses = world.book.losses
        guard let root = transaction.digest, !world.isRotten else { return nil }
        guard let earlier = known[transaction.after] else {
            known[transaction.after] = (transaction.site, root)
            return nil
        }
        guard earlier.root != root else { return nil }
        let names = "\(world.sites[earlier.site].id) and \(world.sites[transaction.site].id)"
        return "\(names) differ at \(transaction.after.text)"
    }
}

extension RecordsWorld {
    /// True when a document was changed behind everybody's back and may not have been repaired.
    var isRotten: Bool { isDamaged || schedule.contains { $0.kind == .rottenDocument && $0.at <= now } }
}
