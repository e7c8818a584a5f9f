import Kernel
import Replication

/// A site that has a deletion never shows the document again.
struct DeletedStaysDeleted: RecordsChecker {
    let name = "8 what is deleted stays deleted"

    mutating func after(_ transaction: WorldTransaction, _ world: RecordsWorld) -> String? {
        for id in transaction.changed where isBack(id, at: transaction.site, world) {
            return "\(id.key) is back at \(world.sites[transaction.site].id)"
        }
        return nil
    }

    func finally(_ world: RecordsWorld) -> String? {
        for site in world.sites.indices {
            for id in world.book.deletions.keys.sorted() where isBack(id, at: site, world) {
                return "\(id.key) is back at \(world.sites[site].id)"
            }
        }
        return nil
    }

    private func isBack(_ id: DocumentID, at site: Int, _ world: RecordsWorld) -> Bool {
        guard let deletions = world.book.deletions[id], let ledger = world.sites[site].ledger,
            deletions.contains(where: ledger.vector.contains)
        else { return false }
        return world.sites[site].storage.document(id)?.isDeleted == false
    }
}
