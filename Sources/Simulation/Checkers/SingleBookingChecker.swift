import SiteCore
import ContactCenter
import Kernel

/// An agent is promised to one contact at a time, and a contact talks with one agent.
///
/// Two sites that cannot see each other may each hold a login of one agent; the promises of one login are exact,
/// and so is what is joined: only the contact's own site joins, and it joins once.
struct SingleBookingChecker: ClusterChecker {
    let name = "single booking"

    mutating func anytime(_ cluster: SimulatedCluster) -> String? {
        var promised: Set<String> = []
        var joined: [ContactID: AgentID] = [:]
        for site in cluster.sites {
            guard let machine = site.machine else { continue }
            for promise in machine.promises {
                let login = "\(promise.agent)/\(promise.loginEpoch)/\(site.id)"
                guard promised.insert(login).inserted else { return "\(login) is promised twice" }
            }
            for leg in machine.joinedLegs {
                if let other = joined[leg.contact] {
                    return "\(leg.contact) talks with \(other) and \(leg.agent)"
                }
                joined[leg.contact] = leg.agent
            }
        }
        return nil
    }
}
