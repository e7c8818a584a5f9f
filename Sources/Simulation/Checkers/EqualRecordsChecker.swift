import Kernel
import Replication

/// All sites end with the same records, byte for byte.
struct EqualRecordsChecker: ClusterChecker {
    let name = "all sites are equal"

    func finally(_ cluster: SimulatedCluster) -> String? {
        guard let first = cluster.sites.first else { return nil }
        for site in cluster.sites.dropFirst() {
            let mine = Set(first.storage.documents.keys)
            let theirs = Set(site.storage.documents.keys)
            if let odd = mine.symmetricDifference(theirs).min() {
                return "\(odd.key) is not at both \(first.id) and \(site.id)"
            }
            for id in mine.sorted() {
                guard let left = first.storage.document(id), let right = site.storage.document(id) else { continue }
                if DocumentEncoder.encode(left) != DocumentEncoder.encode(right) {
                    return "\(id.key) differs between \(first.id) and \(site.id)"
                }
            }
        }
        return nil
    }
}
