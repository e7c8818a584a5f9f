import SiteCore
import ContactCenter
import Kernel

/// An agent is promised to one contact at a time, and a contact talks with one agent.
///
/// Two sites that cannot see each other may each hold a login of one agent; the promises of one login are exact,
/// and so is what is joined: only the contact's own site joins, and it joins once. Sites that do see each other
/// must agree on the login within moments.
struct SingleBookingChecker: ClusterChecker {
    let name = "single booking"
    /// How long two linked sites may both hold an agent: for presence to travel and links to notice.
    private static let agreed = Span.seconds(5)
    private var doubleSince: [AgentID: Instant] = [:]

    mutating func anytime(_ cluster: SimulatedCluster) -> String? {
        var promised: Set<String> = []
        var joined: [ContactID: AgentID] = [:]
        var holders: [AgentID: [Int]] = [:]
        for (index, site) in cluster.sites.enumerated() {
            guard let machine = site.machine else { continue }
            for promise in machine.promises {
                holders[promise.agent, default: []].append(index)
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
        return heldTwice(holders, cluster)
    }

    private mutating func heldTwice(_ holders: [AgentID: [Int]], _ cluster: SimulatedCluster) -> String? {
        for agent in Set(doubleSince.keys).union(holders.keys).sorted() {
            let sites = holders[agent] ?? []
            let isSeen = sites.contains { one in
                sites.contains { one < $0 && cluster.links[cluster.key(one, $0)]?.session != nil }
            }
            guard isSeen else {
                doubleSince[agent] = nil
                continue
            }
            let since = doubleSince[agent] ?? cluster.now
            doubleSince[agent] = since
            if cluster.now - since > Self.agreed { return "\(agent) is promised at two sites that see each other" }
        }
        return nil
    }
}
