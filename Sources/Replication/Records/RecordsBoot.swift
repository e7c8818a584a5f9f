package import Kernel

/// What the records know when a site starts.
package struct RecordsBoot: Sendable {
    /// Who this site is and what it has on disk.
    package var hello: Hello
    /// The sites that the configuration names as the cluster's, this one included: the founding members.
    package var founders: [SiteID]
    /// What each peer said last that it has on disk, and when.
    package var peerVectors: [SiteID: MemberProgress]
    /// True when the disk was set back, so that what this site promised in votes is forgotten.
    package var wasSetBack: Bool
    /// The state of membership as it was saved; nil on a first start.
    package var membership: [UInt8]?
    /// When held-back ops may be applied; nil when none is held back.
    package var releaseAt: WallTime?
    /// True when a snapshot was being taken in.
    package var isJoining: Bool
    /// True when this site was added to a cluster that exists: it learns from the others who belongs.
    package var isNewcomer: Bool
    /// Times that an operator may set.
    package var settings: RecordsSettings
    /// Where chance comes from.
    package var random: SeededRandom

    /// Describes a start.
    package init(
        hello: Hello,
        founders: [SiteID],
        peerVectors: [SiteID: MemberProgress] = [:],
        wasSetBack: Bool = false,
        membership: [UInt8]? = nil,
        releaseAt: WallTime? = nil,
        isJoining: Bool = false,
        isNewcomer: Bool = false,
        settings: RecordsSettings = RecordsSettings(),
        random: SeededRandom
    ) {
        self.hello = hello
        self.founders = founders
        self.peerVectors = peerVectors
        self.wasSetBack = wasSetBack
        self.membership = membership
        self.releaseAt = releaseAt
        self.isJoining = isJoining
        self.isNewcomer = isNewcomer
        self.settings = settings
        self.random = random
    }
}

/// Times of the records that an operator may set.
package struct RecordsSettings: Hashable, Sendable {
    /// How long ops stay in the log after every counted member has them.
    package var logRetention = Limits.logRetention

    /// Makes settings with the defaults.
    package init() {
    }
}
