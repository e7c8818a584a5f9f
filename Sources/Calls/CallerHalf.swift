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
        /// The other party has answered with an offer, which this party is being asked to take.
        case joining(BridgeID, peer: SiteID)
        /// Talking.
        case joined(BridgeID, peer: SiteID)
    }

    let contact: ContactID
    let leg: SIPLegID
    /// The caller's session offer, repeated to each agent; nil when the other party is asked for one.
    let session: [UInt8]?
    var callerNumber: String
    var callerName: String
    /// How its leg stands.
    var line = Line.unanswered
    /// The agent's bridge whose leg this half uses: it is the agent who asks somebody beside her call.
    var borrowed: BridgeID?
    /// True while the agent's 200 carried the offer and this party's answer has yet to come in its ACK.
    var lateJoin = false
    /// The parties of a call of more than two.
    var room: MixRoom?
    /// What the other party answered while this leg was busy with something else.
    var delayed: [UInt8]?
    /// The consulted transfer that its agent has asked for, until whoever was consulted has answered.
    var handOver: WantedHandOver?
    /// The site of the agent who has handed this party over, until it is joined.
    var handedBy: SiteID?
    /// True while a change of session may have come through in half, because the link broke.
    var isUnsure = false
    /// The answer that the other party's 200 got for its offer, should that have to be said again.
    var acknowledgement: [UInt8]?
    /// When the phase has lasted too long.
    var expiresAt: Instant
    /// When the whole wait has lasted too long; kept over failed offers.
    var waitUntil: Instant
    var phase = Phase.waiting
    /// Further bridges that are being tried at the same time, oldest first; empty unless the phase is `offering`.
    var forks: [Fork] = []
    var attempts: Int64 = 0
    var reoffer = Reoffer()

    /// The bridge of the present phase.
    var bridge: BridgeID? {
        switch phase {
        case .waiting: nil
        case .offering(let bridge, _), .joining(let bridge, _), .joined(let bridge, _): bridge
        }
    }

    /// The site of the other half.
    var peer: SiteID? {
        switch phase {
        case .waiting: nil
        case .offering(_, let peer), .joining(_, let peer), .joined(_, let peer): peer
        }
    }
}

extension CallerHalf {
    /// How the leg of this half stands.
    enum Line: Hashable, Sendable {
        /// A call that came in and was not answered.
        case unanswered
        /// Answered: whoever joins is offered by a re-INVITE.
        case answered
        /// A call to be placed as soon as the agent's phone has been answered.
        case toPlace(Placing)
        /// The call is placed, and rings or is about to.
        case placed
    }

    /// Whom to call, by which trunk.
    struct Placing: Hashable, Sendable {
        let number: String
        let trunk: String
        /// The number to show.
        let from: String
        let ringTime: Span
    }
}

/// A consulted transfer that is being prepared.
struct WantedHandOver: Hashable, Sendable {
    let other: HandOver
    /// When whoever was consulted has been silent for too long.
    let expiresAt: Instant
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
    /// Whose phone it is; nil for somebody outside.
    let agent: AgentID?
    /// The site of the caller's half; another one after a consulted transfer.
    var peer: SiteID
    let leg: SIPLegID
    /// The call to the phone that is placed only when the agent takes it at her desk.
    var awaitsDesk: SIPInvitation?
    /// The site that would take the bridge over, until its party's session has come.
    var adoption: Adoption?
    /// The site of the agent who has passed the customer on to this party.
    var formerPeer: SiteID?
    /// True while the desk has the other party on hold, or would have after the change under way.
    var isHeld = false
    /// True while this phone holds the call by its own button.
    var holds = false
    /// True while a change of session may have come through in half, because the link broke.
    var isUnsure = false
    /// When the session is repeated to the other half, and how often that was tried.
    var repeatAt: Instant?
    var repetitions = 0
    /// The consultation that this leg serves, if any.
    var consult: ContactID?
    /// True while the leg's media leads to whoever is consulted.
    var consults = false
    var expiresAt: Instant
    var phase = Phase.calling(rings: false)
    var reoffer = Reoffer()
}

extension AgentHalf {
    /// A consulted transfer to this party that is not complete.
    struct Adoption: Hashable, Sendable {
        /// The customer's site.
        let by: SiteID
        /// When neither site can have it in mind any more.
        let expiresAt: Instant
        /// The customer, for the desk.
        let number: String
        let name: String
    }

    /// What the other half is told of it when a link is back.
    var status: BridgePhase {
        switch phase {
        case .calling: .offering
        case .answered: .answered
        case .joined: adoption != nil ? .answered : isUnsure ? .unsure : .joined
        }
    }
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
        /// Nobody: our party has its session already.
        case nobody
        /// The agent's desk, for the other half's answer to hold or resume.
        case desk
        /// The agent's desk, for our own phone's answer.
        case ownPhone
    }

    var waiting: Waiting?
    /// When nobody will answer any more.
    var expiresAt: Instant?
    /// Whether the session under discussion holds the call.
    var isHold = false
    /// Whether it only repeats what a broken link may have lost.
    var isRepeat = false
    /// Whether the desk had the other party on hold before.
    var wasHeld = false
}
