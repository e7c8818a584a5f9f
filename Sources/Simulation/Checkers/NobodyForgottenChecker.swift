import ContactCenter
import Kernel
import SiteCore

/// Whoever waits on the line is looked after, and no customer's call ends because somebody passed it on.
struct NobodyForgottenChecker: ClusterChecker {
    let name = "nobody is forgotten"
    private static let between = Span.milliseconds(500)
    /// What is decided within one event may show in between two of them.
    private static let decided = Span.seconds(2)
    private var lookAgainAt = Instant.zero
    private var since: [ContactID: Instant] = [:]
    /// Calls that agents made: those may end by being passed on.
    private var own: Set<String> = []

    mutating func anytime(_ cluster: SimulatedCluster) -> String? {
        if let lost = lostByPassing(cluster) { return lost }
        guard cluster.now >= lookAgainAt else { return nil }
        lookAgainAt = cluster.now + Self.between
        var seen: [ContactID: Instant] = [:]
        for site in cluster.sites {
            for contact in site.machine?.forgottenContacts ?? [] {
                let from = since[contact] ?? cluster.now
                seen[contact] = from
                if cluster.now - from > Self.decided { return "\(contact) waits, and nobody looks for an agent" }
            }
        }
        since = seen
        return nil
    }

    private mutating func lostByPassing(_ cluster: SimulatedCluster) -> String? {
        for (_, directive) in cluster.lastDirectives {
            guard case .log(let line) = directive else { continue }
            let fields = Dictionary(line.fields.map { ($0.name, $0.value) }) { first, _ in first }
            switch line.event {
            case "contact.consult": own.insert(fields["as"] ?? "")
            case "contact.dial", "contact.dialled": own.insert(fields["contact"] ?? "")
            case "contact.ended":
                guard fields["reason"]?.hasPrefix("passed on") == true, let contact = fields["contact"],
                    !own.contains(contact)
                else {
                    break
                }
                return "\(contact) ended because it was passed on"
            default: break
            }
        }
        return nil
    }
}
