import Kernel
import Replication

/// Every write that nobody has seen is shown, among the conflicts or in the lost-and-found: documents hold exactly what
/// the naive model says, and the journal lists exactly what the documents say.
struct LosersAreKept: RecordsChecker {
    let name = "9 losing writes are kept"
    private var turn = 0

    mutating func after(_ transaction: WorldTransaction, _ world: RecordsWorld) -> String? {
        // Where several transactions share a step, the disk shows the last.
        guard !transaction.isJoining, !world.isRotten, let now = world.sites[transaction.site].ledger?.vector
        else { return nil }
        for id in transaction.changed {
            // All of it at the end; in between every few documents, because this is the dearest check.
            turn += 1
            guard turn.isMultiple(of: Limits.simulatedModelStride) else { continue }
            if let wrong = difference(id, at: transaction.site, now, world) { return wrong }
        }
        return nil
    }

    func finally(_ world: RecordsWorld) -> String? {
        guard let site = world.sites.indices.first, let vector = world.sites[site].ledger?.vector else { return nil }
        for id in world.book.dots.keys.sorted() {
            if let wrong = difference(id, at: site, vector, world) { return wrong }
        }
        let journal = world.sites[site].storage.conflicts(after: nil, limit: .max)
        let derived = world.sites[site].storage.documents.values.flatMap(\.conflicts)
        if journal != derived.sorted(by: { $0.id.text < $1.id.text }) {
            return "the journal of \(world.sites[site].id) is not what its documents say"
        }
        return nil
    }

    private func difference(
        _ id: DocumentID,
        at site: Int,
        _ vector: VersionVector,
        _ world: RecordsWorld
    ) -> String? {
        let model = DocumentModel(id, ops: world.book.ops(of: id, in: vector))
        return model.difference(from: world.sites[site].storage.document(id)).map {
            "\(id.key) at \(world.sites[site].id): \($0)"
        }
    }
}
