import ContactCenter
import Kernel
import Replication
import SiteCore

/// Each contact that a site took ends exactly once, in the books of that site, and its record says how.
///
/// What a site said it did is compared with what stands on disk in the end. Only a site that died in between may close
/// a contact anew: what it had said was not on its disk.
struct EndsOnceChecker: ClusterChecker {
    /// How a contact ended, as its site said last.
    private struct End: Sendable {
        var outcome: ContactOutcome
        /// Which start of the site said so.
        var life: Int
    }

    let name = "each contact ends once"
    /// The site that took each contact.
    private var homes: [String: Int] = [:]
    private var ends: [String: End] = [:]

    mutating func anytime(_ cluster: SimulatedCluster) -> String? {
        for (site, directive) in cluster.lastDirectives {
            guard case .log(let line) = directive else { continue }
            let fields = Dictionary(line.fields.map { ($0.name, $0.value) }) { first, _ in first }
            if let wrong = note(line.event, fields, site, cluster.sites[site].life) { return wrong }
        }
        return nil
    }

    private mutating func note(_ event: String, _ fields: [String: String], _ site: Int, _ life: Int) -> String? {
        guard let contact = event == "contact.consult" ? fields["as"] : fields["contact"] else { return nil }
        switch event {
        case "contact.arrived", "contact.consult", "contact.dial", "contact.dialled", "contact.callback",
            "callback.takenOver":
            guard homes.updateValue(site, forKey: contact) == nil else { return "\(contact) arrived twice" }
        case "contact.ended", "contact.lost":
            guard homes[contact] == site else { return "\(contact) ended at a site that did not take it" }
            let isLost = event == "contact.lost"
            if let before = ends[contact], !isLost || before.life == life { return "\(contact) ended twice" }
            guard let outcome = isLost ? .siteLost : fields["outcome"].flatMap(ContactOutcome.init(rawValue:)) else {
                return "\(contact) ended nobody knows how"
            }
            ends[contact] = End(outcome: outcome, life: life)
        case "contact.reopened":
            // Its end was not on disk when the site died.
            if let before = ends.removeValue(forKey: contact), before.life == life {
                return "\(contact) was opened again after its end"
            }
        default: break
        }
        return nil
    }

    func finally(_ cluster: SimulatedCluster) -> String? {
        guard let site = cluster.sites.first else { return nil }
        for document in site.storage.documents.values.sorted(by: { $0.id < $1.id }) {
            guard let record = ContactRecord(document) else { continue }
            if let wrong = wrong(with: record, document) ?? wrong(withTicketOf: record, in: site) { return wrong }
            guard let home = homes[record.id.key], record.originSite == cluster.sites[home].id else {
                return "\(record.id) is on record, but no site took it"
            }
            guard ends[record.id.key]?.outcome == record.outcome else {
                let said = ends[record.id.key]?.outcome.rawValue ?? "nothing"
                return "\(record.id) is on record as \(record.outcome?.rawValue ?? ""), its site said \(said)"
            }
        }
        return nil
    }

    private func wrong(with record: ContactRecord, _ document: Document) -> String? {
        guard record.endedAt != nil, record.endedBy != nil, let outcome = record.outcome else {
            return "\(record.id) has no end on record"
        }
        for field in [ContactField.endedAt, ContactField.endedBy, ContactField.outcome]
        where document.registers[field]?.lost.isEmpty != true {
            return "\(record.id) has two ends on record"
        }
        let isByAgent = record.agent != nil && record.agentSite != nil
        if outcome == .answered {
            guard record.answeredAt != nil, record.talkMs != nil,
                isByAgent || (record.isOwnCall && record.reached != nil)
            else { return "\(record.id) was answered by nobody" }
        } else if outcome != .siteLost, record.answeredAt != nil || record.talkMs != nil {
            return "\(record.id) was answered, and ended as \(outcome.rawValue)"
        }
        return nil
    }

    private func wrong(withTicketOf record: ContactRecord, in site: SimulatedSite) -> String? {
        guard let ticket = record.ticket, let document = site.storage.document(ticket.documentID) else {
            return "\(record.id) has no ticket"
        }
        let lines = document.entries(TicketField.contacts).compactMap { TicketContact($0.value) }
            .filter { $0.contact == record.id }
        // One from the beginning, one from the end.
        guard lines.count == 2, lines.filter({ $0.outcome != nil }).map(\.outcome) == [record.outcome] else {
            return "the ticket of \(record.id) does not tell once how it ended"
        }
        return nil
    }
}
