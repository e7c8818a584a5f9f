import Kernel

extension SIPEndpoint {
    /// A re-INVITE or UPDATE (RFC 3261 §14.2, RFC 3311 §5.2).
    mutating func receiveReoffer(
        _ leg: SIPLeg,
        _ envelope: SIPEnvelope,
        _ key: ServerTransactionKey,
        _ packet: SIPPacket,
        now: Instant
    ) {
        let isInvite = key.method == .invite
        guard leg.phase == .confirmed, leg.isReported else {
            refuse(leg, envelope, key, packet, SIPEndpoint.earlyAnswer(leg, envelope, isInvite), now: now)
            return
        }
        let sdp: [UInt8]?
        do {
            let wish = try sessionWish(envelope)
            legs[leg.id]?.sessionWish = wish
            sdp = try envelope.sessionDescription()
        } catch {
            refuse(leg, envelope, key, packet, error, now: now)
            return
        }
        if isInvite || sdp != nil {
            // Two offers at once: ours is out (491), or theirs is not answered yet (500).
            if leg.outgoingOffer?.client != nil {
                refuse(leg, envelope, key, packet, SIPRefusal(491), now: now)
                return
            }
            if leg.incomingOffer != nil || leg.answer != nil || leg.lateAcknowledgement != nil {
                refuse(leg, envelope, key, packet, SIPRefusal(500, headers: [.retrySoon]), now: now)
                return
            }
        }
        refreshTarget(leg, envelope, packet)
        let serial = openServer(envelope, key, packet, tag: leg.dialog.localTag, now: now)
        servers[serial]?.leg = leg.id
        guard isInvite || sdp != nil else {
            answerUpdate(leg.id, serial, sdp: nil, now: now)
            return
        }
        legs[leg.id]?.incomingOffer = SIPLeg.IncomingOffer(
            server: serial,
            isInvite: isInvite,
            cseq: envelope.cseq,
            hasOffer: sdp != nil,
            until: now + Limits.sipReofferTime
        )
        if isInvite { respond(serial, SIPRefusal(100), now: now) }
        scheduleLeg(leg.id)
        report(.reoffered(leg.id, sdp: sdp), of: leg.id)
    }

    /// A new Contact moves the call; the way there follows the packet.
    private mutating func refreshTarget(_ leg: SIPLeg, _ envelope: SIPEnvelope, _ packet: SIPPacket) {
        var dialog = leg.dialog
        dialog.refreshTarget(envelope)
        dialog.remoteCSeq = envelope.cseq
        legs[leg.id]?.learn(envelope.message)
        dialog.aim(viaCount: envelope.message.list(.via).count, source: SIPDestination(replyingTo: packet))
        pin(leg.id, to: dialog.destination)
        legs[leg.id]?.dialog = dialog
    }

    /// The owner answers the peer's new offer.
    mutating func answerReoffer(_ id: SIPLegID, sdp: [UInt8], now: Instant) {
        guard let offer = legs[id]?.incomingOffer else { return }
        legs[id]?.incomingOffer = nil
        if offer.isInvite {
            sendAnswer(id, offer.server, cseq: offer.cseq, sdp: sdp, isOffer: !offer.hasOffer, now: now)
        } else {
            answerUpdate(id, offer.server, sdp: ownSession(id, sdp), now: now)
        }
    }

    /// A 200 to an UPDATE.
    private mutating func answerUpdate(_ id: SIPLegID, _ serial: UInt64, sdp: [UInt8]?, now: Instant) {
        let contact = contactText(id)
        let session = settleSession(id, now: now)
        respond(serial, SIPRefusal(200), sdp: sdp, now: now) { writer in
            writer.header(.contact, contact)
            writer.header(.allow, SIPMethod.allowed)
            writer.header(.supported, SIPOption.supported)
            for (name, value) in session { writer.header(name, value) }
        }
    }

    /// What a new offer hears before the call is answered, or when it is over.
    private static func earlyAnswer(_ leg: SIPLeg, _ envelope: SIPEnvelope, _ isInvite: Bool) -> SIPRefusal {
        guard leg.isReported, leg.phase != .closing else { return SIPRefusal(481) }
        // Without an offer there is nothing to decide (RFC 3311 §5.2).
        if !isInvite, envelope.message.body.isEmpty { return SIPRefusal(200) }
        if case .outgoing = leg.phase { return SIPRefusal(491) }
        return SIPRefusal(500, headers: [.retrySoon])
    }

    /// The owner refuses the peer's new offer.
    mutating func rejectReoffer(_ id: SIPLegID, status: Int, now: Instant) {
        guard let offer = legs[id]?.incomingOffer, (300...699).contains(status) else { return }
        legs[id]?.incomingOffer = nil
        respond(offer.server, SIPRefusal(status), now: now)
    }

    /// The owner has a new offer for the peer; it takes the place of one under way, of which nothing more is reported.
    mutating func reoffer(_ id: SIPLegID, sdp: [UInt8], now: Instant) {
        guard let leg = legs[id], leg.phase == .confirmed, leg.isReported else { return }
        guard leg.outgoingOffer == nil else {
            legs[id]?.outgoingOffer?.following = sdp
            return
        }
        legs[id]?.outgoingOffer = SIPLeg.OutgoingOffer(sdp: sdp)
        sendReoffer(id, now: now)
        scheduleLeg(id)
    }

    /// Sends our offer, or waits while another INVITE is open.
    mutating func sendReoffer(_ id: SIPLegID, now: Instant) {
        guard var leg = legs[id], var offer = leg.outgoingOffer, offer.client == nil else { return }
        if leg.isBusy {
            retryReoffer(id, after: Limits.sipT1, now: now)
            return
        }
        offer.retryAt = nil
        leg.dialog.localCSeq += 1
        let key = ClientTransactionKey(branch: identifiers.next())
        offer.client = key
        leg.outgoingOffer = offer
        let destination = leg.dialog.destination
        var writer = leg.dialog.request(.invite, cseq: leg.dialog.localCSeq, via: viaText(key, destination))
        writer.header(.contact, contactText(id))
        writer.header(.allow, SIPMethod.allowed)
        writer.header(.supported, SIPOption.supported)
        writeSession(leg, to: &writer)
        writer.header(.userAgent, configuration.product)
        legs[id] = leg
        let bytes = writer.finish(sdp: ownSession(id, offer.sdp))
        openClient(key, .invite, bytes, to: destination, owner: .reoffer(id), now: now)
    }

    /// Forgets our offer and starts the one that waited behind it; false when the owner has to hear of it.
    private mutating func settleOffer(_ id: SIPLegID, now: Instant) -> Bool {
        guard let offer = legs[id]?.outgoingOffer else { return true }
        legs[id]?.outgoingOffer = nil
        guard let sdp = offer.following else { return offer.isSilent }
        // Not in one breath with the ACK of the first, which it might overtake.
        legs[id]?.outgoingOffer = SIPLeg.OutgoingOffer(sdp: sdp, retryAt: now + Limits.sipT1)
        scheduleLeg(id)
        return true
    }

    private mutating func retryReoffer(_ id: SIPLegID, after span: Span, now: Instant) {
        guard let attempts = legs[id]?.outgoingOffer?.attempts else { return }
        guard attempts < Limits.sipReofferAttemptsMax else {
            refreshRefused(id, nil, 491, now: now)
            if !settleOffer(id, now: now) { report(.reofferRejected(id, status: 491), of: id) }
            return
        }
        legs[id]?.outgoingOffer?.attempts = attempts + 1
        legs[id]?.outgoingOffer?.client = nil
        legs[id]?.outgoingOffer?.retryAt = now + span
        scheduleLeg(id)
    }

    /// The peer took our offer.
    mutating func reofferSucceeded(
        _ id: SIPLegID,
        _ envelope: SIPEnvelope,
        _ key: ClientTransactionKey,
        now: Instant
    ) {
        guard var dialog = legs[id]?.dialog else { return }
        dialog.refreshTarget(envelope)
        legs[id]?.dialog = dialog
        acknowledge(&dialog, cseq: envelope.cseq, tag: dialog.remoteTag, key, sdp: nil)
        guard legs[id]?.outgoingOffer?.client == key else { return }
        legs[id]?.learn(envelope.message)
        sessionAnswered(id, envelope, now: now)
        if settleOffer(id, now: now) { return }
        report(.reofferAnswered(id, sdp: ((try? envelope.sessionDescription()) ?? nil) ?? []), of: id)
    }

    /// The peer did not take our offer (RFC 3261 §14.1).
    mutating func reofferFailed(_ id: SIPLegID, _ envelope: SIPEnvelope? = nil, status: Int, now: Instant) {
        guard let leg = legs[id], leg.outgoingOffer?.client != nil else { return }
        switch status {
        case 491:
            // Whoever made the Call-ID waits longer, so that the second tries do not cross again.
            let tenths = id.isIncoming ? identifiers.below(200) : 210 + identifiers.below(190)
            retryReoffer(id, after: .milliseconds(Int64(tenths) * 10), now: now)
        case 500 where envelope.map({ $0.message.list(.retryAfter).isEmpty }) == false:
            // The peer has yet to get our ACK, or is answering something else (RFC 3261 §14.2).
            retryReoffer(id, after: .seconds(1), now: now)
        case 408, 481:
            legs[id]?.outgoingOffer = nil
            report(.ended(id, .lost(status: status)), of: id)
            sendBye(id, reason: nil, now: now)
        case 422 where envelope.map({ lengthenSession(id, $0) }) == true:
            retryReoffer(id, after: Limits.sipT1, now: now)
        default:
            if leg.session?.refreshAt == nil { refreshRefused(id, nil, status, now: now) }
            if !settleOffer(id, now: now) { report(.reofferRejected(id, status: status), of: id) }
        }
    }
}

extension SIPExtraHeader {
    /// Try again within ten seconds (RFC 3261 §14.2).
    static let retrySoon = SIPExtraHeader(name: "Retry-After", value: "3")
}
