import Kernel
import SiteCore

/// A promise that a cluster makes, checked while it runs and once more at its end.
///
/// A new promise is a new file. A checker only looks.
protocol ClusterChecker: Sendable {
    /// The promise's name in reports.
    var name: String { get }
    /// Must hold after every event; says what is wrong.
    mutating func anytime(_ cluster: SimulatedCluster) -> String?
    /// Must hold once the healed cluster is at rest; says what is wrong.
    func finally(_ cluster: SimulatedCluster) -> String?
}

extension ClusterChecker {
    mutating func anytime(_ cluster: SimulatedCluster) -> String? { nil }
    func finally(_ cluster: SimulatedCluster) -> String? { nil }
}

/// All promises, in the order in which they are checked.
struct ClusterCheckers: Sendable {
    private var checkers: [any ClusterChecker] = [
        SingleBookingChecker(), IsolatedSiteChecker(), EndsOnceChecker(), NoAlarmChecker(), NobodyStuckChecker(),
        PromisesKeptChecker(), EqualRecordsChecker(), CountedOnceChecker(), PresenceAgreesChecker(),
        NoGhostCallsChecker(), NobodyForgottenChecker(), LinesAgreeChecker(),
    ]

    mutating func anytime(_ cluster: SimulatedCluster) -> (checker: String, message: String)? {
        for index in checkers.indices {
            if let message = checkers[index].anytime(cluster) { return (checkers[index].name, message) }
        }
        return nil
    }

    func finally(_ cluster: SimulatedCluster) -> (checker: String, message: String)? {
        for checker in checkers {
            if let message = checker.finally(cluster) { return (checker.name, message) }
        }
        return nil
    }
}
