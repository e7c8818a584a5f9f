package import Kernel

/// Why a change of the membership is not possible, or a site is not talked to.
package enum MembershipRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The site is not known.
    case notAMember(SiteID)
    /// The site is known already.
    case alreadyAMember(SiteID, MemberState)
    /// The site left for good; its name is not used again.
    case retired(SiteID, by: UInt64)
    /// The change does not apply to a site in this state.
    case notIn(SiteID, MemberState, MembershipChange)
    /// Without this site no active one would be left.
    case lastActive(SiteID)
    /// There are as many sites as a cluster can have.
    case tooManySites
    /// The history of decisions is full.
    case tooManyDecisions
    /// The decision does not follow the newest one.
    case outOfTurn(UInt64, expected: UInt64)

    /// One sentence without a full stop.
    package var description: String {
        switch self {
        case .notAMember(let site):
            "\(site) is not a member of this cluster"
        case .alreadyAMember(let site, let state):
            "\(site) is a member already; it is \(state.rawValue)"
        case .retired(let site, let number):
            "\(site) was retired by decision \(number); a retired name is not used again"
        case .notIn(let site, let state, let change):
            state == change.state
                ? "\(site) is \(state.rawValue) already"
                : "\(site) is \(state.rawValue), so it cannot become \(change.state.rawValue)"
        case .lastActive(let site):
            "\(site) is the only active site"
        case .tooManySites:
            "a cluster has at most \(Limits.sitesMax) sites"
        case .tooManyDecisions:
            "the history holds \(Limits.membershipDecisionsMax) decisions and is full"
        case .outOfTurn(let number, let expected):
            "decision \(number) came where \(expected) was expected"
        }
    }
}
