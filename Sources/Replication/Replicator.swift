package import Kernel

/// Anti-entropy as a value: what to send to whom so that all sites get all ops.
package struct Replicator: Sendable {
    /// When to send `.timer`; nil when there is nothing to wait for.
    package private(set) var nextDeadline: Instant?
    /// What each peer said that it has on disk.
    package private(set) var peerVectors: [SiteID: VersionVector] = [:]

    /// Starts without links; `hello` says who this site is and what it has on disk.
    package init(hello: Hello) {
    }

    /// Takes an event.
    package mutating func handle(_ event: ReplicatorEvent, at now: Moment) -> [ReplicatorDirective] {
        []
    }
}
