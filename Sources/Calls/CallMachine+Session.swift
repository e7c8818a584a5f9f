import ContactCenter
import Kernel
import SIP

/// Changes of session (hold, codec) passed through from one party to the other, and what the halves compare after
/// a link came back.
extension CallMachine {
    /// Our party wants a change: ask the other half, or refuse when that cannot be done now.
    mutating func passReoffer(
        _ session: [UInt8]?,
        _ reoffer: inout Reoffer,
        _ leg: SIPLegID,
        _ joined: (BridgeID, SiteID)?,
        to receiver: BridgeRole,
        _ now: Moment
    ) {
        // Asked for an offer, the party gets what it has; its answer is passed on when it comes.
        guard let session else { return answerFromMemory(leg) }
        // Without a link there is nobody to pass it to.
        guard let (bridge, peer) = joined, isReachable(peer) else {
            return emit(.sip(.rejectReoffer(leg, status: 500)))
        }
        guard reoffer.waiting == nil else { return emit(.sip(.rejectReoffer(leg, status: 491))) }
        reoffer = Reoffer(
            waiting: .ourParty,
            expiresAt: now.instant + Limits.callReofferMax,
            isHold: SessionHold.isHold(session)
        )
        tell(receiver, at: peer, .reoffer(bridge, session: session))
    }

    /// The other half's party wants a change: ask our party, or refuse when it asks for one itself.
    mutating func receiveReoffer(
        _ session: [UInt8],
        _ reoffer: inout Reoffer,
        _ leg: SIPLegID,
        _ bridge: BridgeID,
        _ peer: SiteID,
        _ isJoined: Bool,
        sender: BridgeRole,
        _ now: Moment
    ) {
        guard isJoined, reoffer.waiting == nil else {
            return tell(sender, at: peer, .reofferReject(bridge, status: 491))
        }
        reoffer = Reoffer(
            waiting: .otherHalf,
            expiresAt: now.instant + Limits.callReofferMax,
            isHold: SessionHold.isHold(session)
        )
        emit(.sip(.reoffer(leg, sdp: session)))
        emit(.event(.held(bridge, reoffer.isHold)))
    }

    /// Our party answered the other party's change.
    mutating func passReofferAnswer(
        _ session: [UInt8],
        _ reoffer: inout Reoffer,
        _ joined: (BridgeID, SiteID)?,
        to receiver: BridgeRole
    ) {
        guard reoffer.waiting == .otherHalf else { return }
        reoffer = Reoffer()
        guard let (bridge, peer) = joined else { return }
        tell(receiver, at: peer, .reofferAnswer(bridge, session: session))
    }

    /// Our party refused the other party's change.
    mutating func rejectReoffer(
        _ status: Int,
        _ reoffer: inout Reoffer,
        _ joined: (BridgeID, SiteID)?,
        to receiver: BridgeRole
    ) {
        guard reoffer.waiting == .otherHalf else { return }
        let wasHold = reoffer.isHold
        reoffer = Reoffer()
        guard let (bridge, peer) = joined else { return }
        if wasHold { emit(.event(.held(bridge, false))) }
        tell(receiver, at: peer, .reofferReject(bridge, status: status))
    }

    /// The other half answers our party's change.
    mutating func receiveReofferResult(_ message: BridgeMessage, _ reoffer: inout Reoffer, _ leg: SIPLegID) {
        guard reoffer.waiting == .ourParty else { return }
        let isHold = reoffer.isHold
        reoffer = Reoffer()
        switch message {
        case .reofferAnswer(let bridge, let session):
            emit(.sip(.answerReoffer(leg, sdp: session)))
            // Also one that does not want to wait any more may have to.
            emit(.event(.held(bridge, isHold || SessionHold.isHold(session))))
        case .reofferReject(_, let status):
            emit(.sip(.rejectReoffer(leg, status: status)))
        default: break
        }
    }

    /// Nobody will answer the change under way: our party hears so and the session stays as it was.
    mutating func dropReoffer(_ reoffer: inout Reoffer, _ leg: SIPLegID) {
        if reoffer.waiting == .ourParty { emit(.sip(.rejectReoffer(leg, status: 500))) }
        reoffer = Reoffer()
    }

    /// The other half's site goes on without knowing of this call.
    mutating func orphan(_ bridge: BridgeID) {
        emit(.event(.orphaned(bridge)))
    }

    /// The peer still holds a half: silence when ours is there too, otherwise how it ended.
    mutating func compare(
        _ bridge: BridgeID,
        _ role: BridgeRole,
        _ phase: BridgePhase,
        from peer: SiteID,
        _ now: Moment
    ) {
        switch role {
        case .caller:
            guard let half = agents[bridge] else { break }
            if half.peer == peer {
                // Whose a bridge is that is being handed over, the customer's site alone says.
                if half.adoption == nil || half.adoption?.by == peer {
                    agentReceives(.connected(bridge), from: peer, now)
                }
                if phase == .unsure, agents[bridge]?.reoffer.isRepeat == false { repeatSession(bridge, now) }
                // Its site has it still after a broken link, so nothing has come of passing it on.
                if peer != site { stay(bridge) }
                return
            }
            if half.formerPeer == peer {
                return tell(.caller, at: peer, .end(bridge, by: .agent, reason: CallMachine.handedOver))
            }
        case .agent:
            let half = callers[owner(of: bridge)]
            if let party = half?.room?.parties.first(where: { $0.bridge == bridge }) {
                if phase == .answered, let ours = party.ours {
                    tell(.agent, at: peer, .acknowledge(bridge, session: ours))
                    tell(.agent, at: peer, .connected(bridge))
                }
                return
            }
            if let half, half.joined.map({ $0 == (bridge, peer) }) == true {
                if phase == .answered, !handOvers.values.contains(half.contact) { confirmAgain(half, bridge, peer) }
                return
            }
        }
        sayEnding(of: bridge, to: role, at: peer)
    }

    /// The agent's half has not heard that the two are joined.
    private mutating func confirmAgain(_ half: CallerHalf, _ bridge: BridgeID, _ peer: SiteID) {
        if let session = half.acknowledgement { tell(.agent, at: peer, .acknowledge(bridge, session: session)) }
        tell(.agent, at: peer, .connected(bridge))
    }

    /// How a bridge ended that the peer still holds.
    private mutating func sayEnding(of bridge: BridgeID, to receiver: BridgeRole, at peer: SiteID) {
        if let ending = endings[bridge] {
            tell(receiver, at: peer, .end(bridge, by: ending.by, reason: ending.reason))
        } else if receiver == .agent, callers[bridge.contact] != nil {
            tell(receiver, at: peer, .end(bridge, by: .system, reason: "offered elsewhere"))
        } else {
            tell(receiver, at: peer, .unknown(bridge))
        }
    }
}

extension SIPEndCause {
    /// Whether a person hung up.
    var isHangUp: Bool {
        if case .remoteHangUp = self { true } else { false }
    }

    /// For the record, in plain words.
    var words: String {
        switch self {
        case .remoteHangUp: "hung up"
        case .notAcknowledged: "answer never acknowledged"
        case .lost(let status): "phone lost the call (\(status))"
        case .connectionLost: "connection to the phone lost"
        case .notRefreshed: "session timer ran out"
        }
    }
}
