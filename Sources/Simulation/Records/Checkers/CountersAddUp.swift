import Kernel
import Replication

/// A counter is the sum of its increments.
struct CountersAddUp: RecordsChecker {
    let name = "11 counters are sums"
    private var turn = 0

    mutating func after(_ transaction: WorldTransaction, _ world: RecordsWorld) -> String? {
        // Where several transactions share a step, the disk shows the last.
        guard !transaction.isJoining, !world.isRotten, let now = world.sites[transaction.site].ledger?.vector
        else { return nil }
        for id in transaction.changed {
            turn += 1
            guard turn.isMultiple(of: Limits.simulatedModelStride) else { continue }
            if let wrong = miscount(id, at: transaction.site, now, world) { return wrong }
        }
        return nil
    }

    func finally(_ world: RecordsWorld) -> String? {
        guard let site = world.sites.indices.last, let vector = world.sites[site].ledger?.vector else { return nil }
        for id in world.book.dots.keys.sorted() {
            if let wrong = miscount(id, at: site, vector, world) { return wrong }
        }
        return nil
    }

    private func miscount(
        _ id: DocumentID,
        at site: Int,
        _ vector: VersionVector,
        _ world: RecordsWorld
    ) -> String? {
        let model = DocumentModel(id, ops: world.book.ops(of: id, in: vector))
        return model.miscount(world.sites[site].storage.document(id)).map { "\(id.key): \($0)" }
    }
}
