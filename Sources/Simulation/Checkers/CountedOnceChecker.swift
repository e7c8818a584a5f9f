import ContactCenter
import Kernel
import Replication
import Routing
import SiteCore

/// The cluster's figures of the day count each customer's contact once, in one queue, and every site shows the same.
///
/// What the figures ought to be is added up from the records alone, whatever was passed on, placed by agents, or
/// counted anew by a site that died. One that could not be written down has no record; while its site lives it counts
/// among those that came to nothing.
struct CountedOnceChecker: ClusterChecker {
    /// What a queue's figures come to.
    private struct Sums: Hashable {
        var offered = 0
        var answered = 0
        var abandoned = 0
        var other = 0
        var talk = Span.zero

        init() {}

        init(_ row: SiteView.QueueRow) {
            offered = row.counts.offered
            answered = row.counts.answered
            abandoned = row.counts.abandoned + row.counts.shortAbandoned
            other = row.otherToday
            talk = row.counts.talk
        }

        var words: String {
            "\(offered) offered, \(answered) answered, \(abandoned) abandoned, \(other) others, "
                + "\(talk.milliseconds) ms talk"
        }
    }

    /// A contact whose record could not be made.
    private struct Unrecorded: Sendable {
        var contact: ContactID
        var site: Int
        var life: Int
    }

    let name = "each contact is counted once"
    /// The queue that each customer's contact came to.
    private var queues: [String: QueueID] = [:]
    private var unrecorded: [Unrecorded] = []

    mutating func anytime(_ cluster: SimulatedCluster) -> String? {
        for (site, directive) in cluster.lastDirectives {
            let line: TraceLine
            switch directive {
            case .log(let said), .alarm(let said): line = said
            default: continue
            }
            guard let contact = line.fields.first(where: { $0.name == "contact" })?.value else { continue }
            switch line.event {
            case "contact.arrived":
                queues[contact] = line.fields.first { $0.name == "queue" }.map { QueueID($0.value) }
            case "contact.unrecorded":
                let life = cluster.sites[site].life
                unrecorded.append(Unrecorded(contact: ContactID(contact), site: site, life: life))
            default: break
            }
        }
        return nil
    }

    func finally(_ cluster: SimulatedCluster) -> String? {
        guard let first = cluster.sites.first else { return nil }
        let sums = sums(of: first.storage, cluster)
        for site in cluster.sites {
            guard let machine = site.machine else { continue }
            for row in machine.view(at: site.moment(cluster.now)).queues {
                let expected = sums[row.id] ?? Sums()
                let shown = Sums(row)
                if shown != expected {
                    return "\(site.id) shows for \(row.id) \(shown.words); records say \(expected.words)"
                }
            }
        }
        return nil
    }

    private func sums(of storage: InMemoryLedgerStorage, _ cluster: SimulatedCluster) -> [QueueID: Sums] {
        var sums: [QueueID: Sums] = [:]
        for record in storage.documents.values.compactMap({ ContactRecord($0) }) {
            guard let queue = record.countedQueue else { continue }
            var sum = sums[queue] ?? Sums()
            sum.offered += 1
            if record.answeredAt != nil {
                sum.answered += 1
                sum.talk = sum.talk + .milliseconds(record.talkMs ?? 0)
            } else if record.outcome == .abandoned {
                sum.abandoned += 1
            } else if record.endedAt != nil {
                sum.other += 1
            }
            sums[queue] = sum
        }
        for lost in unrecorded where cluster.sites[lost.site].life == lost.life {
            guard let queue = queues[lost.contact.key], storage.document(lost.contact.documentID) == nil else {
                continue
            }
            sums[queue, default: Sums()].other += 1
        }
        return sums
    }
}
