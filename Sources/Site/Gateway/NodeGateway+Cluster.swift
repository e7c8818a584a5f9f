import Kernel
import Logging
import Replication
import SiteCore
import WebAPI

extension NodeGateway {
    func cluster() async throws -> ClusterResource {
        ClusterResource(try await core.ask { $0.machine.recordsStatus })
    }

    func decide(_ wish: MembershipWish, by actor: Actor) async throws -> MembershipDecisionResource {
        let change = MembershipChange(wish.change)
        let command = RecordsCommand.decide(change, wish.site, by: actor, forced: wish.isForced)
        var facts = ["member": wish.site.name, "change": wish.change.rawValue, "forced": "\(wish.isForced)"]
        audit("cluster.asked", by: actor, facts)
        switch try await core.perform(.records(command)) {
        case .records(.decided(let decision)):
            // The core logs each decision with who asked for it, at all sites.
            return MembershipDecisionResource(decision)
        case .records(.refused(let why)):
            facts["reason"] = why
            audit("cluster.refused", by: actor, facts)
            throw GatewayError(.refused, "\(wish.site.name) was not \(wish.change.done): \(why).")
        case .refused(let refusal): throw GatewayError(refusal)
        case .done, .edited, .records, .blob, .recording, .opened:
            throw GatewayError(.unavailable, "The site did not say what was decided; look at the members.")
        }
    }
}

extension MembershipChange {
    /// The core's change of that name.
    init(_ change: MembershipWish.Change) {
        switch change {
        case .add: self = .add
        case .drain: self = .drain
        case .activate: self = .activate
        case .suspend: self = .suspend
        case .retire: self = .retire
        }
    }
}

extension MembershipWish.Change {
    /// The API's change of that name.
    init(_ change: MembershipChange) {
        switch change {
        case .add: self = .add
        case .drain: self = .drain
        case .activate: self = .activate
        case .suspend: self = .suspend
        case .retire: self = .retire
        }
    }

    /// What the site would have been by now.
    fileprivate var done: String {
        switch self {
        case .add: "added"
        case .drain: "drained"
        case .activate: "activated"
        case .suspend: "suspended"
        case .retire: "retired"
        }
    }
}
