import Kernel

/// Provisional responses that the caller confirms by PRACK (RFC 3262 §3).
extension SIPEndpoint {
    /// Queues a reliable provisional response; the newest takes the last place when the queue is full.
    mutating func ringReliably(_ id: SIPLegID, _ serial: UInt64, status: Int, sdp: [UInt8]?, now: Instant) {
        var progress = reliable[id] ?? SIPReliableProgress(first: UInt32(1 + identifiers.below(1 << 30)))
        if progress.waiting.count >= Limits.sipProgressQueueMax,
            let index = progress.waiting.lastIndex(where: { $0.sdp == nil })
        {
            progress.waiting.remove(at: index)
        }
        progress.waiting.append((status, sdp))
        if sdp != nil { progress.hasSession = true }
        reliable[id] = progress
        sendReliable(id, serial, now: now)
    }

    private mutating func sendReliable(_ id: SIPLegID, _ serial: UInt64, now: Instant) {
        guard var progress = reliable[id], progress.open == nil, !progress.waiting.isEmpty else { return }
        let (status, sdp) = progress.waiting.removeFirst()
        let number = progress.next
        let contact = contactText(id)
        let session = sdp.map { ownSession(id, $0) }
        let bytes = respond(serial, SIPRefusal(status), sdp: session, now: now) {
            $0.header(.contact, contact)
            $0.header(.require, "100rel")
            $0.header(.rseq, String(number))
            $0.header(.allow, SIPMethod.allowed)
        }
        guard let bytes else { return }
        progress.next += 1
        progress.open = SIPReliableProgress.Open(
            rseq: number,
            bytes: bytes,
            repetition: RetransmitTimer(now: now, intervalMax: Limits.sipTransactionTime),
            endsAt: now + Limits.sipTransactionTime,
            hasSession: session != nil
        )
        reliable[id] = progress
        scheduleLeg(id)
    }

    /// Repeats what is not confirmed; gives the call up when nothing comes.
    mutating func reliableDue(_ id: SIPLegID, now: Instant) {
        guard let open = reliable[id]?.open, open.repetition != nil, case .incoming(let serial) = legs[id]?.phase
        else { return }
        if open.endsAt <= now {
            respond(serial, SIPRefusal(504), now: now)
            // An owner that has answered knows the call as an answered one.
            let isAnswered = reliable[id]?.answer != nil
            report(isAnswered ? .ended(id, .notAcknowledged) : .cancelled(id, reason: nil), of: id)
            removeLeg(id)
            return
        }
        if reliable[id]?.open?.repetition?.fires(now) == true, let destination = servers[serial]?.destination {
            send(open.bytes, to: destination)
        }
    }

    /// A PRACK.
    mutating func receivePrack(
        _ leg: SIPLeg,
        _ envelope: SIPEnvelope,
        _ key: ServerTransactionKey,
        _ packet: SIPPacket,
        now: Instant
    ) {
        guard let open = reliable[leg.id]?.open, envelope.message.count(of: .rack) == 1,
            let parts = envelope.message.first(.rack)?.split(whereSeparator: ASCII.isBlank), parts.count == 3,
            parts[0].decimal == Int(open.rseq), parts[1].decimal == Int(leg.inviteCSeq), parts[2].matches("INVITE")
        else {
            refuse(leg, envelope, key, packet, SIPRefusal(481), now: now)
            return
        }
        let hasOffer = !envelope.message.body.isEmpty
        let answer = hasOffer ? SIPRefusal(488, "No New Offer Before The Answer") : SIPRefusal(200)
        refuse(leg, envelope, key, packet, answer, now: now)
        reliable[leg.id]?.open = nil
        guard case .incoming(let serial) = leg.phase, let progress = reliable[leg.id] else { return }
        if let sdp = progress.answer, !progress.isSessionUnconfirmed {
            reliable[leg.id]?.answer = nil
            sendFirstAnswer(leg.id, serial, sdp: sdp, now: now)
        } else {
            sendReliable(leg.id, serial, now: now)
        }
    }

    /// Answers a caller whose offer may have had its answer already.
    ///
    /// A session that a confirmed response carried is the answer to the offer; the 200 then has none, and another
    /// session can only be a new offer, sent as soon as the call stands.
    mutating func answerReliably(_ id: SIPLegID, _ serial: UInt64, sdp: [UInt8], now: Instant) {
        guard let progress = reliable[id], progress.isSessionUnconfirmed else {
            sendFirstAnswer(id, serial, sdp: sdp, now: now)
            return
        }
        reliable[id]?.answer = sdp
        reliable[id]?.waiting.removeAll { $0.sdp == nil }
    }

    private mutating func sendFirstAnswer(_ id: SIPLegID, _ serial: UInt64, sdp: [UInt8], now: Instant) {
        guard let leg = legs[id] else { return }
        let isAnswered = reliable[id]?.hasSession == true
        sendAnswer(
            id,
            serial,
            cseq: leg.inviteCSeq,
            sdp: isAnswered ? [] : sdp,
            isOffer: leg.wantsOffer,
            now: now
        )
        if isAnswered, ownSession(id, sdp) != leg.sentSession {
            legs[id]?.outgoingOffer = SIPLeg.OutgoingOffer(sdp: sdp, isSilent: true)
        }
        reliable[id]?.waiting = []
        reliable[id]?.open?.repetition = nil
        legs[id]?.phase = .confirmed
        legs[id]?.refreshAt = nil
        legs[id]?.lastProgress = nil
    }
}
