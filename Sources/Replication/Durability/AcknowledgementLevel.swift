package import Kernel

/// On how many disks a command is before it is confirmed.
package enum AcknowledgementLevel: UInt8, Hashable, Comparable, Sendable, CaseIterable {
    /// On this site's.
    case local = 1
    /// Also on that of one other member.
    case one = 2
    /// On those of most counted sites.
    case majority = 3

    /// Orders by strength.
    package static func < (left: AcknowledgementLevel, right: AcknowledgementLevel) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What came of the wish to wait.
package enum AcknowledgementWait: Hashable, Sendable {
    /// The level asked for is reached already.
    case reached
    /// A resolution follows, at the deadline at the latest.
    case waiting
    /// This level cannot be had; the op is at `.local` all the same.
    case refused(AcknowledgementRefusal)
}

/// Why a level cannot be had.
package enum AcknowledgementRefusal: Hashable, Sendable, CustomStringConvertible {
    /// This site's clock is off: what it stamps now may be held back elsewhere for long.
    case clockNotTrusted
    /// There is no other member whose disk could be counted.
    case noOtherMember
    /// Too many commands wait already.
    case tooManyWaiting

    /// One sentence without a full stop.
    package var description: String {
        switch self {
        case .clockNotTrusted: "this site's clock is off, so it confirms changes on its own disk only"
        case .noOtherMember: "this site is alone in its cluster; there is no other disk"
        case .tooManyWaiting: "\(Limits.acknowledgementsMax) changes wait for other sites already"
        }
    }
}

/// The end of a wait.
package struct AcknowledgementResolution: Hashable, Sendable {
    /// Who waited: the id given with `wait`.
    package let id: UInt64
    /// The op.
    package let dot: Dot
    /// The level asked for.
    package let asked: AcknowledgementLevel
    /// The level reached, never above the one asked for; below it when the time was up.
    package let reached: AcknowledgementLevel

    /// Describes a resolution.
    package init(id: UInt64, dot: Dot, asked: AcknowledgementLevel, reached: AcknowledgementLevel) {
        self.id = id
        self.dot = dot
        self.asked = asked
        self.reached = reached
    }
}
