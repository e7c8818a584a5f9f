import ContactCenter
package import Kernel
package import SIP

/// The agent's half: from the offer to the end of the agent's leg.
extension CallMachine {
    /// Rings the phone of the agent that an offer names; the site has checked the reservation.
    package mutating func ring(
        _ offer: BridgeOffer,
        from peer: SiteID,
        sipUser: String,
        headers: [SIPExtraHeader],
        ringTime: Span,
        now: Moment
    ) -> [CallOutput] {
        guard agents[offer.bridge] == nil else { return [] }
        let half = AgentHalf(
            bridge: offer.bridge,
            agent: offer.agent,
            peer: peer,
            leg: newLeg(),
            expiresAt: now.instant + ringTime + Limits.callOfferMargin
        )
        legs[half.leg] = .agent(half.bridge)
        let ringing = agentBridges(of: half.bridge.contact)
        agentBridgesOf[half.bridge.contact] = (ringing + [half.bridge]).sorted()
        store(half)
        let invitation = SIPInvitation(
            target: .user(sipUser),
            from: offer.callerNumber,
            displayName: offer.callerName,
            headers: headers,
            sdp: offer.session,
            ringTimeout: ringTime
        )
        emit(.sip(.invite(half.leg, invitation)))
        return settle(now)
    }

    /// Refuses an offer before any phone rang.
    package mutating func decline(
        _ bridge: BridgeID,
        from peer: SiteID,
        _ failure: OfferFailure,
        now: Moment
    ) -> [CallOutput] {
        tell(.caller, at: peer, .reject(bridge, failure))
        return settle(now)
    }

    mutating func store(_ half: AgentHalf) {
        agents[half.bridge] = half
        let soonest = half.reoffer.expiresAt.map { min($0, half.expiresAt) } ?? half.expiresAt
        deadlines.set(.agent(half.bridge), soonest)
    }

    mutating func handleAgent(_ bridge: BridgeID, _ event: SIPEvent, _ now: Moment) {
        guard var half = agents[bridge] else { return }
        switch event {
        case .ringing(_, let status, _):
            guard half.phase == .calling(rings: false), status != 100 else { return }
            half.phase = .calling(rings: true)
            store(half)
            tell(.caller, at: half.peer, .progress(bridge))
            emit(.event(.ringing(bridge)))
        case .answered(_, let session):
            guard case .calling = half.phase else { return }
            half.phase = .answered
            half.expiresAt = now.instant + Limits.callConfirmMax
            store(half)
            emit(.event(.answered(bridge)))
            tell(.caller, at: half.peer, .answer(bridge, session: session))
        case .failed(_, let status, _):
            let failure = OfferFailure(status: status)
            tell(.caller, at: half.peer, .reject(bridge, failure))
            closeAgent(half, .failed(failure))
        case .ended(_, let cause):
            endedByPhone(half, cause)
        case .reoffered(_, let session):
            passReoffer(session, &half.reoffer, half.leg, half.joined, to: .caller, now)
            store(half)
        case .reofferAnswered(_, let session):
            passReofferAnswer(session, &half.reoffer, half.joined, to: .caller)
            store(half)
        case .reofferRejected(_, let status):
            rejectReoffer(status, &half.reoffer, half.joined, to: .caller)
            store(half)
        default: break
        }
    }

    mutating func agentReceives(_ message: BridgeMessage, from peer: SiteID, _ now: Moment) {
        guard var half = agents[message.bridge], half.peer == peer else { return }
        let bridge = half.bridge
        switch message {
        case .connected:
            guard half.phase == .answered else { return }
            half.phase = .joined
            half.expiresAt = now.instant + Limits.callTalkMax
            store(half)
            emit(.event(.connected(bridge)))
        case .acknowledge(_, let session):
            emit(.sip(.acknowledge(half.leg, sdp: session)))
        case .end(_, let by, let reason):
            endAgent(bridge, by: by, reason: reason, tellPeer: false, now)
        case .reoffer(_, let session):
            receiveReoffer(session, &half.reoffer, half.leg, bridge, peer, half.joined != nil, sender: .caller, now)
            store(half)
        case .reofferAnswer, .reofferReject:
            receiveReofferResult(message, &half.reoffer, half.leg)
            store(half)
        case .unknown:
            // A caller's site without memory of the call cannot say when the caller hangs up; the two phones still
            // talk to each other, so the agent decides when it is over.
            if half.phase == .joined {
                orphan(bridge)
            } else {
                endAgent(bridge, by: .network, reason: "the caller's site was restarted", tellPeer: false, now)
            }
        default: break
        }
    }

    mutating func agentLostLink(_ bridge: BridgeID, _ now: Moment) {
        guard var half = agents[bridge] else { return }
        switch half.phase {
        case .calling:
            endAgent(bridge, by: .network, reason: "link to the caller's site lost", tellPeer: false, now)
        case .answered, .joined:
            dropReoffer(&half.reoffer, half.leg)
            store(half)
        }
    }

    mutating func expireAgent(_ bridge: BridgeID, _ now: Moment) {
        guard var half = agents[bridge] else { return }
        if let limit = half.reoffer.expiresAt, limit <= now.instant {
            dropReoffer(&half.reoffer, half.leg)
        }
        guard half.expiresAt <= now.instant else { return store(half) }
        switch half.phase {
        case .calling:
            emit(.sip(.cancel(half.leg)))
            tell(.caller, at: half.peer, .reject(bridge, .noAnswer))
            closeAgent(half, .failed(.noAnswer))
        case .answered:
            endAgent(bridge, by: .network, reason: "the caller's site did not confirm", tellPeer: true, now)
        case .joined:
            endAgent(bridge, by: .system, reason: "took too long", tellPeer: true, now)
        }
    }

    /// Ends the agent's half from this side, answered or not.
    mutating func endAgent(_ bridge: BridgeID, by: EndedBy, reason: String, tellPeer: Bool, _ now: Moment) {
        guard let half = agents[bridge] else { return }
        endings.remember(bridge, by: by, reason: reason)
        if tellPeer { tell(.caller, at: half.peer, .end(bridge, by: by, reason: reason)) }
        let isElsewhere = reason == CallMachine.answeredByAnother
        switch half.phase {
        case .calling:
            emit(.sip(isElsewhere ? .hangUp(half.leg, reason: .elsewhere) : .cancel(half.leg)))
            closeAgent(half, by == .agent ? .failed(.declined) : .withdrawn(reason: reason))
        case .answered:
            emit(.sip(.hangUp(half.leg, reason: isElsewhere ? .elsewhere : nil)))
            closeAgent(half, .withdrawn(reason: reason))
        case .joined:
            emit(.sip(.hangUp(half.leg, reason: nil)))
            closeAgent(half, .finished(by: by, reason: reason))
        }
    }

    private mutating func endedByPhone(_ half: AgentHalf, _ cause: SIPEndCause) {
        let by: EndedBy = cause.isHangUp ? .agent : .network
        endings.remember(half.bridge, by: by, reason: cause.words)
        tell(.caller, at: half.peer, .end(half.bridge, by: by, reason: cause.words))
        closeAgent(half, .finished(by: by, reason: cause.words))
    }

    private mutating func closeAgent(_ half: AgentHalf, _ end: AgentLegEnd) {
        agents[half.bridge] = nil
        let left = agentBridges(of: half.bridge.contact).filter { $0 != half.bridge }
        agentBridgesOf[half.bridge.contact] = left.isEmpty ? nil : left
        legs[half.leg] = nil
        deadlines.set(.agent(half.bridge), nil)
        emit(.event(.agentLegOver(half.bridge, half.agent, end)))
    }
}

extension AgentHalf {
    /// The bridge and the other half's site while caller and agent talk.
    var joined: (BridgeID, SiteID)? {
        phase == .joined ? (bridge, peer) : nil
    }
}

extension SIPReason {
    /// Another phone took the call; a phone that reads it shows no missed call (RFC 3326 §2).
    static let elsewhere = SIPReason(cause: 200, text: "Call completed elsewhere")
}

extension OfferFailure {
    /// What a phone's final response means for the offer.
    init(status: Int) {
        switch status {
        case 408, 480, 487: self = .noAnswer
        case 486, 600: self = .busy
        case 403, 603, 607: self = .declined
        default: self = .phoneUnreachable
        }
    }
}
