package import Kernel

/// The bounds of failure detection.
package struct DetectorBounds: Hashable, Sendable {
    /// Sets of bounds for kinds of networks.
    package enum Profile: String, Hashable, Sendable, CaseIterable {
        /// Sites with dependable lines, a few hundred milliseconds apart at most.
        case lan
        /// Sites far apart, or over lines that fail for seconds.
        case wan
    }

    /// Between heartbeats.
    package var heartbeat: Span
    /// Not heard this long: suspect, unless heartbeats usually come less evenly.
    package var suspectAfter: Span
    /// However unevenly heartbeats come, not heard this long is suspect.
    package var suspectAtMost: Span
    /// Unreachable so long after the first heartbeat that did not come, when witnesses have answered.
    package var unreachableAfter: Span
    /// The same while no witness has answered: perhaps it is this site that cannot hear.
    package var unreachableAtMost: Span
    /// Unreachable so long after its link was reset, when the links of all witnesses were reset as well.
    package var lossConfirmed: Span

    /// Makes bounds; the defaults are those of `lan`.
    package init(
        heartbeat: Span = .milliseconds(500),
        suspectAfter: Span = .milliseconds(1_500),
        suspectAtMost: Span = .seconds(3),
        unreachableAfter: Span = .milliseconds(4_500),
        unreachableAtMost: Span = .seconds(6),
        lossConfirmed: Span = .seconds(2)
    ) {
        self.heartbeat = heartbeat
        self.suspectAfter = suspectAfter
        self.suspectAtMost = suspectAtMost
        self.unreachableAfter = unreachableAfter
        self.unreachableAtMost = unreachableAtMost
        self.lossConfirmed = lossConfirmed
    }

    /// The bounds of a profile.
    package init(_ profile: Profile) {
        switch profile {
        case .lan: self = .lan
        case .wan: self = .wan
        }
    }

    /// Bounds of a profile with an operator's own spans of silence; the others keep their proportion to them.
    package init(_ profile: Profile, suspectAfter: Span, unreachableAfter: Span) {
        self.init(profile)
        let (unreachable, suspect) = (self.unreachableAfter, self.suspectAfter)
        unreachableAtMost = Self.scaled(unreachableAtMost, unreachableAfter, over: unreachable)
        lossConfirmed = Self.scaled(lossConfirmed, unreachableAfter, over: unreachable)
        suspectAtMost = max(
            suspectAfter,
            min(Self.scaled(suspectAtMost, suspectAfter, over: suspect), unreachableAfter)
        )
        self.suspectAfter = suspectAfter
        self.unreachableAfter = unreachableAfter
    }

    private static func scaled(_ span: Span, _ up: Span, over down: Span) -> Span {
        .milliseconds(span.milliseconds * up.milliseconds / max(down.milliseconds, 1))
    }

    /// For sites with dependable lines: suspect after 1.5 s, unreachable after 4.5 s.
    package static let lan = DetectorBounds()
    /// For lines that fail for seconds: suspect after 3 s, unreachable after 9 s.
    package static let wan = DetectorBounds(
        suspectAfter: .seconds(3),
        suspectAtMost: .seconds(6),
        unreachableAfter: .seconds(9),
        unreachableAtMost: .seconds(12),
        lossConfirmed: .seconds(4)
    )
}
