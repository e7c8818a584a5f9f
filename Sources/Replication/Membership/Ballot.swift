package import Kernel

/// One attempt to get a decision: its round, and the site that attempts it.
package struct Ballot: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Counts attempts; a higher one overtakes.
    package let round: UInt64
    /// Who attempts; makes ballots of two sites different.
    package let site: SiteID

    /// Describes a ballot.
    package init(round: UInt64, site: SiteID) {
        self.round = round
        self.site = site
    }

    /// Orders by round, then site.
    package static func < (left: Ballot, right: Ballot) -> Bool {
        (left.round, left.site) < (right.round, right.site)
    }

    /// For people: `3/north`.
    package var description: String { "\(round)/\(site)" }
}

/// A decision that a site agreed to in a ballot; not yet decided for that alone.
package struct AcceptedDecision: Hashable, Sendable {
    /// In which ballot.
    package let ballot: Ballot
    /// To what.
    package let decision: MembershipDecision

    /// Describes it.
    package init(ballot: Ballot, decision: MembershipDecision) {
        self.ballot = ballot
        self.decision = decision
    }
}
