import ContactCenter
import Kernel
import Routing
import SiteCore

/// Nobody waits for ever: the bound of `ServiceRank` on overtaking.
///
/// Two callers without a file in one queue have the same head start and requirement, so only the time of arrival
/// decides between them. Checked whenever an agent is offered to one: everybody who came clearly earlier, and whose
/// site has seen the other's site and waited undisturbed for a while, is overtaken. By more than `headStartMax` it must
/// never happen. By less it happens in the moment between a freed agent's pull and the answer to it, when somebody new
/// finds the agent first; but not to the same caller again and again.
struct WaitingBoundChecker: ClusterChecker {
    let name = "waiting bound"
    /// Two sites' clocks may differ by this, and presence be so late.
    private static let slack = Span.seconds(10)
    /// For so long both must have waited, and their sites have been linked.
    private static let undisturbed = Span.seconds(6)

    private struct Waiting: Sendable {
        var site: Int
        var life: Int
        var arrived: Instant
        /// Since when nobody is asked for it.
        var since: Instant
        var overtaken = 0
    }

    private var contacts: [ContactID: Waiting] = [:]
    /// Agents who were asked in vain for a contact; they are passed over rightly.
    private var refusedBy: [ContactID: Set<String>] = [:]
    private var linkedSince: [[Int]: Instant] = [:]
    private(set) var branches: [String: Int] = [:]

    mutating func anytime(_ cluster: SimulatedCluster) -> String? {
        var offered: [(id: ContactID, agent: String)] = []
        for (site, directive) in cluster.lastDirectives {
            guard case .log(let line) = directive else { continue }
            guard let key = line.fields.first(where: { $0.name == "contact" })?.value else { continue }
            let id = ContactID(key)
            switch line.event {
            case "contact.arrived":
                let life = cluster.sites[site].life
                contacts[id] = Waiting(site: site, life: life, arrived: cluster.now, since: cluster.now)
            case "contact.offered":
                offered.append((id, line.fields.first { $0.name == "agent" }?.value ?? ""))
            case "contact.passedOver":
                contacts[id]?.since = cluster.now
                if let agent = line.fields.first(where: { $0.name == "agent" })?.value {
                    refusedBy[id, default: []].insert(agent)
                }
            case "contact.ended":
                contacts[id] = nil
                refusedBy[id] = nil
            default: break
            }
        }
        followLinks(cluster)
        for (id, agent) in offered {
            if let message = judge(id, agent, cluster) { return message }
        }
        return nil
    }

    private mutating func followLinks(_ cluster: SimulatedCluster) {
        for (pair, link) in cluster.links {
            if link.session == nil || link.delay.lowerBound > 100
                || link.lastArrival.values.contains(where: { $0 > cluster.now + .milliseconds(100) })
            {
                linkedSince[pair] = nil
            } else if linkedSince[pair] == nil {
                linkedSince[pair] = cluster.now
            }
        }
    }

    /// Finds whom the offer of an agent to this contact passed by.
    private mutating func judge(_ id: ContactID, _ agent: String, _ cluster: SimulatedCluster) -> String? {
        guard let served = contacts[id] else { return nil }
        let rows = waitingRows(cluster)
        guard let queue = rows[id] ?? queueOfOffered(id, cluster) else { return nil }
        for (other, itsQueue) in rows.sorted(by: { $0.key < $1.key }) where other != id && itsQueue == queue {
            guard let waiting = contacts[other], waiting.arrived + Self.slack < served.arrived,
                cluster.now - waiting.since > Self.undisturbed, refusedBy[other]?.contains(agent) != true,
                see(waiting.site, served.site, cluster)
            else { continue }
            branches["overtaken", default: 0] += 1
            contacts[other]?.overtaken += 1
            let lead = served.arrived - waiting.arrived
            if lead > ServiceRank.headStartMax + Self.slack {
                return "\(other) was overtaken by \(id), which came \(lead.seconds) s later"
            }
            if waiting.overtaken + 1 > Limits.simulatedOvertakenMax {
                return "\(other) was overtaken \(waiting.overtaken + 1) times, last by \(id)"
            }
        }
        return nil
    }

    /// The callers without a file who wait, as their own sites know them, with their queues.
    private func waitingRows(_ cluster: SimulatedCluster) -> [ContactID: QueueID] {
        var rows: [ContactID: QueueID] = [:]
        for site in cluster.sites {
            guard let machine = site.machine else { continue }
            for row in machine.view(at: site.moment(cluster.now)).contacts
            where row.site == site.id && row.state == .waiting && row.customerName == nil {
                rows[row.id] = row.queue
            }
        }
        return rows
    }

    private func queueOfOffered(_ id: ContactID, _ cluster: SimulatedCluster) -> QueueID? {
        guard let site = contacts[id].map({ cluster.sites[$0.site] }), let machine = site.machine else { return nil }
        return machine.view(at: site.moment(cluster.now)).contacts.first { $0.id == id && $0.customerName == nil }?
            .queue
    }

    private func see(_ one: Int, _ other: Int, _ cluster: SimulatedCluster) -> Bool {
        if one == other { return true }
        guard let since = linkedSince[cluster.key(one, other)] else { return false }
        return cluster.now - since > Self.undisturbed
    }
}
