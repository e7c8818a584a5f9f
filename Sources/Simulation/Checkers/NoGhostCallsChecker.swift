import Kernel
import SiteCore

/// Every call at a telephone is one that some site has in hand, and every leg of a site belongs to a call.
struct NoGhostCallsChecker: ClusterChecker {
    let name = "no ghost calls"
    /// How long a telephone may think that it talks: BYE is repeated for half a minute.
    private static let noticed = Span.seconds(20)
    private static let between = Span.seconds(1)
    private var lookAgainAt = Instant.zero
    private var since: [String: Instant] = [:]

    mutating func anytime(_ cluster: SimulatedCluster) -> String? {
        guard cluster.now >= lookAgainAt else { return nil }
        lookAgainAt = cluster.now + Self.between
        var known: Set<String> = []
        for site in cluster.sites {
            guard let calls = site.machine?.callIDs else { continue }
            if let stray = calls.stray.first { return "\(site.id) has the leg \(stray) for nobody" }
            known.formUnion(calls.known)
        }
        var seen: [String: Instant] = [:]
        for line in cluster.openLines where !known.contains(line.callID) && !line.isForgotten && line.talksSince != nil
        {
            guard cluster.soundSince != nil else { continue }
            let from = since[line.callID] ?? cluster.now
            seen[line.callID] = from
            if cluster.now - from > Self.noticed { return "\(line.name) talks in a call that no site knows" }
        }
        since = seen
        return nil
    }
}
