import Kernel

extension SIPEndpoint {
    /// An INVITE that starts a call.
    mutating func receiveInvite(
        _ envelope: SIPEnvelope,
        _ uri: SIPURI,
        _ key: ServerTransactionKey,
        _ packet: SIPPacket,
        origin: SIPOrigin,
        now: Instant
    ) {
        let merge = MergeKey(callID: envelope.callID.text, fromTag: envelope.fromTag, cseq: envelope.cseq)
        guard mergeIndex[merge] == nil else {
            refuse(envelope, packet, SIPRefusal(482, "Request Merged"))
            return
        }
        guard !isOwnLoop(envelope) else {
            refuse(envelope, packet, SIPRefusal(482))
            return
        }
        let target: Bytes
        let sdp: [UInt8]?
        let replaces: SIPLegID?
        let wish: SIPSessionWish
        do {
            replaces = try replacedLeg(envelope)
            wish = try sessionWish(envelope)
            target = try SIPEndpoint.contactTarget(envelope)
            sdp = try envelope.sessionDescription()
        } catch {
            refuse(envelope, packet, error)
            return
        }
        let tag = identifiers.next()
        let serial = openServer(envelope, key, packet, tag: tag, now: now)
        servers[serial]?.mergeKey = merge
        mergeIndex[merge] = serial
        lastIncomingLeg += 2
        let id = SIPLegID(lastIncomingLeg)
        servers[serial]?.leg = id
        let dialog = SIPDialog(answering: envelope, target: target, tag: tag, packet: packet)
        var leg = SIPLeg(id: id, dialog: dialog, phase: .incoming(serial))
        leg.wantsOffer = sdp == nil
        leg.inviteCSeq = envelope.cseq
        leg.sessionWish = wish
        leg.learn(envelope.message)
        if envelope.message.lists(.supported, "100rel") { leg.reliability = .supported }
        if envelope.message.lists(.require, "100rel") { leg.reliability = .required }
        addLeg(leg)
        if case .trunk(let name) = origin { joinTrunk(id, SIPTrunkLeg(name: name)) }
        if case .phone(let user) = origin { legs[id]?.user = user }
        respond(serial, SIPRefusal(100), now: now)
        var call = SIPIncomingCall(
            leg: id,
            dialled: dialledNumber(uri, envelope.to),
            caller: CallerIdentity(envelope),
            sdp: sdp,
            source: packet.remote,
            transport: packet.transport,
            callID: envelope.callID.text
        )
        call.history = envelope.history(before: call.dialled)
        call.replaces = replaces
        call.origin = origin
        outputs.append(.event(.incomingCall(call)))
    }

    private static func contactTarget(_ envelope: SIPEnvelope) throws(SIPRefusal) -> Bytes {
        let contacts = envelope.message.list(.contact)
        guard contacts.count == 1, let address = SIPNameAddress(contacts[0]), (try? SIPURI(address.uri)) != nil
        else { throw SIPRefusal(400, "Missing or Malformed Contact") }
        return address.uri
    }

    /// Sends progress to a caller.
    mutating func ring(_ id: SIPLegID, status: Int, sdp: [UInt8]?, now: Instant) {
        guard let leg = legs[id], case .incoming(let serial) = leg.phase, (101...199).contains(status),
            reliable[id]?.answer == nil
        else { return }
        legs[id]?.lastProgress = (status, sdp)
        legs[id]?.refreshAt = now + Limits.sipProgressRefresh
        // Without an offer there is nothing to answer here, and once answered the offer has its answer.
        let isSettled = leg.wantsOffer || reliable[id]?.hasSession == true
        let session = isSettled || sdp?.isEmpty == true ? nil : sdp
        if leg.reliability == .required || leg.reliability == .supported && session != nil {
            ringReliably(id, serial, status: status, sdp: session, now: now)
        } else {
            let contact = contactText(id)
            let own = session.map { ownSession(id, $0) }
            respond(serial, SIPRefusal(status), sdp: own, now: now) { $0.header(.contact, contact) }
        }
        scheduleLeg(id)
    }

    /// Our Contact in responses and requests of a leg.
    func contactText(_ id: SIPLegID) -> String {
        guard let leg = legs[id] else { return "" }
        let user = SIPNameAddress(leg.dialog.localParty[...]).flatMap { try? SIPURI($0.uri) }?.userText ?? ""
        return contact(user: user, leg.dialog.destination)
    }

    /// Answers a caller with 200, repeated until the ACK comes.
    mutating func answer(_ id: SIPLegID, sdp: [UInt8], now: Instant) {
        guard case .incoming(let serial) = legs[id]?.phase else { return }
        answerReliably(id, serial, sdp: sdp, now: now)
    }

    /// A 200 to an INVITE or re-INVITE.
    mutating func sendAnswer(
        _ id: SIPLegID,
        _ serial: UInt64,
        cseq: UInt32,
        sdp: [UInt8],
        isOffer: Bool,
        now: Instant
    ) {
        let contact = contactText(id)
        let own = ownSession(id, sdp)
        let session = settleSession(id, now: now)
        guard
            let bytes = respond(
                serial,
                SIPRefusal(200),
                sdp: own,
                now: now,
                fill: {
                    $0.header(.contact, contact)
                    $0.header(.allow, SIPMethod.allowed)
                    $0.header(.supported, SIPOption.supported)
                    for (name, value) in session { $0.header(name, value) }
                }
            )
        else { return }
        let source = servers[serial]?.destination
        legs[id]?.answer = SIPLeg.PendingAnswer(
            cseq: cseq,
            bytes: bytes,
            repetition: RetransmitTimer(now: now),
            endsAt: now + Limits.sipTransactionTime,
            isOffer: isOffer,
            source: source?.transport == .udp ? source : nil
        )
        scheduleLeg(id)
    }

    /// Refuses a caller.
    mutating func reject(_ id: SIPLegID, _ refusal: SIPRefusal, now: Instant) {
        guard case .incoming(let serial) = legs[id]?.phase, (300...699).contains(refusal.status) else { return }
        respond(serial, refusal, now: now)
        removeLeg(id)
    }

    /// An ACK of a 2xx.
    mutating func receiveAcknowledgement(_ envelope: SIPEnvelope, now: Instant) {
        guard let leg = leg(of: envelope), let answer = leg.answer, answer.cseq == envelope.cseq else { return }
        legs[leg.id]?.answer = nil
        reliable[leg.id] = nil
        if answer.isOffer, let sdp = try? envelope.sessionDescription() {
            report(.acknowledged(leg.id, sdp: sdp), of: leg.id)
        }
        if let waiting = leg.hangUpWaiting {
            if errands[leg.id]?.byeAt == nil { sendBye(leg.id, reason: waiting.reason, now: now) }
        } else if leg.outgoingOffer?.isSilent == true {
            sendReoffer(leg.id, now: now)
        }
    }
}

extension SIPEnvelope {
    /// The session description; nil when there is no body, 415 for anything else.
    func sessionDescription() throws(SIPRefusal) -> [UInt8]? {
        guard !message.body.isEmpty else { return nil }
        if let encoding = message.first(.contentEncoding), !encoding.matches("identity") {
            throw SIPRefusal(415, headers: [SIPExtraHeader(name: "Accept-Encoding", value: "identity")])
        }
        guard let type = message.first(.contentType),
            type[..<(type.firstIndex(of: ASCII.semicolon) ?? type.endIndex)].trimmed.matches("application/sdp")
        else { throw SIPRefusal(415, headers: [SIPExtraHeader(name: "Accept", value: "application/sdp")]) }
        return Array(message.body)
    }
}

extension CallerIdentity {
    /// Who calls: what the network asserts, else what From says.
    init(_ envelope: SIPEnvelope) {
        let message = envelope.message
        let asserted = message.list(.assertedIdentity).lazy.compactMap { SIPNameAddress($0) }.first
        let address = asserted ?? envelope.from
        let user = (try? SIPURI(address.uri))?.userText ?? ""
        let isHidden =
            message.list(.privacy).contains { value in
                value.split(separator: ASCII.semicolon).contains {
                    $0.trimmed.matches("id") || $0.trimmed.matches("user")
                }
            } || user == "anonymous"
        self.init(
            number: user == "anonymous" ? "" : normalisedNumber(user),
            displayName: address.displayName,
            isAnonymous: isHidden
        )
    }
}

/// The number that was dialled: the Request-URI's user, else To's.
func dialledNumber(_ uri: SIPURI, _ to: SIPNameAddress) -> String {
    let user = uri.userText
    if !user.isEmpty { return normalisedNumber(user) }
    return normalisedNumber((try? SIPURI(to.uri))?.userText ?? "")
}

/// A telephone number without spaces, dashes and other decoration; names stay as they are.
func normalisedNumber(_ user: String) -> String {
    let decoration = Array(" -().".utf8)
    let bytes = Array(user.utf8)
    guard bytes.allSatisfy({ ASCII.isDigit($0) || $0 == UInt8(ascii: "+") || decoration.contains($0) })
    else { return user }
    return String(decoding: bytes.filter { !decoration.contains($0) }, as: UTF8.self)
}
