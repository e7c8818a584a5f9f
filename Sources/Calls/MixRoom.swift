package import ContactCenter
import Kernel

/// How somebody takes part in a mixed call.
package enum MixRole: Hashable, Sendable {
    /// The caller of the contact.
    case customer
    /// The agent who has the contact.
    case agent
    /// Somebody whom the agent has brought in.
    case guest
    /// A supervisor.
    case supervisor(SupervisionMode)

    /// Whether a party of this role hears one of another (requirement B10).
    func hears(_ other: MixRole) -> Bool {
        switch other {
        case .customer, .agent, .guest: true
        case .supervisor(.barge): true
        case .supervisor(.whisper): self == .agent
        case .supervisor(.listen): false
        }
    }
}

/// The parties of a call whose media is mixed, because more than two take part.
struct MixRoom: Hashable, Sendable {
    /// One of them.
    struct Party: Hashable, Sendable {
        /// Its name in the mixer.
        let name: String
        var role: MixRole
        /// The bridge of an agent, a guest or a supervisor; nil for the customer.
        var bridge: BridgeID?
        /// The site of that bridge's other half.
        var peer: SiteID?
        /// Who it is, as far as it is an agent.
        var agent: AgentID?
        /// The session that the mixer gave it.
        var ours: [UInt8]?
        /// What it said before the mixer had one for it.
        var theirs: [UInt8]?
        /// True once the mixer knows where it sends and hears.
        var isIn = false
        /// True while its phone has yet to answer.
        var isAsked = false
    }

    var parties: [Party]

    func index(of name: String) -> Int? { parties.firstIndex { $0.name == name } }

    func index(of bridge: BridgeID) -> Int? { parties.firstIndex { $0.bridge == bridge } }

    /// Who hears whom, among those who are in.
    var hearing: [MixHearing] {
        let inside = parties.filter(\.isIn)
        return inside.map { listener in
            let heard = inside.filter { $0.name != listener.name && listener.role.hears($0.role) }
            return MixHearing(party: listener.name, hears: heard.map(\.name).sorted())
        }
    }
}
