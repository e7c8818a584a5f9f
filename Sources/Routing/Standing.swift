import ContactCenter
import Kernel

/// A free and fit agent as it stands among those of all sites.
struct Standing: Hashable, Comparable, Sendable {
    let load: Int64
    let since: Int64
    let isRemote: Bool
    let agent: AgentID

    /// Distance counts as handling time where that decides, else as time less idle.
    init(_ free: FreeAgent, isRemote: Bool, strategy: RoutingStrategy, distance: Span) {
        let penalty = isRemote ? distance.milliseconds : 0
        load = strategy == .leastHandlingTime ? free.load &+ penalty : free.load
        since = strategy == .leastHandlingTime ? free.since : free.since &+ penalty
        self.isRemote = isRemote
        agent = free.agent
    }

    static func < (left: Standing, right: Standing) -> Bool {
        if left.load != right.load { return left.load < right.load }
        if left.since != right.since { return left.since < right.since }
        if left.isRemote != right.isRemote { return right.isRemote }
        return left.agent < right.agent
    }
}
