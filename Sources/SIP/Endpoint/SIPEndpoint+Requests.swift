import Kernel

extension SIPEndpoint {
    /// Sorts a request: a copy, an ACK, a CANCEL, part of a call, or something new.
    mutating func receiveRequest(_ envelope: SIPEnvelope, _ uri: SIPURI, _ packet: SIPPacket, now: Instant) {
        guard case .request(let method, let uriBytes) = envelope.message.start else { return }
        let key = ServerTransactionKey(envelope, requestURI: uriBytes)
        if let serial = serverIndex[key] {
            repeated(serial, envelope, method, now: now)
            return
        }
        switch method {
        case .ack: receiveAcknowledgement(envelope, now: now)
        case .cancel: receiveCancel(envelope, uriBytes, packet, now: now)
        default:
            guard envelope.toTag != nil || isWithinBounds(packet, now: now), hasRoom(envelope) else {
                refuse(envelope, packet, .overload)
                return
            }
            if envelope.toTag != nil {
                receiveInDialog(envelope, key, method, packet, now: now)
            } else {
                receiveNew(envelope, uri, key, method, packet, now: now)
            }
        }
    }

    /// Calls that stand may end even when no new ones are taken.
    private func hasRoom(_ envelope: SIPEnvelope) -> Bool {
        let limit = configuration.serverTransactionsMax
        return servers.count < (envelope.toTag == nil ? limit : 2 * limit)
    }

    private mutating func repeated(_ serial: UInt64, _ envelope: SIPEnvelope, _ method: SIPMethod, now: Instant) {
        guard let transaction = servers[serial] else { return }
        if method == .ack {
            // Peers of RFC 2543 acknowledge a 2xx with the branch of the INVITE.
            if transaction.state == .accepted {
                receiveAcknowledgement(envelope, now: now)
            } else {
                servers[serial]?.acknowledged(now: now)
                scheduleServer(serial, now: now)
            }
        } else if case .send(let bytes) = transaction.repeated() {
            send(bytes, to: transaction.destination)
        }
    }

    /// A request outside any dialog.
    private mutating func receiveNew(
        _ envelope: SIPEnvelope,
        _ uri: SIPURI,
        _ key: ServerTransactionKey,
        _ method: SIPMethod,
        _ packet: SIPPacket,
        now: Instant
    ) {
        switch method {
        case .invite: receiveCall(envelope, uri, key, packet, now: now)
        case .register where configuration.isRegistrar: receiveRegister(envelope, key, packet, now: now)
        case .options: describe(envelope, packet)
        case .bye, .info, .update, .prack, .notify: refuse(envelope, packet, SIPRefusal(481))
        case .refer: refuse(envelope, packet, SIPRefusal(403, "Only Within An Answered Call"))
        case .unknown: refuse(envelope, packet, SIPRefusal(501, headers: [.allow]))
        default: refuse(envelope, packet, SIPRefusal(405, headers: [.allow]))
        }
    }

    /// An INVITE that starts a call, if we may know who calls.
    private mutating func receiveCall(
        _ envelope: SIPEnvelope,
        _ uri: SIPURI,
        _ key: ServerTransactionKey,
        _ packet: SIPPacket,
        now: Instant
    ) {
        let origin: SIPOrigin
        do throws(SIPRefusal) {
            let merge = MergeKey(callID: envelope.callID.text, fromTag: envelope.fromTag, cseq: envelope.cseq)
            // Before its digest is used up: the copy of a good INVITE that came another way must hear 482.
            guard mergeIndex[merge] == nil else { throw SIPRefusal(482, "Request Merged") }
            origin = try admit(envelope, packet, now: now)
        } catch {
            refuse(envelope, packet, error)
            return
        }
        receiveInvite(envelope, uri, key, packet, origin: origin, now: now)
    }

    /// OPTIONS: what we can do (RFC 3261 §11.2).
    private mutating func describe(_ envelope: SIPEnvelope, _ packet: SIPPacket) {
        let accept = SIPExtraHeader(name: "Accept", value: "application/sdp")
        let options = configuration.isRegistrar ? SIPOption.supportedByRegistrar : SIPOption.supported
        let supported = SIPExtraHeader(name: "Supported", value: options)
        let mark = startMark.map { [$0] } ?? []
        refuse(envelope, packet, SIPRefusal(200, headers: [.allow, accept, supported] + mark))
    }

    /// What tells an edge that this process is another than the one that had its calls before.
    var startMark: SIPExtraHeader? {
        configuration.startMark.isEmpty
            ? nil : SIPExtraHeader(name: "X-Tandem-Start", value: configuration.startMark)
    }

    /// A stateless answer.
    mutating func refuse(_ envelope: SIPEnvelope, _ packet: SIPPacket, _ refusal: SIPRefusal) {
        refuse(envelope.message, envelope.via, packet, refusal)
    }

    /// A CANCEL: answered 200 when its INVITE is known, whatever became of that (RFC 3261 §9.2).
    private mutating func receiveCancel(
        _ envelope: SIPEnvelope,
        _ uri: Bytes,
        _ packet: SIPPacket,
        now: Instant
    ) {
        let key = ServerTransactionKey(envelope, requestURI: uri, method: .invite)
        guard let serial = serverIndex[key] else {
            refuse(envelope, packet, SIPRefusal(481))
            return
        }
        refuse(envelope, packet, SIPRefusal(200))
        guard servers[serial]?.state == .proceeding, let id = servers[serial]?.leg else { return }
        let reason = SIPReason(envelope.message)
        guard case .incoming(serial) = legs[id]?.phase else {
            // A re-INVITE was given up; the call goes on.
            respond(serial, SIPRefusal(487), now: now)
            legs[id]?.incomingOffer = nil
            return
        }
        respond(serial, SIPRefusal(487), now: now)
        report(.cancelled(id, reason: reason), of: id)
        removeLeg(id)
    }
}

extension SIPRefusal {
    /// Too many open transactions.
    static let overload = SIPRefusal(
        503,
        headers: [SIPExtraHeader(name: "Retry-After", value: String(Limits.sipRetryAfterSeconds))]
    )
}

extension SIPExtraHeader {
    /// The methods served here.
    static let allow = SIPExtraHeader(name: "Allow", value: SIPMethod.allowed)
}

extension SIPReason {
    /// Reads the first Reason header of a message.
    init?(_ message: SIPMessage) {
        guard let value = message.list(.reason).first else { return nil }
        let end = value.firstIndex(of: ASCII.semicolon) ?? value.endIndex
        let space = value[..<end].trimmed
        guard !space.isEmpty else { return nil }
        let parameters = SIPParameters(bytes: value[end...])
        self.init(
            space: space.text,
            cause: parameters["cause"]?.decimal,
            text: parameters["text"]?.text
        )
    }

    /// As a header's value.
    var headerValue: String {
        var value = space.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") }
        if let cause { value += ";cause=\(cause)" }
        if let text { value += ";text=\"\(text.filter { $0 != "\"" && $0 != "\\" })\"" }
        return value
    }
}
