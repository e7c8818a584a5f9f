package import Kernel

extension SIPEndpoint {
    /// Adds a leg to all indexes.
    mutating func addLeg(_ leg: SIPLeg) {
        legs[leg.id] = leg
        legByTag[leg.dialog.localTag] = leg.id
        if let flow = leg.dialog.destination.flow { legsByFlow[flow, default: []].append(leg.id) }
    }

    /// Forgets a leg.
    mutating func removeLeg(_ id: SIPLegID) {
        guard let leg = legs.removeValue(forKey: id) else { return }
        leaveTrunk(id)
        errands[id] = nil
        referrals[id] = nil
        reliable[id] = nil
        forks[id] = nil
        legByTag[leg.dialog.localTag] = nil
        if let flow = leg.dialog.destination.flow { detach(id, from: flow) }
    }

    /// Moves a leg to another connection or address.
    mutating func pin(_ id: SIPLegID, to destination: SIPDestination) {
        guard let old = legs[id]?.dialog.destination else { return }
        legs[id]?.dialog.destination = destination
        legs[id]?.graceUntil = nil
        guard old.flow != destination.flow else { return }
        if let flow = old.flow { detach(id, from: flow) }
        if let flow = destination.flow { legsByFlow[flow, default: []].append(id) }
    }

    private mutating func detach(_ id: SIPLegID, from flow: UInt64) {
        legsByFlow[flow]?.removeAll { $0 == id }
        if legsByFlow[flow]?.isEmpty == true { legsByFlow[flow] = nil }
    }

    /// Learns that a stream connection closed.
    package mutating func flowClosed(_ flow: UInt64, now: Moment) -> [SIPOutput] {
        streams.close(flow)
        lostFlow(flow, now: now.instant)
        return advance(now: now)
    }

    /// What hung on a connection: phones are unreachable, calls wait a little for their phone to come back.
    mutating func lostFlow(_ flow: UInt64, now: Instant) {
        for user in registrar.flowClosed(flow) {
            outputs.append(.event(.unregistered(user: user)))
        }
        for id in legsByFlow.removeValue(forKey: flow) ?? [] {
            guard let leg = legs[id] else { continue }
            legs[id]?.dialog.destination.flow = nil
            switch leg.phase {
            case .incoming(let serial):
                respond(serial, SIPRefusal(487), now: now)
                report(.cancelled(id, reason: nil), of: id)
                removeLeg(id)
            case .outgoing(let client):
                clients[client]?.owner = .nobody
                report(.failed(id, status: 503, reason: "Connection Lost"), of: id)
                removeLeg(id)
            case .confirmed:
                // An answer that waits for its ACK would follow, to whomever the peer names.
                if leg.answer == nil, let way = wayWithoutFlow(leg, now: now) {
                    legs[id]?.dialog.destination = way
                    break
                }
                legs[id]?.graceUntil = now + Limits.sipFlowGrace
                if let user = leg.user { waitingForPhone[user, default: []].append(id) }
                scheduleLeg(id)
            case .closing: break
            }
        }
    }

    /// The leg that a request with a To tag belongs to (RFC 3261 §12.2.2).
    func leg(of envelope: SIPEnvelope) -> SIPLeg? {
        guard let text = envelope.toTag, let tag = ASCII.hexNumber(text.utf8),
            let id = legByTag[tag], var leg = legs[id], leg.dialog.callID.elementsEqual(envelope.callID)
        else { return nil }
        if leg.dialog.remoteTag == envelope.fromTag { return leg }
        // A phone of a call of ours that is not answered yet.
        guard case .outgoing = leg.phase,
            let early = forks[id]?.first(where: { $0.dialog.remoteTag == envelope.fromTag })
        else { return nil }
        leg.dialog = early.dialog
        return leg
    }

    /// Something of a leg is due.
    mutating func legDue(_ id: SIPLegID, now: Instant) {
        if let until = legs[id]?.graceUntil, until <= now {
            if let user = legs[id]?.user { waitingForPhone[user] = nil }
            report(.ended(id, .connectionLost), of: id)
            removeLeg(id)
            return
        }
        if let until = legs[id]?.ringUntil, until <= now {
            legs[id]?.ringUntil = nil
            report(.failed(id, status: 408, reason: "No Answer"), of: id)
            cancel(id, now: now)
            return
        }
        if let at = legs[id]?.refreshAt, at <= now { refreshProgress(id, now: now) }
        reliableDue(id, now: now)
        referralDue(id, now: now)
        errandDue(id, now: now)
        sessionDue(id, now: now)
        if let until = legs[id]?.incomingOffer?.until, until <= now { rejectReoffer(id, status: 500, now: now) }
        if let at = legs[id]?.outgoingOffer?.retryAt, at <= now { sendReoffer(id, now: now) }
        repeatAnswer(id, now: now)
    }

    /// When something that lies beside a leg is due.
    func sideDeadline(_ id: SIPLegID) -> Instant? {
        let next = earlier(reliable[id]?.deadline, referrals[id]?.until)
        return earlier(next, errands[id]?.byeAt)
    }

    private mutating func refreshProgress(_ id: SIPLegID, now: Instant) {
        guard let progress = legs[id]?.lastProgress else { return }
        ring(id, status: progress.status, sdp: progress.sdp, now: now)
    }

    /// Repeats a 2xx until its ACK comes; gives the call up when none does (RFC 3261 §13.3.1.4).
    private mutating func repeatAnswer(_ id: SIPLegID, now: Instant) {
        guard let leg = legs[id], let answer = leg.answer else { return }
        if answer.endsAt <= now {
            legs[id]?.answer = nil
            report(.ended(id, .notAcknowledged), of: id)
            sendBye(id, reason: leg.hangUpWaiting?.reason, now: now)
            return
        }
        if legs[id]?.answer?.repetition.fires(now) == true {
            send(answer.bytes, to: answer.source ?? leg.dialog.destination)
        }
    }
}
