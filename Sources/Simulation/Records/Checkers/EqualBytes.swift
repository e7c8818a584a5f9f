import Kernel
import Replication

/// At rest all sites hold the same living documents byte for byte, and what the naive model says of them.
struct EqualBytes: RecordsChecker {
    let name = "13 healed sites are equal"

    func finally(_ world: RecordsWorld) -> String? {
        guard let first = world.sites.first else { return nil }
        for site in world.sites.dropFirst() {
            let ids = Set(first.storage.documents.keys).union(site.storage.documents.keys)
            for id in ids.sorted() {
                let left = first.storage.document(id).flatMap { $0.isDeleted ? nil : $0 }
                let right = site.storage.document(id).flatMap { $0.isDeleted ? nil : $0 }
                if left.map(DocumentEncoder.encode) != right.map(DocumentEncoder.encode) {
                    return "\(id.key) differs between \(first.id) and \(site.id)"
                }
            }
            if first.storage.conflicts(after: nil, limit: .max) != site.storage.conflicts(after: nil, limit: .max) {
                return "\(first.id) and \(site.id) list different conflicts"
            }
        }
        return nil
    }
}
