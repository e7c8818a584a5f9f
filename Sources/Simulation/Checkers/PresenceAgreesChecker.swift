import ContactCenter
import Kernel
import SiteCore

/// At rest every site shows the same agents in the same states, no live contact, and all sites heard.
struct PresenceAgreesChecker: ClusterChecker {
    let name = "all walls agree"

    func finally(_ cluster: SimulatedCluster) -> String? {
        var expected: (site: SiteID, agents: [String])?
        for site in cluster.sites {
            guard let machine = site.machine else { continue }
            let view = machine.view(at: site.moment(cluster.now))
            if view.heard != view.of { return "\(site.id) hears \(view.heard) of \(view.of) sites" }
            if let contact = view.contacts.first { return "\(site.id) still shows \(contact.id)" }
            let agents = view.agents.map { "\($0.id)@\($0.site) \($0.state)" }.sorted()
            if let expected, expected.agents != agents {
                let odd = Set(expected.agents).symmetricDifference(agents).sorted().prefix(4)
                return "\(expected.site) and \(site.id) disagree: \(odd.joined(separator: ", "))"
            }
            expected = (site.id, agents)
        }
        return nil
    }
}
