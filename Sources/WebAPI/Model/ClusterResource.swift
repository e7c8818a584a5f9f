/// The cluster as the serving site knows it; what `tandem cluster members` prints.
package struct ClusterResource: Codable, Hashable, Sendable {
    /// The serving site.
    package var site: String
    /// The name under which it writes: site and epoch.
    package var origin: String
    /// The epoch: it rises when the site lost its disk or was set back to a backup.
    package var epoch: UInt32
    /// The number of the newest decision on membership.
    package var decisions: UInt64
    /// True when the serving site has a vote.
    package var voting: Bool
    /// All sites that ever belonged, by name.
    package var members: [ClusterMemberResource]
    /// The newest op of each origin that is applied here.
    package var vector: [String: UInt64]
    /// Of each origin the newest op that the log does not hold any more.
    package var floor: [String: UInt64]
    /// Of each origin the newest op that every counted member has; null until that is known.
    @Nullable package var stable: [String: UInt64]?
    /// A digest of all documents at `vector`, hexadecimal.
    ///
    /// Equal vectors have equal digests. Null while it is not known.
    @Nullable package var digest: String?
    /// When the first op that is held back, because its stamp lies in the future, is applied.
    @Nullable package var releaseAt: Timestamp?
    /// Health of records, as in the site's status.
    package var health: RecordsHealthResource

    /// Puts one together.
    package init(
        site: String,
        origin: String,
        epoch: UInt32,
        decisions: UInt64,
        voting: Bool,
        members: [ClusterMemberResource],
        vector: [String: UInt64],
        floor: [String: UInt64],
        stable: [String: UInt64]?,
        digest: String?,
        releaseAt: Timestamp?,
        health: RecordsHealthResource
    ) {
        self.site = site
        self.origin = origin
        self.epoch = epoch
        self.decisions = decisions
        self.voting = voting
        self.members = members
        self.vector = vector
        self.floor = floor
        self.stable = stable
        self.digest = digest
        self.releaseAt = releaseAt
        self.health = health
    }
}

/// A site that belongs to the cluster, or did.
package struct ClusterMemberResource: Codable, Hashable, Sendable {
    /// The site.
    package var site: String
    /// `active`, `draining`, `suspended` or `retired`.
    package var state: String
    /// True when there is a link with it now; true for the serving site.
    package var linked: Bool
    /// When it was last heard.
    @Nullable package var heardAt: Timestamp?
    /// Ops that the serving site has and it lacks, as far as known.
    package var opsMissing: UInt64
    /// Its clock as it looks from here; null without samples.
    @Nullable package var clock: PeerClockResource?
    /// The decision that made it so; null for a founder that nothing was decided about.
    @Nullable package var decision: MembershipDecisionResource?

    /// Puts one together.
    package init(
        site: String,
        state: String,
        linked: Bool,
        heardAt: Timestamp?,
        opsMissing: UInt64,
        clock: PeerClockResource?,
        decision: MembershipDecisionResource?
    ) {
        self.site = site
        self.state = state
        self.linked = linked
        self.heardAt = heardAt
        self.opsMissing = opsMissing
        self.clock = clock
        self.decision = decision
    }
}

/// A numbered decision on who belongs to the cluster.
package struct MembershipDecisionResource: Codable, Hashable, Sendable {
    /// Its number, from 1.
    package var number: UInt64
    /// About which site.
    package var site: String
    /// What changed.
    package var change: MembershipWish.Change
    /// Who asked for it.
    package var by: String
    /// When.
    package var at: Timestamp
    /// True when one site decided it alone on its operator's word.
    package var forced: Bool
    /// The site where it was asked for.
    package var proposer: String

    /// Puts one together.
    package init(
        number: UInt64,
        site: String,
        change: MembershipWish.Change,
        by: String,
        at: Timestamp,
        forced: Bool,
        proposer: String
    ) {
        self.number = number
        self.site = site
        self.change = change
        self.by = by
        self.at = at
        self.forced = forced
        self.proposer = proposer
    }
}
