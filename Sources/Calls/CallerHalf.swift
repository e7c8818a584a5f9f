import ContactCenter
import Kernel
import SIP

/// The half of a call that faces the caller; it lives at the site where the caller arrived and has the last word
/// on how the contact ended.
struct CallerHalf: Hashable, Sendable {
    /// Whom the caller is joined with, or about to be.
    enum Phase: Hashable, Sendable {
        /// In the queue.
        case waiting
        /// The other half was asked to ring its agent.
        case offering(BridgeID, peer: SiteID)
        /// Talking.
        case joined(BridgeID, peer: SiteID)
    }

    let contact: ContactID
    let leg: SIPLegID
    /// The caller's session offer, repeated to each agent; nil when the caller wants one from us.
    let session: [UInt8]?
    let callerNumber: String
    let callerName: String
    /// When the phase has lasted too long.
    var expiresAt: Instant
    /// When the whole wait has lasted too long; kept over failed offers.
    let waitUntil: Instant
    var phase = Phase.waiting
    /// Further bridges that are being tried at the same time, oldest first; empty unless the phase is `offering`.
    var forks: [Fork] = []
    var attempts: Int64 = 0
    var reoffer = Reoffer()

    /// The bridge of the present phase.
    var bridge: BridgeID? {
        switch phase {
        case .waiting: nil
        case .offering(let bridge, _), .joined(let bridge, _): bridge
        }
    }

    /// The site of the other half.
    var peer: SiteID? {
        switch phase {
        case .waiting: nil
        case .offering(_, let peer), .joined(_, let peer): peer
        }
    }
}

/// The half of a call that faces the agent's phone; it lives at the site where the agent is signed in.
struct AgentHalf: Hashable, Sendable {
    /// How far the agent has come.
    enum Phase: Hashable, Sendable {
        /// INVITE sent; true once the phone says that it rings.
        case calling(rings: Bool)
        /// The agent answered; the caller's half has not confirmed.
        case answered
        /// Talking.
        case joined
    }

    let bridge: BridgeID
    let agent: AgentID
    let peer: SiteID
    let leg: SIPLegID
    var expiresAt: Instant
    var phase = Phase.calling(rings: false)
    var reoffer = Reoffer()
}

/// A change of session under way in one half.
///
/// One at a time: a second one before the answer is glare.
struct Reoffer: Hashable, Sendable {
    /// Who waits for an answer.
    enum Waiting: Hashable, Sendable {
        /// Our own party, for the other half's answer.
        case ourParty
        /// The other half, for our party's answer.
        case otherHalf
    }

    var waiting: Waiting?
    /// When nobody will answer any more.
    var expiresAt: Instant?
    /// Whether the session under discussion holds the call.
    var isHold = false
}
