import Replication
import ContactCenter
import Kernel
import Routing
import SiteCore

/// The cluster's figures of the day count each contact of a customer once, and every site shows the same.
///
/// A call that was passed on to another queue has its record there, and was counted where it was answered first.
struct CountedOnceChecker: ClusterChecker {
    let name = "each contact is counted once"
    /// Calls that agents made; they are nobody's demand.
    private var own: Set<String> = []
    private var moved: Set<String> = []

    mutating func anytime(_ cluster: SimulatedCluster) -> String? {
        for (_, directive) in cluster.lastDirectives {
            guard case .log(let line) = directive else { continue }
            switch line.event {
            case "contact.consult": own.formUnion(line.fields.filter { $0.name == "as" }.map(\.value))
            case "contact.dial", "contact.dialled":
                own.formUnion(line.fields.filter { $0.name == "contact" }.map(\.value))
            case "contact.passedOn": moved.formUnion(line.fields.filter { $0.name == "contact" }.map(\.value))
            default: break
            }
        }
        return nil
    }

    func finally(_ cluster: SimulatedCluster) -> String? {
        guard let first = cluster.sites.first else { return nil }
        var answered: [QueueID: Int] = [:]
        var abandoned: [QueueID: Int] = [:]
        for record in first.storage.documents.values.compactMap({ ContactRecord($0) }) {
            guard let queue = record.queue, !own.contains(record.id.key) else { continue }
            if record.answeredAt != nil { answered[queue, default: 0] += 1 }
            if record.answeredAt == nil, record.outcome == .abandoned { abandoned[queue, default: 0] += 1 }
        }
        // A site that starts again counts from its records, which do not tell a customer's call from an agent's own.
        let slack = moved.count + (cluster.lastCrash == nil ? 0 : own.count)
        for site in cluster.sites {
            guard let machine = site.machine else { continue }
            for row in machine.view(at: site.moment(cluster.now)).queues {
                if abs(row.answeredToday - (answered[row.id] ?? 0)) > slack {
                    return "\(site.id) shows \(row.answeredToday) answered in \(row.id), records say "
                        + "\(answered[row.id] ?? 0)"
                }
                let gaveUp = row.counts.abandoned + row.counts.shortAbandoned
                if abs(gaveUp - (abandoned[row.id] ?? 0)) > slack {
                    return "\(site.id) shows \(gaveUp) abandoned in \(row.id), records say "
                        + "\(abandoned[row.id] ?? 0)"
                }
            }
        }
        return nil
    }
}
