import Kernel
import Replication
import WebAPI

extension ClusterResource {
    /// What the records tell of the cluster.
    init(_ status: Replication.RecordsStatus) {
        self.init(
            site: status.origin.site.name,
            origin: status.origin.text,
            epoch: status.origin.epoch,
            decisions: status.decisions,
            voting: status.isVoting,
            members: status.members.map(ClusterMemberResource.init),
            vector: status.vector.byOrigin,
            floor: status.floor.byOrigin,
            stable: status.stable?.byOrigin,
            digest: status.digest?.hex,
            releaseAt: status.releaseAt.map(Timestamp.init),
            health: RecordsHealthResource(status)
        )
    }
}

extension ClusterMemberResource {
    fileprivate init(_ member: Replication.RecordsStatus.Member) {
        self.init(
            site: member.site.name,
            state: member.state.rawValue,
            linked: member.isLinked,
            heardAt: member.heardAt.map(Timestamp.init),
            opsMissing: member.missing,
            clock: member.clock.map { clock in
                PeerClockResource(
                    offsetMs: clock.offset.milliseconds,
                    errorMs: clock.error.milliseconds,
                    ageMs: clock.age.milliseconds,
                    off: clock.isOff
                )
            },
            decision: member.decision.map(MembershipDecisionResource.init)
        )
    }
}

extension MembershipDecisionResource {
    /// A decision as the API tells it.
    init(_ decision: MembershipDecision) {
        self.init(
            number: decision.number,
            site: decision.site.name,
            change: MembershipWish.Change(decision.change),
            by: decision.actor.name,
            at: Timestamp(decision.at.wall),
            forced: decision.isForced,
            proposer: decision.proposer.name
        )
    }
}

extension VersionVector {
    /// The newest sequence of each origin.
    fileprivate var byOrigin: [String: UInt64] {
        Dictionary(heads.map { ($0.origin.text, $0.sequence) }, uniquingKeysWith: { $1 })
    }
}

extension DocumentHash {
    /// 32 hexadecimal digits.
    fileprivate var hex: String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, 32 - digits.count)) + digits
    }
}
