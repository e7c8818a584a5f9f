package import Kernel

/// What people are told about a site's records.
package struct RecordsStatus: Hashable, Sendable {
    /// One site of the cluster.
    package struct Member: Hashable, Sendable {
        /// Which.
        package let site: SiteID
        /// How it belongs.
        package let state: MemberState
        /// The decision that made it so; nil for founders as they began.
        package let decision: MembershipDecision?
        /// True when there is a link with it now; true for this site.
        package let isLinked: Bool
        /// What it said last that it has on disk; nil when it was never heard.
        package let durable: VersionVector?
        /// When it was heard last; nil when it was never heard.
        package let heardAt: WallTime?
        /// How many ops it lacks of those here.
        package let missing: UInt64
        /// How its clock looks; nil without samples.
        package let clock: PeerClock?
    }

    /// Under which name the site writes.
    package let origin: Origin
    /// What is applied.
    package let vector: VersionVector
    /// What the log no longer reaches back before.
    package let floor: VersionVector
    /// What every counted member has; nil until it was worked out.
    package let stable: VersionVector?
    /// The root of the digest at `vector`; nil while it is not known.
    package let digest: DocumentHash?
    /// All members, sorted.
    package let members: [Member]
    /// The newest decision's number.
    package let decisions: UInt64
    /// True when this site has a vote in decisions.
    package let isVoting: Bool
    /// What this site's idea of the time rests on.
    package let clockBasis: ClockBasis
    /// What must be added to this site's clock for the agreed time; nil when there never was an agreement.
    package let clockOffset: Span?
    /// False while this site's clock is too far off to promise anything beyond its own disk.
    package let isClockTrusted: Bool
    /// When held-back ops may be applied; nil when none is held back.
    package let releaseAt: WallTime?
    /// Origins of which nothing more is applied, because two histories of them exist; sorted.
    package let halted: [Origin]
    /// Snapshots, repair and scrub.
    package let transfer: TransferStatus
}

extension RecordsMachine {
    /// What people are told.
    package var status: RecordsStatus {
        let clocks = Dictionary(clock.peers.map { ($0.site, $0) }, uniquingKeysWith: { $1 })
        let membership = decisions.membership
        let members = membership.sites.map { member in
            let known = progress[member]
            let has = known?.vector ?? VersionVector()
            let missing = vector.heads.reduce(UInt64(0)) { sum, head in
                sum + (head.sequence > has[head.origin] ? head.sequence - has[head.origin] : 0)
            }
            return RecordsStatus.Member(
                site: member,
                state: membership.state(of: member) ?? .active,
                decision: membership.latestDecision(on: member),
                isLinked: member == site || linked.contains(member),
                durable: member == site ? vector : known?.vector,
                heardAt: known?.heardAt,
                missing: member == site ? 0 : missing,
                clock: clocks[member]
            )
        }
        return RecordsStatus(
            origin: origin,
            vector: vector,
            floor: replicator.hello.floor,
            stable: stability?.stable,
            digest: replicator.digest,
            members: members,
            decisions: membership.number,
            isVoting: decisions.isVoting,
            clockBasis: clock.basis,
            clockOffset: clock.offset,
            isClockTrusted: clock.isTrusted,
            releaseAt: releaseAt,
            halted: replicator.halted.sorted(),
            transfer: transfer.status
        )
    }
}
