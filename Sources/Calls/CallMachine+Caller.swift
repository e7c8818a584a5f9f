package import ContactCenter
package import Kernel
package import SIP

/// The caller's half: from the INVITE to the end of the contact.
extension CallMachine {
    /// Takes a call that arrived as the leg of `contact`; nothing is answered yet beyond the endpoint's 100.
    package mutating func accept(_ call: SIPIncomingCall, as contact: ContactID, now: Moment) {
        guard callers[contact] == nil, legs[call.leg] == nil else { return }
        let waitUntil = now.instant + Limits.callWaitMax
        callers[contact] = CallerHalf(
            contact: contact,
            leg: call.leg,
            session: call.sdp,
            callerNumber: call.caller.isAnonymous ? "" : call.caller.number,
            callerName: call.caller.isAnonymous ? "" : call.caller.displayName,
            expiresAt: waitUntil,
            waitUntil: waitUntil
        )
        legs[call.leg] = .caller(contact)
        sessions[call.leg] = LegSessions(theirs: call.sdp, ours: nil)
        deadlines.set(.caller(contact), waitUntil)
    }

    /// Lets the caller hear that the call is taken: 180, then 182 (RFC 3261 §21.1.4).
    package mutating func announce(_ contact: ContactID) -> [CallOutput] {
        guard let half = callers[contact], case .waiting = half.phase, half.line == .unanswered else { return [] }
        return [
            .sip(.ring(half.leg, status: 180, sdp: nil)), .sip(.ring(half.leg, status: 182, sdp: nil)),
        ]
    }

    /// Asks the half at an agent's site to ring the agent, whom that site has reserved for the contact.
    ///
    /// Several agents may ring for one caller: pass `besideOthers` for each after the first. The first answer wins, all
    /// other bridges end at once.
    ///
    /// The bridge is nil when the caller is gone, has an answer, or is offered elsewhere without `besideOthers`.
    package mutating func offer(
        _ contact: ContactID,
        to agent: AgentID,
        reservation: Int64,
        at peer: SiteID,
        ringTime: Span,
        besideOthers: Bool = false,
        now: Moment
    ) -> (bridge: BridgeID?, outputs: [CallOutput]) {
        guard var half = callers[contact], half.takesOffer(besideOthers: besideOthers) else { return (nil, []) }
        half.attempts += 1
        let bridge = BridgeID(contact: contact, attempt: half.attempts)
        guard isReachable(peer) else {
            callers[contact] = half
            emit(.event(.offerFailed(bridge, .linkLost)))
            return (bridge, settle(now))
        }
        half.add(bridge, at: peer, until: min(half.waitUntil, now.instant + ringTime + Limits.callOfferMargin))
        store(half)
        tell(
            .agent,
            at: peer,
            .offer(
                BridgeOffer(
                    bridge: bridge,
                    agent: agent,
                    reservation: reservation,
                    session: half.line == .unanswered ? half.session : nil,
                    callerNumber: half.callerNumber,
                    callerName: half.callerName
                )
            )
        )
        return (bridge, settle(now))
    }

    /// Refuses a call that was not answered, with a final SIP status.
    package mutating func refuse(_ contact: ContactID, status: Int, reason: String, now: Moment) -> [CallOutput] {
        endCaller(contact, by: .system, reason: reason, status: status, now)
        return settle(now)
    }

    mutating func store(_ half: CallerHalf) {
        callers[half.contact] = half
        let soonest = half.reoffer.expiresAt.map { min($0, half.soonestExpiry) } ?? half.soonestExpiry
        deadlines.set(.caller(half.contact), soonest)
    }

    mutating func handleCaller(_ contact: ContactID, _ event: SIPEvent, _ now: Moment) {
        guard var half = callers[contact] else { return }
        switch event {
        case .cancelled:
            closeCaller(half, by: .customer, reason: "caller gave up")
        case .ended(_, let cause) where half.borrowed != nil:
            closeCaller(half, by: cause.isHangUp ? .agent : .network, reason: cause.words)
            if let own = half.borrowed { handleAgent(own, event, now) }
        case .ended(_, let cause):
            closeCaller(half, by: cause.isHangUp ? .customer : .network, reason: cause.words)
        case .reoffered(let leg, let session):
            if half.joined == nil, half.line == .answered { return answerFromMemory(leg) }
            if let ours = mixReoffered(half, nil, session) { return emit(.sip(.answerReoffer(leg, sdp: ours))) }
            passReoffer(session, &half.reoffer, half.leg, half.joined, to: .agent, now)
            store(half)
        case .reofferAnswered(_, let session): callerTookOffer(&half, session, now)
        case .reofferRejected(_, let status): callerRefusedOffer(&half, status, now)
        case .acknowledged(_, let session):
            if half.lateJoin {
                guard let (bridge, peer) = half.joined else { return }
                half.lateJoin = false
                store(half)
                tell(.agent, at: peer, .acknowledge(bridge, session: session))
            } else {
                passLateAnswer(session, &half.reoffer, half.joined, to: .agent, now)
                store(half)
            }
        case .info(_, let info):
            if let (bridge, peer) = half.joined { tell(.agent, at: peer, .info(bridge, info)) }
        case .referred(let leg, let referral): emit(.event(.referred(.caller(contact), leg, referral)))
        case .ringing(_, _, let session):
            if let session { hear(&half, session, isAnswer: false, now) }
        case .answered(_, let session): hear(&half, session, isAnswer: true, now)
        case .failed(_, let status, let reason):
            let by: EndedBy = status == 408 || status == 480 ? .customer : .network
            closeCaller(half, by: by, reason: "\(reason) (\(status))")
        default: break
        }
    }

    mutating func callerReceives(_ message: BridgeMessage, from peer: SiteID, _ now: Moment) {
        guard !wantedReceives(message, from: peer, now), !guestReceives(message, from: peer, now) else { return }
        guard var half = callers[owner(of: message.bridge)], half.lead({ $0 == message.bridge && $1 == peer }) else {
            refuseLateAnswer(message, from: peer)
            return
        }
        let bridge = message.bridge
        switch message {
        case .progress(_, let session):
            if let session, half.line == .unanswered, half.forks.isEmpty {
                emit(.sip(.ring(half.leg, status: 183, sdp: session)))
            }
            emit(.event(.progress(bridge)))
        case .answer(_, let session):
            guard case .offering = half.phase else { return }
            withdrawForks(&half)
            switch half.line {
            case .unanswered: break
            case .answered: return join(&half, bridge, peer, session, now)
            case .toPlace(let placing): return callNumber(&half, placing, bridge, peer, session, now)
            case .placed: return
            }
            half.line = .answered
            half.lateJoin = half.session == nil
            half.phase = .joined(bridge, peer: peer)
            half.expiresAt = now.instant + Limits.callTalkMax
            store(half)
            emit(.sip(.answer(half.leg, sdp: session)))
            tell(.agent, at: peer, .connected(bridge))
            emit(.event(.joined(bridge)))
        case .reject(_, let failure):
            if case .offering = half.phase { backToQueue(&half, bridge, failure) }
        case .end(_, let by, let reason):
            if half.isTrying {
                if let own = half.borrowed, legs[half.leg] == .caller(half.contact) { lead(half.leg, to: .agent(own)) }
                backToQueue(&half, bridge, by == .agent ? .declined : .phoneUnreachable)
            } else if !promoteGuest(&half, bridge) {
                closeCaller(half, by: by, reason: reason, tellsPeer: false, hangsUp: true)
                if reason == CallMachine.handedOver { leaveBehind(half.contact, now) }
            }
        case .taken:
            if case .joining = half.phase, half.handedBy != nil { joined(&half, bridge, peer, now) }
        case .reoffer, .reofferAnswer, .reofferReject: changeReceived(message, &half, bridge, peer, now)
        case .info(_, let info):
            if half.joined != nil { emit(.sip(.info(half.leg, info))) }
        case .handOver(let old, let other): receiveHandOver(&half, old, other, now)
        case .unknown:
            if case .offering = half.phase { backToQueue(&half, bridge, .linkLost) } else { orphan(bridge) }
        default: break
        }
    }

    mutating func callerLostLink(_ contact: ContactID, to peer: SiteID, _ now: Moment) {
        guard var half = callers[contact] else { return }
        switch half.phase {
        case .waiting: break
        case .offering:
            while half.lead({ $1 == peer }), let bridge = half.bridge { backToQueue(&half, bridge, .linkLost) }
        case .joining(let bridge, peer):
            strand(half, bridge, at: peer)
            backToQueue(&half, bridge, .linkLost)
        case .joining: break
        case .joined:
            if half.peer == peer || half.handOver?.other.peer == peer { dropHandOver(&half) }
            cut(&half, peer)
            store(half)
            dropAbsent(&half, peer)
        }
    }

    mutating func expireCaller(_ contact: ContactID, _ now: Moment) {
        guard var half = callers[contact] else { return }
        roomDue(&half, now)
        if let limit = half.reoffer.expiresAt, limit <= now.instant {
            dropReoffer(&half.reoffer, half.leg)
            store(half)
            goOn(contact)
            half = callers[contact] ?? half
        }
        if let limit = half.handOver?.expiresAt, limit <= now.instant { dropHandOver(&half) }
        while now.instant < half.waitUntil, half.leadOverdue(at: now.instant),
            case .offering(let bridge, let peer) = half.phase
        {
            tell(.agent, at: peer, .end(bridge, by: .system, reason: "no word in time"))
            backToQueue(&half, bridge, .timeout)
        }
        if case .joining(let bridge, let peer) = half.phase, half.expiresAt <= now.instant {
            tell(.agent, at: peer, .end(bridge, by: .network, reason: "no word in time"))
            backToQueue(&half, bridge, .timeout)
        }
        guard half.expiresAt > now.instant else {
            return endCaller(contact, by: .system, reason: "took too long", status: 480, now)
        }
        store(half)
    }

    /// Ends the caller's half from this side, answered or not.
    mutating func endCaller(_ contact: ContactID, by: EndedBy, reason: String, status: Int, _ now: Moment) {
        guard let half = callers[contact] else { return }
        switch half.line {
        case .toPlace: return closeCaller(half, by: by, reason: reason)
        case .answered, .placed: return closeCaller(half, by: by, reason: reason, hangsUp: true)
        case .unanswered: break
        }
        if half.joined == nil {
            emit(.sip(.reject(half.leg, status: status, reason: nil, headers: [])))
            closeCaller(half, by: by, reason: reason)
        } else {
            closeCaller(half, by: by, reason: reason, hangsUp: true)
        }
    }

    /// The leading bridge is over; the next fork leads, and after the last one the caller waits again.
    mutating func backToQueue(_ half: inout CallerHalf, _ bridge: BridgeID, _ failure: OfferFailure) {
        let wasJoining = if case .joining = half.phase { true } else { half.handedBy != nil }
        half.dropLead()
        half.delayed = nil
        half.handedBy = nil
        forgetAdopted(bridge)
        store(half)
        endings.remember(bridge, by: .system, reason: "offer over: \(failure.rawValue)")
        emit(.event(.offerFailed(bridge, failure)))
        if wasJoining, half.borrowed == nil { emit(.event(.alone(half.contact))) }
    }

    mutating func closeCaller(
        _ half: CallerHalf,
        by: EndedBy,
        reason: String,
        tellsPeer: Bool = true,
        hangsUp: Bool = false
    ) {
        var half = half
        dropHandOver(&half, tellsAgent: false)
        closeRoom(&half, by: by, reason: reason)
        callers[half.contact] = nil
        if half.borrowed == nil { forget(half.leg) } else { giveLegBack(half) }
        deadlines.set(.caller(half.contact), nil)
        // The bridge of a consultation that was handed over belongs to the customer by now.
        if let bridge = half.bridge, owner(of: bridge) == half.contact { forgetAdopted(bridge) }
        if hangsUp, half.borrowed == nil { emit(.sip(.hangUp(half.leg, reason: nil))) }
        for fork in half.forks {
            endings.remember(fork.bridge, by: by, reason: reason)
            tell(.agent, at: fork.peer, .end(fork.bridge, by: by, reason: reason))
        }
        if let bridge = half.bridge, let peer = half.peer {
            endings.remember(bridge, by: by, reason: reason)
            if !isReachable(peer) { strand(half, bridge, at: peer) }
            if tellsPeer { tell(.agent, at: peer, .end(bridge, by: by, reason: reason)) }
        }
        emit(.event(.ended(half.contact, by: by, reason: reason)))
    }

    /// Another agent has answered first: all forks end, so that one agent alone is joined.
    private mutating func withdrawForks(_ half: inout CallerHalf) {
        for fork in half.forks {
            let reason = CallMachine.answeredByAnother
            endings.remember(fork.bridge, by: .system, reason: reason)
            tell(.agent, at: fork.peer, .end(fork.bridge, by: .system, reason: reason))
            emit(.event(.offerFailed(fork.bridge, .answeredElsewhere)))
        }
        half.forks = []
    }

    /// An answer that comes when the caller is gone or was offered elsewhere: its agent must not be left alone.
    private mutating func refuseLateAnswer(_ message: BridgeMessage, from peer: SiteID) {
        guard case .answer(let bridge, _) = message else { return }
        let ending = endings[bridge]
        tell(
            .agent,
            at: peer,
            .end(bridge, by: ending?.by ?? .network, reason: ending?.reason ?? "the caller is not here")
        )
    }
}

extension CallerHalf {
    /// Whether the phone of a bridge has yet to answer the mixer.
    func isAsked(_ bridge: BridgeID) -> Bool { room?.parties.contains { $0.bridge == bridge && $0.isAsked } ?? false }

    /// Whether its leg is an agent's, which leads elsewhere at the moment.
    func isBeside(_ leading: CallMachine.HalfKey?) -> Bool { borrowed != nil && leading != .caller(contact) }

    /// Whether an agent's phone rings, or has been answered by somebody with whom the caller is not joined yet.
    var isTrying: Bool {
        switch phase {
        case .offering, .joining: true
        case .waiting, .joined: false
        }
    }

    /// The bridge and the other half's site while caller and agent talk.
    var joined: (BridgeID, SiteID)? {
        if case .joined(let bridge, let peer) = phase { (bridge, peer) } else { nil }
    }
}
