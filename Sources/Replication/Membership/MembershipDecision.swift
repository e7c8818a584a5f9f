package import Kernel

/// A numbered change of who belongs to the cluster.
///
/// Number 0 stands for the founders; 1, 2, 3 … are decided one after the other, each by a majority of those that
/// were not retired before it, or by one operator's word (`isForced`).
package struct MembershipDecision: Hashable, Sendable {
    /// Its number, from 1.
    package let number: UInt64
    /// Which site it is about.
    package let site: SiteID
    /// What changes.
    package let change: MembershipChange
    /// Who asked for it.
    package let actor: Actor
    /// When it was asked for.
    package let at: HybridTimestamp
    /// True when one site decided it alone, because its operator said so.
    package let isForced: Bool
    /// The site where it was asked for.
    package let proposer: SiteID

    /// Describes a decision.
    package init(
        number: UInt64,
        site: SiteID,
        change: MembershipChange,
        actor: Actor,
        at: HybridTimestamp,
        isForced: Bool,
        proposer: SiteID
    ) {
        self.number = number
        self.site = site
        self.change = change
        self.actor = actor
        self.at = at
        self.isForced = isForced
        self.proposer = proposer
    }

    /// True when this one is kept where both were decided for one number.
    ///
    /// That can only happen by force. What a majority decided beats what was forced; of two forced ones that of
    /// the site whose name comes first is kept, whatever the clocks said.
    package func beats(_ other: MembershipDecision) -> Bool {
        if isForced != other.isForced { return !isForced }
        if proposer != other.proposer { return proposer < other.proposer }
        if at != other.at { return at < other.at }
        if site != other.site { return site < other.site }
        if change != other.change { return change.rawValue < other.change.rawValue }
        return actor.name < other.actor.name
    }
}

/// How far a history of decisions reaches, and a hash over all of it.
///
/// Told in hellos and beacons: equal heads are equal histories.
package struct DecisionHead: Hashable, Sendable {
    /// The number of the newest decision; 0 when there is none.
    package let number: UInt64
    /// A hash over the founders and every decision up to the newest.
    package let lineage: [UInt8]

    /// Describes a head.
    package init(number: UInt64, lineage: [UInt8]) {
        self.number = number
        self.lineage = lineage
    }
}
