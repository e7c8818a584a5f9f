import Replication
import ContactCenter
import Kernel
import Routing
import SiteCore

/// The cluster's figures of the day count each contact once, and every site shows the same.
struct CountedOnceChecker: ClusterChecker {
    let name = "each contact is counted once"

    func finally(_ cluster: SimulatedCluster) -> String? {
        guard let first = cluster.sites.first else { return nil }
        var answered: [QueueID: Int] = [:]
        var abandoned: [QueueID: Int] = [:]
        for record in first.storage.documents.values.compactMap({ ContactRecord($0) }) {
            guard let queue = record.queue else { continue }
            if record.answeredAt != nil { answered[queue, default: 0] += 1 }
            if record.answeredAt == nil, record.outcome == .abandoned { abandoned[queue, default: 0] += 1 }
        }
        for site in cluster.sites {
            guard let machine = site.machine else { continue }
            for row in machine.view(at: site.moment(cluster.now)).queues {
                if row.answeredToday != answered[row.id] ?? 0 {
                    return "\(site.id) shows \(row.answeredToday) answered in \(row.id), records say "
                        + "\(answered[row.id] ?? 0)"
                }
                let gaveUp = row.counts.abandoned + row.counts.shortAbandoned
                if gaveUp != abandoned[row.id] ?? 0 {
                    return "\(site.id) shows \(gaveUp) abandoned in \(row.id), records say "
                        + "\(abandoned[row.id] ?? 0)"
                }
            }
        }
        return nil
    }
}
