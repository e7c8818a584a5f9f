package import Kernel

/// Who is where and in which state, at all sites: written by its own site only, spread to all.
package struct PresenceTable: Sendable {
    /// When to send `.timer`; nil when there is nothing to wait for.
    package private(set) var nextDeadline: Instant?

    /// Starts with nothing, in this life of the site.
    package init(site: SiteID, incarnation: UInt64) {
    }

    /// Sets an entry of this site, or removes it with nil.
    package mutating func set(_ key: PresenceKey, _ fields: FieldMap?, at now: Instant) -> [PresenceDirective] {
        []
    }

    /// Takes an event.
    package mutating func handle(_ event: PresenceEvent, at now: Instant) -> [PresenceDirective] {
        []
    }

    /// All entries of a kind at all sites, sorted by site and key.
    package func entries(kind: UInt8, at now: Instant) -> [PresenceView] {
        []
    }

    /// One entry.
    package func entry(_ key: PresenceKey, of site: SiteID, at now: Instant) -> PresenceView? {
        nil
    }

    /// How long ago a site's presence was known to be the newest; nil when it was never heard.
    package func age(of site: SiteID, at now: Instant) -> Span? {
        nil
    }
}
