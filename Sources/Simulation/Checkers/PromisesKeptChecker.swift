import Replication
import ContactCenter
import Kernel

/// Every edit that a site acknowledged is at all sites.
struct PromisesKeptChecker: ClusterChecker {
    let name = "acknowledged edits are everywhere"

    func finally(_ cluster: SimulatedCluster) -> String? {
        for site in cluster.sites {
            for promise in cluster.books.promises {
                guard site.ledger?.vector.contains(promise.dot) == true else {
                    return "\(site.id) lacks \(promise.dot)"
                }
                let document = site.storage.document(promise.expectation.customer.documentID)
                let notes = document?.entries(CustomerField.notes).compactMap(\.value.string) ?? []
                guard notes.count(where: { $0 == promise.expectation.note }) == 1 else {
                    return "\(site.id) has '\(promise.expectation.note)' not exactly once"
                }
            }
        }
        return nil
    }
}
