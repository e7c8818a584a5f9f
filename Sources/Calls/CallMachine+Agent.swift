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
        answersItself: Bool = false,
        awaitsDesk: Bool = false,
        now: Moment
    ) -> [CallOutput] {
        guard agents[offer.bridge] == nil else { return [] }
        var half = AgentHalf(
            bridge: offer.bridge,
            agent: offer.agent,
            peer: peer,
            leg: newLeg(),
            expiresAt: now.instant + ringTime + Limits.callOfferMargin
        )
        var invitation = SIPInvitation(
            target: .user(sipUser),
            from: offer.callerNumber,
            displayName: offer.callerName,
            headers: headers,
            sdp: offer.session,
            ringTimeout: ringTime
        )
        invitation.answersItself = answersItself || awaitsDesk
        guard awaitsDesk else {
            openAgentHalf(half, invitation)
            return settle(now)
        }
        half.phase = .calling(rings: true)
        half.awaitsDesk = invitation
        add(half)
        tell(.caller, at: peer, .progress(half.bridge, session: nil))
        return settle(now)
    }

    /// The agent takes at her desk a call that rings there: now her phone is called, and asked to answer by itself.
    package mutating func answerAtDesk(_ bridge: BridgeID, now: Moment) -> [CallOutput] {
        guard var half = agents[bridge], let invitation = half.awaitsDesk else { return settle(now) }
        half.awaitsDesk = nil
        store(half)
        emit(.sip(.invite(half.leg, invitation)))
        return settle(now)
    }

    /// Whether a call rings at the desk and not at the phone.
    package func awaitsDesk(_ bridge: BridgeID) -> Bool { agents[bridge]?.awaitsDesk != nil }

    /// Calls the phone of an agent's half, or the number outside that stands in for one.
    mutating func openAgentHalf(_ half: AgentHalf, _ invitation: SIPInvitation) {
        add(half)
        emit(.sip(.invite(half.leg, invitation)))
    }

    private mutating func add(_ half: AgentHalf) {
        legs[half.leg] = .agent(half.bridge)
        let ringing = agentBridges(of: half.bridge.contact)
        agentBridgesOf[half.bridge.contact] = (ringing + [half.bridge]).sorted()
        store(half)
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
        let others = [half.reoffer.expiresAt, half.adoption?.expiresAt, half.repeatAt].compactMap { $0 }
        deadlines.set(.agent(half.bridge), others.reduce(half.expiresAt) { min($0, $1) })
    }

    mutating func handleAgent(_ bridge: BridgeID, _ event: SIPEvent, _ now: Moment) {
        guard var half = agents[bridge] else { return }
        switch event {
        case .ringing(_, let status, let session):
            guard case .calling(let rings) = half.phase, status != 100 else { return }
            if !rings || session != nil { tell(.caller, at: half.peer, .progress(bridge, session: session)) }
            guard !rings else { return }
            half.phase = .calling(rings: true)
            store(half)
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
        case .reoffered(let leg, _) where half.adoption != nil:
            // To whom it leads is being decided.
            emit(.sip(.rejectReoffer(leg, status: 491)))
        case .reoffered(_, let session):
            passReoffer(session, &half.reoffer, half.leg, half.joined, to: .caller, now)
            store(half)
        case .reofferAnswered(_, let session):
            if half.reoffer.waiting == .ownPhone { return followed(&half) }
            passReofferAnswer(session, &half.reoffer, half.joined, to: .caller)
            store(half)
        case .reofferRejected(_, let status):
            if half.reoffer.waiting == .ownPhone { return followed(&half) }
            rejectReoffer(status, &half.reoffer, half.joined, to: .caller)
            store(half)
        case .info(_, let info):
            if half.phase == .joined { tell(.caller, at: half.peer, .info(bridge, info)) }
        case .referred(let leg, let referral): emit(.event(.referred(.agent(bridge), leg, referral)))
        case .acknowledged(_, let session): passLateAnswer(session, &half.reoffer, half.joined, to: .caller, now)
        default: break
        }
    }

    mutating func agentReceives(_ message: BridgeMessage, from peer: SiteID, _ now: Moment) {
        if case .adopt(let bridge, let number, let name) = message {
            return receiveAdoption(bridge, by: peer, number: number, name: name, now)
        }
        guard var half = agents[message.bridge], half.peer == peer || half.adoption?.by == peer,
            !adopterSays(message, &half, from: peer, now)
        else { return }
        let bridge = half.bridge
        switch message {
        case .connected:
            guard half.phase == .answered else { return }
            half.phase = .joined
            half.expiresAt = now.instant + Limits.callTalkMax
            store(half)
            emit(.event(.connected(bridge)))
        case .acknowledge(_, let session): emit(.sip(.acknowledge(half.leg, sdp: session)))
        case .info(_, let info):
            if half.phase == .joined { emit(.sip(.info(half.leg, info))) }
        case .handOverRefused: stay(bridge)
        case .guestTaken:
            // All three speak: the customer, who waited while somebody was asked, does so no longer.
            agents[bridge]?.isHeld = false
            leave(bridge)
        case .end(_, let by, let reason):
            endAgent(bridge, by: by, reason: reason, tellPeer: false, now)
        case .reoffer where half.consults || half.isHeld && half.reoffer.waiting == nil:
            // The leg leads to whoever is consulted, or the desk holds: the customer waits on, whatever the phone asks.
            let last = sessions[half.leg]?.theirs ?? []
            tell(.caller, at: peer, .reofferAnswer(bridge, session: SessionHold.inactive(last)))
        case .reoffer(_, let session):
            receiveReoffer(session, &half.reoffer, half.leg, bridge, peer, half.joined != nil, sender: .caller, now)
            store(half)
        case .reofferAnswer where half.reoffer.waiting == .nobody, .reofferReject where half.reoffer.waiting == .nobody:
            followed(&half)
        case .reofferAnswer(_, let session) where half.reoffer.waiting == .desk: turned(&half, session, now)
        case .reofferReject where half.reoffer.waiting == .desk: notTurned(&half, now)
        case .reofferAnswer, .reofferReject:
            if case .reofferAnswer = message, half.reoffer.waiting == .ourParty { half.holds = half.reoffer.isHold }
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
            cut(&half)
            store(half)
        }
    }

    mutating func expireAgent(_ bridge: BridgeID, _ now: Moment) {
        guard var half = agents[bridge] else { return }
        if let limit = half.reoffer.expiresAt, limit <= now.instant {
            if half.reoffer.isRepeat { tryAgain(&half, now) }
            dropReoffer(&half.reoffer, half.leg)
        }
        if let adoption = half.adoption, adoption.expiresAt <= now.instant {
            return endAgent(bridge, by: .network, reason: "the call could not be passed on", tellPeer: true, now)
        }
        guard half.expiresAt <= now.instant else {
            store(half)
            if let at = half.repeatAt, at <= now.instant { repeatSession(bridge, now) }
            return
        }
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
            if handOvers[bridge] != nil, reason == CallMachine.handedOver { leave(bridge) }
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
        handOvers[half.bridge] = nil
        endConsultation(of: half)
        if let adoption = half.adoption, adoption.by != half.peer, let ending = endings[half.bridge] {
            tell(.caller, at: adoption.by, .end(half.bridge, by: ending.by, reason: ending.reason))
        }
        forget(half.leg)
        deadlines.set(.agent(half.bridge), nil)
        if let agent = half.agent {
            emit(.event(.agentLegOver(half.bridge, agent, end)))
        } else {
            emit(.event(.outsideLegOver(half.bridge, end)))
        }
    }

    /// An agent whose call is over no longer asks anybody beside it.
    private mutating func endConsultation(of half: AgentHalf) {
        guard let contact = half.consult, let asked = callers[contact] else { return }
        closeCaller(asked, by: .agent, reason: "the agent's call is over")
    }
}

extension AgentHalf {
    /// Whether they talk, and nothing about the session is open.
    var isSettled: Bool {
        phase == .joined && consult == nil && adoption == nil && reoffer.waiting == nil && !isUnsure
    }

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
