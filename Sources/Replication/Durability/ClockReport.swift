package import Kernel

/// What a site's idea of the time rests on.
package enum ClockBasis: Hashable, Sendable {
    /// Most of the clocks heard, this one included, agree.
    case agreed(sources: Int, of: Int)
    /// No two clocks agree, or no most of them; the last agreement is carried on by the monotonic clock.
    case disputed
    /// No other clock was heard lately; the last agreement, if there was one, is carried on.
    case alone
}

/// How a peer's clock looks from here.
package struct PeerClock: Hashable, Sendable {
    /// Which peer.
    package let site: SiteID
    /// Its clock minus this site's.
    package let offset: Span
    /// How wrong that may be: half the round trip and what quartzes drift.
    package let error: Span
    /// How long ago that was measured.
    package let age: Span
    /// True when it is further from the agreed time than a stamp may be ahead.
    package let isOff: Bool

    /// Describes a peer's clock.
    package init(site: SiteID, offset: Span, error: Span, age: Span, isOff: Bool) {
        self.site = site
        self.offset = offset
        self.error = error
        self.age = age
        self.isOff = isOff
    }
}

/// A change that the operator should hear of.
package enum ClockAlarm: Hashable, Sendable {
    /// This site's clock is off by so much; above 0 when it is ahead.
    case ownClockOff(by: Span)
    /// This site's clock is right again.
    case ownClockRight
    /// A peer's clock is off by so much from the agreed time; while nobody can tell whose is, from this site's.
    case peerClockOff(SiteID, by: Span)
    /// A peer's clock is right again, or its site is no member any more.
    case peerClockRight(SiteID)
}
