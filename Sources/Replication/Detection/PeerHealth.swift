package import Kernel

/// How a peer looks from here.
package struct PeerHealth: Hashable, Sendable {
    /// Whether it can be reached directly.
    package enum Standing: String, Hashable, Sendable {
        /// Heard within the bound.
        case up
        /// Not heard for a while, or its link is gone: do not start anything new with it.
        case suspect
        /// Not heard for so long that it must be counted out.
        case unreachable
    }

    /// What is probably the matter with a peer that is not up.
    package enum Cause: String, Hashable, Sendable {
        /// Nothing.
        case none
        /// The link between here and there: another site still hears it.
        case link
        /// The site itself, as far as anybody tells.
        case site
    }

    /// Which peer.
    package let site: SiteID
    /// Whether it can be reached.
    package let standing: Standing
    /// What is the matter.
    package let cause: Cause
    /// Since when it stands so.
    package let since: Instant
    /// When it was heard last; nil when never.
    package let lastHeard: Instant?
    /// The last round trip measured.
    package let roundTrip: Span?
    /// Which life of it was heard last.
    package let incarnation: UInt64

    /// Describes a peer.
    package init(
        site: SiteID,
        standing: Standing,
        cause: Cause,
        since: Instant,
        lastHeard: Instant?,
        roundTrip: Span?,
        incarnation: UInt64
    ) {
        self.site = site
        self.standing = standing
        self.cause = cause
        self.since = since
        self.lastHeard = lastHeard
        self.roundTrip = roundTrip
        self.incarnation = incarnation
    }
}

/// What is known of the link between two sites.
package struct LinkHealth: Hashable, Sendable {
    /// Whether a link works.
    package enum State: String, Hashable, Sendable {
        /// The near site hears the far one.
        case up
        /// It does not.
        case down
        /// Nobody tells.
        case unknown
    }

    /// The site that tells.
    package let from: SiteID
    /// The site that it hears, or not.
    package let to: SiteID
    /// Whether it does.
    package let state: State
    /// Since when, as seen here.
    package let since: Instant
    /// The round trip, where this site is an end of the link.
    package let roundTrip: Span?

    /// Describes a link.
    package init(from: SiteID, to: SiteID, state: State, since: Instant, roundTrip: Span?) {
        self.from = from
        self.to = to
        self.state = state
        self.since = since
        self.roundTrip = roundTrip
    }
}
