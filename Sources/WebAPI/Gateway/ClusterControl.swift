package import Kernel

/// Tells of the cluster as this site knows it, and asks its members for decisions.
package protocol ClusterControl: Sendable {
    /// Who belongs, how far each has come, and how this site's records do.
    func cluster() async throws -> ClusterResource
    /// Decides with the other members on a change; throws `.refused` with one sentence when it came to nothing.
    func decide(_ wish: MembershipWish, by actor: Actor) async throws -> MembershipDecisionResource
    /// Waits until an op of this site's disk has got as far as asked, or the time is up; throws `.notFound` for one
    /// that is not here.
    func acknowledgement(of dot: Dot, _ wish: AcknowledgementWish) async throws -> AcknowledgementResource
}

/// What somebody wants to change about who belongs to the cluster.
package struct MembershipWish: Hashable, Sendable {
    /// What a decision does.
    package enum Change: String, Codable, Hashable, Sendable, CaseIterable {
        /// A site that the cluster does not know becomes active.
        case add
        /// An active site takes no new contacts.
        case drain
        /// A draining or suspended site becomes active again.
        case activate
        /// A site does not count any more until it is activated.
        case suspend
        /// A site leaves for good.
        case retire
    }

    /// About which site.
    package var site: SiteID
    /// What changes.
    package var change: Change
    /// True for the operator's word that those who are silent are gone.
    package var isForced: Bool

    /// Puts one together.
    package init(site: SiteID, change: Change, isForced: Bool) {
        self.site = site
        self.change = change
        self.isForced = isForced
    }
}
