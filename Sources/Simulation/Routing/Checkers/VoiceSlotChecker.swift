import ContactCenter
import Kernel
import SiteCore

/// An agent's capacity is never exceeded: a call takes all of it, so no agent of a site is joined with two callers.
struct VoiceSlotChecker: ClusterChecker {
    let name = "capacity"

    mutating func anytime(_ cluster: SimulatedCluster) -> String? {
        for site in cluster.sites {
            guard let machine = site.machine else { continue }
            var joined: [AgentID: ContactID] = [:]
            for leg in machine.joinedLegs {
                if let other = joined[leg.agent] {
                    return "\(leg.agent) at \(site.id) talks with \(other) and \(leg.contact)"
                }
                joined[leg.agent] = leg.contact
            }
        }
        return nil
    }
}
