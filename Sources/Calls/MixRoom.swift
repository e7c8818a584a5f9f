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

    /// Whether it is one of the two whose call it is.
    var isOfTwo: Bool { self == .customer || self == .agent }

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
        /// True while it may not have the mixer's session, because the link broke.
        var isUnsure = false
    }

    var parties: [Party]
    /// Since when the mixer is gone with the room: customer and agent hear each other directly, and guests wait.
    var lostAt: Instant?
    /// The mixer is there again, but not yet the room.
    var isMixerBack = false
    /// When phones that were busy are asked again, or the room is made anew; how often that was.
    var askAgainAt: Instant?
    var asks = 0

    /// Whether the mixer has the room.
    var isMixed: Bool { lostAt == nil }

    /// When something is due.
    var nextDeadline: Instant? {
        [lostAt.map { $0 + Limits.mixRebuildMax }, askAgainAt].compactMap { $0 }.min()
    }

    /// Whether anybody takes part who was brought in.
    var hasGuests: Bool { parties.contains { $0.role == .guest } }

    /// Has those asked again in a while who refused, unless that was often.
    mutating func askAgain(after now: Moment) {
        asks += 1
        if asks < Limits.mixAsksMax { askAgainAt = now.instant + Limits.mixAskAgain }
    }

    /// Nobody has anything of the mixer any more.
    mutating func forgetMixer() {
        (askAgainAt, asks) = (nil, 0)
        for index in parties.indices {
            parties[index].ours = nil
            parties[index].isIn = false
            parties[index].isAsked = false
            parties[index].isUnsure = false
        }
    }

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
