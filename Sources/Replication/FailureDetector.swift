package import Kernel

/// Tells which peers can be reached, and a cut link from a dead site.
package struct FailureDetector: Sendable {
    /// When to send `.timer`.
    package private(set) var nextDeadline: Instant?

    /// Watches these peers; all of them count as unreachable until they are heard.
    package init(site: SiteID, incarnation: UInt64, peers: [SiteID], bounds: DetectorBounds, now: Instant) {
    }

    /// Takes an event.
    package mutating func handle(_ event: DetectorEvent, at now: Instant) -> [DetectorDirective] {
        []
    }

    /// How each peer looks, sorted by site.
    package var peers: [PeerHealth] { [] }

    /// What is known of the links of every pair of sites, sorted.
    package func links() -> [LinkHealth] { [] }
}
