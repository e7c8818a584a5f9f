import Kernel
import Replication
import SiteCore

/// A site that is cut off offers nothing to agents of other sites: to it they are unknown, not free.
struct IsolatedSiteChecker: ClusterChecker {
    let name = "isolated site keeps to itself"
    /// The longest that an end takes to notice a cut in this simulation, and what was planned before.
    private static let noticed = Span.seconds(4)
    private var downSince: [String: Instant] = [:]

    mutating func anytime(_ cluster: SimulatedCluster) -> String? {
        for link in cluster.links.values {
            for end in [link.low, link.high] {
                let way = "\(end)>\(link.other(than: end))"
                if link.session != nil {
                    downSince[way] = nil
                } else if downSince[way] == nil {
                    downSince[way] = cluster.now
                }
            }
        }
        for (site, directive) in cluster.lastDirectives {
            guard case .sendFrame(.message, let peer) = directive,
                let other = cluster.sites.firstIndex(where: { $0.id == peer }),
                let since = downSince["\(site)>\(other)"], cluster.now - since > Self.noticed
            else { continue }
            return "\(cluster.sites[site].id) talks to \(peer) over a link that is down"
        }
        return nil
    }
}
