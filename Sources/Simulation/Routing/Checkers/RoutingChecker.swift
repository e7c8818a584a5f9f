import Kernel
import SiteCore

/// The promises that only a routing run checks; those of every run are in `ClusterCheckers`.
struct RoutingCheckers: Sendable {
    private var slots = VoiceSlotChecker()
    private var bound = WaitingBoundChecker()

    /// What the checkers have met that is rare and allowed.
    var branches: [String: Int] { bound.branches }

    mutating func anytime(_ cluster: SimulatedCluster) -> (checker: String, message: String)? {
        if let message = slots.anytime(cluster) { return (slots.name, message) }
        if let message = bound.anytime(cluster) { return (bound.name, message) }
        return nil
    }
}
