import Replication
import ContactCenter
import Kernel
import SiteCore

/// Each contact that a site took ends exactly once, and its record says how.
struct EndsOnceChecker: ClusterChecker {
    let name = "each contact ends once"
    private var arrived: Set<String> = []
    private var ended: Set<String> = []
    /// Calls that agents made: somebody outside may have answered.
    private var own: Set<String> = []

    mutating func anytime(_ cluster: SimulatedCluster) -> String? {
        for (_, directive) in cluster.lastDirectives {
            guard case .log(let line) = directive else { continue }
            if line.event == "contact.consult" { own.formUnion(line.fields.filter { $0.name == "as" }.map(\.value)) }
            guard
                let contact = line.fields.first(where: { $0.name == "contact" })?.value
            else { continue }
            switch line.event {
            case "contact.arrived":
                guard arrived.insert(contact).inserted else { return "\(contact) arrived twice" }
            case "contact.ended":
                guard ended.insert(contact).inserted else { return "\(contact) ended twice" }
            default: break
            }
        }
        return nil
    }

    func finally(_ cluster: SimulatedCluster) -> String? {
        guard let site = cluster.sites.first else { return nil }
        for document in site.storage.documents.values.sorted(by: { $0.id < $1.id }) {
            guard let record = ContactRecord(document) else { continue }
            guard record.endedAt != nil, record.endedBy != nil, let outcome = record.outcome else {
                return "\(record.id) has no end on record"
            }
            if outcome == .answered, !own.contains(record.id.key), record.agent == nil || record.talkMs == nil {
                return "\(record.id) was answered by nobody"
            }
            guard let ticket = record.ticket, let kept = site.storage.document(ticket.documentID).flatMap(Ticket.init)
            else { return "\(record.id) has no ticket" }
            let entries = kept.contacts.filter { $0.contact == record.id }
            guard entries.count == 1, entries.first?.outcome == outcome else {
                return "the ticket of \(record.id) does not tell how it ended"
            }
        }
        return nil
    }
}
