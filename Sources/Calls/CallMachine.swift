package import ContactCenter
package import Kernel
package import SIP

/// All half-calls of one site and the bridges between them; see DESIGN.md.
///
/// A value: events go in with the time, outputs come out in the order in which they are to be carried out. Halves
/// of one site talk through the same messages as halves of two, delivered before the call returns.
package struct CallMachine: Sendable {
    /// Names one half.
    enum HalfKey: Hashable, Comparable, Sendable {
        case caller(ContactID)
        case agent(BridgeID)
    }

    /// The site that this machine belongs to.
    package let site: SiteID
    var callers: [ContactID: CallerHalf] = [:]
    var agents: [BridgeID: AgentHalf] = [:]
    /// The bridges of each contact that have an agent's leg here, sorted; several only while several agents ring.
    var agentBridgesOf: [ContactID: [BridgeID]] = [:]
    var legs: [SIPLegID: HalfKey] = [:]
    /// The last sessions of each leg, for whoever is joined with its party later.
    var sessions: [SIPLegID: LegSessions] = [:]
    /// Contacts here that talk over a bridge of another contact, after a consulted transfer.
    var adopted: [BridgeID: ContactID] = [:]
    /// Callers here whose agents want to hand them over, by the bridge of the consultation.
    var wanted: [BridgeID: ContactID] = [:]
    /// Consultations that agents here are handing their customers over to, by the customer's bridge.
    var handOvers: [BridgeID: ContactID] = [:]
    var linked: Set<SiteID> = []
    var endings = EndedBridges()
    var deadlines = DeadlineHeap<HalfKey>()
    private var lastLeg: UInt64 = 0
    private var outputs: [CallOutput] = []
    private var inbox: [(message: BridgeMessage, receiver: BridgeRole)] = []

    /// Makes a machine without calls.
    package init(site: SiteID) {
        self.site = site
    }

    /// When `advance` is next due.
    package var nextDeadline: Instant? { deadlines.next }

    /// How many half-calls are up.
    package var halfCount: Int { callers.count + agents.count }

    /// Whether the caller of a contact is still on the line here.
    package func hasCaller(_ contact: ContactID) -> Bool { callers[contact] != nil }

    /// The contacts whose callers are on the line here, sorted.
    package var callerContacts: [ContactID] { callers.keys.sorted() }

    /// The bridges that have an agent's leg here, sorted.
    package var agentBridges: [BridgeID] { agents.keys.sorted() }

    /// The bridges of a contact that have an agent's leg here, sorted.
    package func agentBridges(of contact: ContactID) -> [BridgeID] { agentBridgesOf[contact] ?? [] }

    /// The reason on every bridge that is withdrawn because another agent took the call.
    package static let answeredByAnother = "answered by another agent"

    /// The bridge over which caller and agent talk, as the caller's half knows it.
    package func joinedBridge(of contact: ContactID) -> BridgeID? {
        if case .joined(let bridge, _)? = callers[contact]?.phase { bridge } else { nil }
    }

    /// The contact whose caller a leg is; nil for any other leg.
    package func callerContact(of leg: SIPLegID) -> ContactID? {
        if case .caller(let contact)? = legs[leg] { contact } else { nil }
    }

    /// The leg of the caller of a contact here; nil when there is none, or when it is an agent's own.
    package func leg(ofCaller contact: ContactID) -> SIPLegID? {
        callers[contact].flatMap { $0.borrowed == nil ? $0.leg : nil }
    }

    /// Whether a leg is that of a half-call; for checkers.
    package func has(_ leg: SIPLegID) -> Bool { legs[leg] != nil }

    /// Whether the party of a leg is joined, and nothing about its session is open; for checkers.
    package func isSettled(_ leg: SIPLegID) -> Bool {
        switch legs[leg] {
        case .caller(let contact):
            callers[contact].map { $0.joined != nil && $0.borrowed == nil && $0.reoffer.waiting == nil } ?? false
        case .agent(let bridge):
            agents[bridge].map { $0.isSettled } ?? false
        default: false
        }
    }

    /// The bridge whose agent's leg it is; nil for any other leg.
    package func agentBridge(of leg: SIPLegID) -> BridgeID? {
        if case .agent(let bridge)? = legs[leg] { bridge } else { nil }
    }

    /// How far the agent's half of a bridge has come.
    package func agentPhase(of bridge: BridgeID) -> BridgePhase? {
        switch agents[bridge]?.phase {
        case .calling: .offering
        case .answered: .answered
        case .joined: .joined
        case nil: nil
        }
    }

    // MARK: Inputs common to both halves

    /// Takes what the SIP endpoint reports about a leg.
    package mutating func handle(_ event: SIPEvent, now: Moment) -> [CallOutput] {
        if let leg = event.leg, let half = legs[leg] {
            if let session = event.session {
                sessions[leg, default: LegSessions()].said(session, isOffer: event.isOffer)
            }
            switch half {
            case .caller(let contact): handleCaller(contact, event, now)
            case .agent(let bridge): handleAgent(bridge, event, now)
            }
        } else if case .answered(let leg, _) = event {
            // Nobody waits for this answer any more.
            emit(.sip(.hangUp(leg, reason: nil)))
        }
        return settle(now)
    }

    /// Takes a message of the other half's site.
    package mutating func receive(_ message: BridgeMessage, from peer: SiteID, now: Moment) -> [CallOutput] {
        guard peer != site else { return settle(now) }
        // The other half of a bridge is at the peer; of one that is being handed over, both may be here for a moment.
        let isForAgent =
            agents[message.bridge].map { $0.peer == peer || $0.adoption?.by == peer || message.isAdoption } ?? false
        deliver(message, to: isForAgent ? .agent : .caller, from: peer, now)
        return settle(now)
    }

    /// Learns that messages flow to and from a peer: both sides tell which halves they still hold.
    package mutating func linkUp(_ peer: SiteID, now: Moment) -> [CallOutput] {
        if linked.contains(peer) { loseLink(peer, now) }
        linked.insert(peer)
        for contact in callers.keys.sorted() {
            guard let half = callers[contact] else { continue }
            if case .joined(let bridge, peer) = half.phase {
                emit(.bridge(.status(bridge, .caller, half.isUnsure ? .unsure : .joined), to: peer))
            }
            for party in half.room?.parties ?? [] where party.isIn && party.peer == peer && party.bridge != half.bridge
            {
                guard let bridge = party.bridge else { continue }
                emit(.bridge(.status(bridge, .caller, party.isUnsure ? .unsure : .joined), to: peer))
            }
        }
        for bridge in agents.keys.sorted() {
            guard let half = agents[bridge], half.peer == peer || half.adoption?.by == peer else { continue }
            emit(.bridge(.status(bridge, .agent, half.status), to: peer))
            if half.isUnsure, half.peer == peer { repeatSession(bridge, now) }
        }
        return settle(now)
    }

    /// Learns that the link is gone: offers over it are taken back, calls that talk go on.
    package mutating func linkDown(_ peer: SiteID, now: Moment) -> [CallOutput] {
        linked.remove(peer)
        loseLink(peer, now)
        return settle(now)
    }

    /// Ends what has lasted too long.
    package mutating func advance(now: Moment) -> [CallOutput] {
        while let key = deadlines.popDue(now.instant) {
            switch key {
            case .caller(let contact): expireCaller(contact, now)
            case .agent(let bridge): expireAgent(bridge, now)
            }
        }
        return settle(now)
    }

    /// Ends the call of a contact that arrived here, by a rule of the centre.
    package mutating func end(_ contact: ContactID, by: EndedBy, reason: String, now: Moment) -> [CallOutput] {
        endCaller(contact, by: by, reason: reason, status: 480, now)
        return settle(now)
    }

    /// Ends the leg of the agent who has a contact: her button was pressed, or her site takes her back.
    ///
    /// Before the answer the contact goes back to the queue. While several agents ring here name the bridge instead.
    package mutating func endAgentLeg(_ contact: ContactID, by: EndedBy, reason: String, now: Moment) -> [CallOutput] {
        if let bridge = agentBridgesOf[contact]?.last {
            endAgent(bridge, by: by, reason: reason, tellPeer: true, now)
        }
        return settle(now)
    }

    /// Ends the agent's leg of one bridge, whoever else rings for that contact.
    package mutating func endAgentLeg(of bridge: BridgeID, by: EndedBy, reason: String, now: Moment) -> [CallOutput] {
        endAgent(bridge, by: by, reason: reason, tellPeer: true, now)
        return settle(now)
    }

    // MARK: Shared parts

    mutating func emit(_ output: CallOutput) {
        if case .sip(let command) = output, let (leg, session) = command.session {
            sessions[leg, default: LegSessions()].told(session)
        }
        outputs.append(output)
    }

    /// Forgets a leg.
    mutating func forget(_ leg: SIPLegID) {
        legs[leg] = nil
        sessions[leg] = nil
    }

    mutating func newLeg() -> SIPLegID {
        lastLeg += 2
        return SIPLegID(lastLeg)
    }

    /// Sends a message to the other half, wherever it is.
    mutating func tell(_ receiver: BridgeRole, at peer: SiteID, _ message: BridgeMessage) {
        if peer == site { inbox.append((message, receiver)) } else { emit(.bridge(message, to: peer)) }
    }

    func isReachable(_ peer: SiteID) -> Bool { peer == site || linked.contains(peer) }

    private mutating func deliver(
        _ message: BridgeMessage,
        to receiver: BridgeRole,
        from peer: SiteID,
        _ now: Moment
    ) {
        switch message {
        case .offer(let offer): emit(.event(.offered(offer, from: peer)))
        case .status(let bridge, let role, let phase): compare(bridge, role, phase, from: peer, now)
        case .stranded(let bridge, let lost): stranded(bridge, at: lost, from: peer, now)
        default:
            switch receiver {
            case .caller: callerReceives(message, from: peer, now)
            case .agent: agentReceives(message, from: peer, now)
            }
        }
    }

    mutating func settle(_ now: Moment) -> [CallOutput] {
        var count = 0
        while !inbox.isEmpty, count < Limits.callLocalMessagesMax {
            let next = inbox.removeFirst()
            deliver(next.message, to: next.receiver, from: site, now)
            count += 1
        }
        defer { outputs = [] }
        return outputs
    }

    private mutating func loseLink(_ peer: SiteID, _ now: Moment) {
        for contact in callers.keys.sorted() where callers[contact]?.involves(peer) == true {
            callerLostLink(contact, to: peer, now)
        }
        for bridge in agents.keys.sorted() where agents[bridge]?.peer == peer { agentLostLink(bridge, now) }
    }
}
