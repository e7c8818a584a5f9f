import Kernel

/// One blob on its way here.
struct BlobFetch: Sendable {
    /// What is being waited for.
    enum Phase: Hashable, Sendable {
        /// Room among the fetches under way.
        case queued
        /// The disk says how much of it is here.
        case looking
        /// Peers say whether they have it; `isRelayed` when they were asked to get it.
        case asking(until: Instant, isRelayed: Bool)
        /// A peer's part.
        case reading(SiteID, request: UInt64, until: Instant)
        /// The disk takes a part.
        case writing(SiteID)
        /// Nobody has it, or whoever has it is left alone for a while.
        case resting(until: Instant)
    }

    var phase = Phase.queued
    /// The job that the disk has of it.
    var job: UInt64 = 0
    /// Bytes on disk.
    var length = 0
    var size: Int?
    /// Peers that were asked in this round and have not answered.
    var unanswered: Set<SiteID> = []
    /// Peers that have it.
    var holders: Set<SiteID> = []
    /// Peers that try to get it for this site.
    var helpers: Set<SiteID> = []
    /// Peers that gave bytes of what is on disk.
    var contributors: Set<SiteID> = []
    /// Some of what is on disk was there before this life of the site.
    var isResumed = false
    /// How often a peer had a share in wrong content.
    var suspicion: [SiteID: Int] = [:]
    var mismatches = 0
    var lastFailure = BlobFailure.nobodyHasIt
    /// Over how many sites peers may look for it.
    var relay: Int
    /// Until when somebody here wants it; nil when only peers do.
    var wantedUntil: Instant?
    /// Peers for whom it is fetched, and until when they want it.
    var askers: [SiteID: Instant] = [:]

    init(relay: Int) {
        self.relay = relay
    }

    /// True while it takes part of what disk and links can do.
    var isActive: Bool {
        switch phase {
        case .queued, .resting: false
        case .looking, .asking, .reading, .writing: true
        }
    }

    var donor: SiteID? {
        switch phase {
        case .reading(let peer, _, _), .writing(let peer): peer
        default: nil
        }
    }

    var deadline: Instant? {
        switch phase {
        case .asking(let until, _), .reading(_, _, let until), .resting(let until): until
        case .queued, .looking, .writing: nil
        }
    }

    /// True while anybody wants it.
    func isWanted(at now: Instant) -> Bool {
        wantedUntil.map { now < $0 } ?? false || askers.values.contains { now < $0 }
    }

    /// Begins anew after wrong content.
    mutating func startOver() {
        length = 0
        size = nil
        contributors = []
        isResumed = false
        mismatches += 1
    }
}
