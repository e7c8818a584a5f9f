import Kernel
import Replication

/// No dot stands for two ops on any disk (the book notes each op as it reaches a disk); at the end logs agree.
struct OneHashPerDot: RecordsChecker {
    let name = "4 no dot with two hashes"

    func finally(_ world: RecordsWorld) -> String? {
        for site in world.sites {
            for head in site.storage.heads() {
                guard let known = world.book.entries[head.dot] else { continue }
                if known.chain != head.chain { return "\(site.id) has another history of \(head.dot.origin)" }
            }
        }
        return nil
    }
}
