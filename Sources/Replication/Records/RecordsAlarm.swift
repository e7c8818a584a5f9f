package import Kernel

/// Something about the records that somebody has to look at.
package enum RecordsAlarm: Hashable, Sendable {
    /// Ops from a peer are wrong.
    case ledger(SiteID, LedgerAlarm)
    /// Peers have ops under this site's name that it does not have: its disk was set back. A new epoch begins.
    case ownOriginAhead(Origin)
    /// A clock is wrong.
    case clock(ClockAlarm)
    /// Decisions on the membership contradict each other.
    case membership(MembershipAlarm)
    /// Stored state is wrong, or was.
    case transfer(TransferAlarm)
    /// A member has been silent for so long that it holds up forgetting: consider suspending it.
    case memberSilent(SiteID, Span)

    /// A fixed name for the log and for counting.
    package var event: String {
        switch self {
        case .ledger: "ledger"
        case .ownOriginAhead: "records.own-origin-ahead"
        case .clock: "records.clock"
        case .membership: "records.membership"
        case .transfer: "records.transfer"
        case .memberSilent: "records.member-silent"
        }
    }

    /// The particulars, in a fixed order.
    package var fields: [(String, String)] {
        switch self {
        case .ledger(let peer, let alarm): [("peer", peer.name), ("what", "\(alarm)")]
        case .ownOriginAhead(let origin): [("origin", origin.text)]
        case .clock(let alarm): [("what", "\(alarm)")]
        case .membership(let alarm): [("what", "\(alarm)")]
        case .transfer(let alarm): [("what", "\(alarm)")]
        case .memberSilent(let site, let span):
            [("member", site.name), ("hours", "\(span.milliseconds / 3_600_000)")]
        }
    }
}

/// Something about the records that is worth a line in the log.
package enum RecordsNote: Hashable, Sendable {
    /// The site writes under this name now.
    case epochBegun(Origin)
    /// A clock is right again.
    case clock(ClockAlarm)
    /// A decision on the membership holds.
    case decided(MembershipDecision)
    /// A snapshot is being taken in; nothing can be written until it is complete.
    case joinBegan
    /// The snapshot is complete.
    case joined(VersionVector)
    /// Deleted documents were dropped, and the log begins after this vector.
    case forgotten(documents: Int, floor: VersionVector)

    /// A fixed name for the log.
    package var event: String {
        switch self {
        case .epochBegun: "records.epoch-begun"
        case .clock: "records.clock-right"
        case .decided: "cluster.decided"
        case .joinBegan: "records.join-began"
        case .joined: "records.joined"
        case .forgotten: "records.forgotten"
        }
    }

    /// The particulars, in a fixed order.
    package var fields: [(String, String)] {
        switch self {
        case .epochBegun(let origin): [("origin", origin.text)]
        case .clock(let alarm): [("what", "\(alarm)")]
        case .decided(let decision):
            [
                ("number", "\(decision.number)"), ("site", decision.site.name),
                ("state", decision.change.state.rawValue), ("by", decision.actor.name),
                ("forced", "\(decision.isForced)"),
            ]
        case .joinBegan: []
        case .joined(let vector): [("vector", vector.text)]
        case .forgotten(let documents, let floor): [("documents", "\(documents)"), ("floor", floor.text)]
        }
    }
}
