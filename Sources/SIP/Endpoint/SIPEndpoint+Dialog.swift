import Kernel

extension SIPEndpoint {
    /// A request within a call.
    mutating func receiveInDialog(
        _ envelope: SIPEnvelope,
        _ key: ServerTransactionKey,
        _ method: SIPMethod,
        _ packet: SIPPacket,
        now: Instant
    ) {
        guard let leg = leg(of: envelope) else {
            refuse(envelope, packet, SIPRefusal(481))
            return
        }
        if let last = leg.dialog.remoteCSeq, envelope.cseq <= last {
            refuse(envelope, packet, SIPRefusal(500, "CSeq Out Of Order"))
            return
        }
        noteRemoteCSeq(leg, envelope.cseq)
        if leg.dialog.destination.flow == nil, packet.flow != nil, leg.phase == .confirmed {
            // The phone came back over a new connection.
            pin(leg.id, to: SIPDestination(replyingTo: packet))
        }
        switch method {
        case .bye: receiveBye(leg, envelope, key, packet, now: now)
        case .invite, .update: receiveReoffer(leg, envelope, key, packet, now: now)
        case .info: receiveInfo(leg, envelope, key, packet, now: now)
        case .prack: receivePrack(leg, envelope, key, packet, now: now)
        case .refer: receiveRefer(leg, envelope, key, packet, now: now)
        case .notify: receiveNotify(leg, envelope, key, packet, now: now)
        case .options:
            let serial = openServer(envelope, key, packet, tag: leg.dialog.localTag, now: now)
            respond(serial, SIPRefusal(200), now: now)
        case .unknown: refuse(leg, envelope, key, packet, SIPRefusal(501, headers: [.allow]), now: now)
        default: refuse(leg, envelope, key, packet, SIPRefusal(405, headers: [.allow]), now: now)
        }
    }

    /// Refuses a request whose CSeq has been noted: its copies would otherwise look out of order.
    mutating func refuse(
        _ leg: SIPLeg,
        _ envelope: SIPEnvelope,
        _ key: ServerTransactionKey,
        _ packet: SIPPacket,
        _ refusal: SIPRefusal,
        now: Instant
    ) {
        let serial = openServer(envelope, key, packet, tag: leg.dialog.localTag, now: now)
        respond(serial, refusal, now: now)
    }

    private mutating func receiveBye(
        _ leg: SIPLeg,
        _ envelope: SIPEnvelope,
        _ key: ServerTransactionKey,
        _ packet: SIPPacket,
        now: Instant
    ) {
        let serial = openServer(envelope, key, packet, tag: leg.dialog.localTag, now: now)
        respond(serial, SIPRefusal(200), now: now)
        let reason = SIPReason(envelope.message)
        switch leg.phase {
        case .incoming(let invite):
            respond(invite, SIPRefusal(487), now: now)
            report(.cancelled(leg.id, reason: reason), of: leg.id)
        case .outgoing, .closing: return
        case .confirmed:
            dropOffers(leg, now: now)
            report(.ended(leg.id, .remoteHangUp(reason)), of: leg.id)
        }
        removeLeg(leg.id)
    }

    /// Ends what was being negotiated when the call ends.
    private mutating func dropOffers(_ leg: SIPLeg, now: Instant) {
        if let offer = leg.incomingOffer { respond(offer.server, SIPRefusal(487), now: now) }
        legs[leg.id]?.incomingOffer = nil
        legs[leg.id]?.outgoingOffer = nil
        if let server = referrals[leg.id]?.server { respond(server, SIPRefusal(487), now: now) }
        referrals[leg.id] = nil
    }

    /// The owner ends a leg, whatever its state.
    mutating func hangUp(_ id: SIPLegID, reason: SIPReason?, now: Instant) {
        guard let leg = legs[id], leg.isReported else { return }
        switch leg.phase {
        case .incoming: reject(id, SIPRefusal(480), now: now)
        case .outgoing: cancel(id, reason: reason, now: now)
        case .closing: break
        case .confirmed:
            legs[id]?.isReported = false
            legs[id]?.session = nil
            dropOffers(leg, now: now)
            if leg.lateAcknowledgement != nil { acknowledge(id, sdp: [], now: now) }
            if leg.answer != nil || holdsBye(id, now: now) {
                // The called side may not hang up before the ACK (RFC 3261 §15).
                legs[id]?.hangUpWaiting = (reason, ())
            } else {
                sendBye(id, reason: reason, now: now)
            }
        }
    }

    /// Sends BYE; the leg stays until the response, to treat a crossing BYE kindly.
    mutating func sendBye(_ id: SIPLegID, reason: SIPReason?, now: Instant) {
        if let leg = legs[id] { dropOffers(leg, now: now) }
        guard var leg = legs[id] else { return }
        errands[id] = nil
        leg.phase = .closing
        leg.isReported = false
        leg.hangUpWaiting = nil
        leg.session = nil
        leg.answer = nil
        leg.graceUntil = nil
        leg.dialog.localCSeq += 1
        let key = ClientTransactionKey(branch: identifiers.next())
        let destination = leg.dialog.destination
        var writer = leg.dialog.request(.bye, cseq: leg.dialog.localCSeq, via: viaText(key, destination))
        if let reason { writer.header(.reason, reason.headerValue) }
        writer.header(.userAgent, configuration.product)
        let bytes = writer.finish(sdp: nil)
        legs[id] = leg
        openClient(key, .bye, bytes, to: destination, owner: .bye(id), now: now)
    }
}
