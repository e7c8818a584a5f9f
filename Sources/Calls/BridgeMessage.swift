package import ContactCenter
package import Kernel
package import SIP

/// What the two halves of a bridge tell each other: over the mesh, or directly when they are at one site.
package enum BridgeMessage: Hashable, Sendable {
    /// Caller half to agent half: ring this agent with this session offer.
    case offer(BridgeOffer)
    /// Agent half to caller half: the agent's phone rings, or its network says something already (early media).
    case progress(BridgeID, session: [UInt8]?)
    /// Agent half to caller half: the agent answered, with this session answer.
    case answer(BridgeID, session: [UInt8])
    /// Caller half to agent half: the caller has the answer; the two are joined.
    ///
    /// Until this arrives the agent half must not count the call as one: the caller may have gone or been
    /// offered elsewhere.
    case connected(BridgeID)
    /// Agent half to caller half: this agent does not take the call.
    case reject(BridgeID, OfferFailure)
    /// Caller half to agent half: the caller's answer, when the agent's 200 carried the offer (no offer came first).
    case acknowledge(BridgeID, session: [UInt8])
    /// Either way: my party wants to change the session (hold, codec).
    case reoffer(BridgeID, session: [UInt8])
    /// Either way: the answer to `reoffer`.
    case reofferAnswer(BridgeID, session: [UInt8])
    /// Either way: my party refuses the change; the session stays as it was.
    case reofferReject(BridgeID, status: Int)
    /// Either way: it is over.
    case end(BridgeID, by: EndedBy, reason: String)
    /// Either way, after a link came back: I still hold my half. Answered only when the receiver does not.
    case status(BridgeID, BridgeRole, BridgePhase)
    /// Answer to `status`: this site has no memory of that bridge; it was restarted.
    case unknown(BridgeID)
    /// Either way: keys that a party pressed, or what else its phone says by INFO; passed on as it is.
    case info(BridgeID, SIPInfo)
    /// Agent half to caller half: join your party with this other bridge of mine in place of me (consulted transfer).
    case handOver(BridgeID, HandOver)
    /// Caller half to agent half: the other bridge is in the call now; it is no longer yours.
    case guestTaken(BridgeID)
    /// Caller half to agent half: nothing comes of the hand-over, and all stays as it was; said to the agent who asked
    /// for it and, with her own bridge, to the one who was consulted.
    case handOverRefused(BridgeID)
    /// Caller half to agent half: I would take this bridge over; answer with your party's session.
    case adopt(BridgeID, number: String, name: String)
    /// Agent half to caller half: my party has your party's session; the bridge is yours.
    case taken(BridgeID)
    /// Caller half to the site of the agent who handed over: that site cannot be reached from here; tell it for me that
    /// the bridge is over.
    case stranded(BridgeID, at: SiteID)

    /// The bridge that it is about.
    package var bridge: BridgeID {
        switch self {
        case .offer(let offer): offer.bridge
        case .progress(let bridge, _), .info(let bridge, _), .handOver(let bridge, _), .handOverRefused(let bridge),
            .guestTaken(let bridge), .taken(let bridge), .stranded(let bridge, _),
            .adopt(let bridge, _, _), .answer(let bridge, _), .connected(let bridge), .reject(let bridge, _),
            .acknowledge(let bridge, _), .reoffer(let bridge, _), .reofferAnswer(let bridge, _),
            .reofferReject(let bridge, _),
            .end(let bridge, _, _), .status(let bridge, _, _), .unknown(let bridge):
            bridge
        }
    }
}

/// What the caller half wants rung.
package struct BridgeOffer: Hashable, Sendable {
    /// The bridge.
    package var bridge: BridgeID
    /// The agent.
    package var agent: AgentID
    /// The reservation that the agent's site granted for it.
    package var reservation: Int64
    /// The caller's session offer; nil when the caller asks the agent's phone for one.
    package var session: [UInt8]?
    /// The number to show on the agent's phone; empty when withheld.
    package var callerNumber: String
    /// The name to show.
    package var callerName: String

    /// Makes an offer.
    package init(
        bridge: BridgeID,
        agent: AgentID,
        reservation: Int64,
        session: [UInt8]?,
        callerNumber: String,
        callerName: String
    ) {
        self.bridge = bridge
        self.agent = agent
        self.reservation = reservation
        self.session = session
        self.callerNumber = callerNumber
        self.callerName = callerName
    }
}

/// Whom a consulted transfer leads to.
package struct HandOver: Hashable, Sendable {
    /// The bridge of the consultation.
    package var bridge: BridgeID
    /// The site of its other half.
    package var peer: SiteID
    /// The agent there; nil when somebody outside was consulted.
    package var agent: AgentID?
    /// True for a conference: the agent who asked stays in the call.
    package var isConference: Bool

    /// Makes one.
    package init(bridge: BridgeID, peer: SiteID, agent: AgentID?, isConference: Bool = false) {
        self.bridge = bridge
        self.peer = peer
        self.agent = agent
        self.isConference = isConference
    }
}

/// Which half of a bridge.
package enum BridgeRole: String, Hashable, Sendable {
    /// At the site where the caller arrived.
    case caller
    /// At the site where the agent is signed in.
    case agent
}

/// How far a half has come.
package enum BridgePhase: String, Hashable, Sendable {
    /// The agent's phone is asked or rings.
    case offering
    /// The agent has answered, the caller half has not confirmed.
    case answered
    /// Caller and agent talk.
    case joined
    /// They talk, but a change of session was under way when the link broke: it may have come through in half.
    case unsure
}

/// Why an offer to an agent came to nothing; the contact goes back to the head of its queue.
package enum OfferFailure: String, Hashable, Sendable {
    /// The phone rang and nobody took the call.
    case noAnswer
    /// The phone was busy.
    case busy
    /// The agent pressed the button to refuse.
    case declined
    /// The phone could not be reached, or answered with an error.
    case phoneUnreachable
    /// The reservation had expired or belongs to another contact.
    case notReserved
    /// The link to the agent's site was lost.
    case linkLost
    /// The agent's site did not say anything in time.
    case timeout
    /// Another agent who was rung at the same time has taken the call; said at the caller's site only.
    case answeredElsewhere
}
