import Kernel
import Replication

/// Heads rise without gaps: each op that a vector counts follows the one before it by its chain hash.
struct HeadsOnlyRise: RecordsChecker {
    let name = "3 heads are contiguous and only rise"

    mutating func after(_ transaction: WorldTransaction, _ world: RecordsWorld) -> String? {
        let id = world.sites[transaction.site].id
        if !transaction.after.covers(transaction.before) { return "a head of \(id) fell" }
        for op in transaction.ops {
            let before =
                op.dot.sequence == 1
                ? OpChain.start(op.dot.origin)
                : world.book.entries[Dot(origin: op.dot.origin, sequence: op.dot.sequence - 1)]?.chain
            guard let before else { continue }
            if OpChain.link(after: before, body: op.body) != op.chain { return "\(op.dot) does not follow at \(id)" }
        }
        return nil
    }

    func finally(_ world: RecordsWorld) -> String? {
        for site in world.sites {
            guard let ledger = site.ledger else { continue }
            let heads = VersionVector(site.storage.heads().map(\.dot))
            if heads != ledger.vector { return "the log of \(site.id) is not what its vector says" }
        }
        return nil
    }
}
