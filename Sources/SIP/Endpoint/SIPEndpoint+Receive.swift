import Kernel

extension SIPEndpoint {
    /// Takes a piece of a stream and handles each message that it completes.
    mutating func receiveStream(_ packet: SIPPacket, flow: UInt64, now: Instant) {
        do {
            let items = try streams.receive(flow, packet.bytes, now: now)
            streams.schedule(flow, in: &deadlines)
            for item in items {
                var piece = packet
                switch item {
                case .message(let bytes):
                    piece.bytes = bytes
                    receiveMessage(piece, now: now)
                case .ping:
                    heard(packet.remote)
                    piece.bytes = [ASCII.carriageReturn, ASCII.lineFeed]
                    outputs.append(.send(piece))
                }
            }
        } catch {
            closeStream(flow, error, now: now)
        }
    }

    /// A stream's message should be whole by now.
    mutating func streamDue(_ flow: UInt64, at: Instant, now: Instant) {
        if streams.isLate(flow, at: at, now: now) {
            closeStream(flow, .tooSlow, now: now)
        } else {
            streams.schedule(flow, in: &deadlines)
        }
    }

    private mutating func closeStream(_ flow: UInt64, _ fault: SIPFlowFault, now: Instant) {
        streams.close(flow)
        outputs.append(.closeFlow(flow, reason: fault))
        lostFlow(flow, now: now)
    }

    /// Handles one whole message.
    mutating func receiveMessage(_ packet: SIPPacket, now: Instant) {
        heard(packet.remote)
        switch SIPEnvelope.open(packet.bytes) {
        case .request(let envelope, let uri): receiveRequest(envelope, uri, packet, now: now)
        case .response(let envelope): receiveResponse(envelope, packet, now: now)
        case .refused(let message, let via, let refusal): refuse(message, via, packet, refusal)
        case .dropped: break
        }
    }

    private mutating func receiveResponse(_ envelope: SIPEnvelope, _ packet: SIPPacket, now: Instant) {
        guard let key = ClientTransactionKey(envelope), let status = envelope.message.status,
            let transaction = clients[key],
            key.isCancel || transaction.method == envelope.method
        else { return }
        let reception = clients[key]?.receive(status: status, now: now) ?? .ignored
        switch reception {
        case .ignored: break
        case .passed:
            if status < 200 || !answerChallenge(transaction, envelope, status, now: now) {
                passResponse(envelope, status, key, packet, now: now)
            }
        case .failedInvite:
            acknowledgeFailure(envelope, key)
            if answerChallenge(transaction, envelope, status, now: now) { break }
            if status == 503, tryNextHop(transaction, now: now) {
                clients[key]?.owner = .nobody
                break
            }
            failedInvite(envelope, status, key, request: transaction.request, now: now)
        case .repeatedFailure:
            if !transaction.request.isEmpty { send(transaction.request, to: transaction.destination) }
        case .success: succeededInvite(envelope, key, packet, now: now)
        }
        scheduleClient(key, now: now)
    }

    /// ACK of a failed INVITE: part of its transaction, same branch and destination (RFC 3261 §17.1.1.3).
    private mutating func acknowledgeFailure(_ envelope: SIPEnvelope, _ key: ClientTransactionKey) {
        guard let transaction = clients[key],
            let bytes = derivedRequest(.ack, from: transaction, to: envelope.message.first(.to))
        else { return }
        clients[key]?.keepFailureAcknowledgement(bytes)
        send(bytes, to: transaction.destination)
    }

    /// ACK and CANCEL repeat most of the INVITE they belong to.
    func derivedRequest(_ method: SIPMethod, from transaction: ClientTransaction, to: Bytes?) -> [UInt8]? {
        guard let invite = try? SIPMessage(parsing: transaction.request), case .request(_, let uri) = invite.start,
            let via = invite.first(.via), let from = invite.first(.from), let callID = invite.first(.callID),
            let to = to ?? invite.first(.to),
            let number = invite.first(.cseq)?.prefix(while: ASCII.isDigit)
        else { return nil }
        var writer = SIPWriter(request: method, uri: uri)
        writer.header(.via, via)
        for header in invite.headers where header.name == .route { writer.header(.route, header.value) }
        writer.header(.maxForwards, "70")
        writer.header(.from, from)
        writer.header(.to, to)
        writer.header(.callID, callID)
        writer.start(.cseq)
        writer.append(number)
        writer.append(" \(method.name)")
        writer.endLine()
        if method == .cancel, let reason = transaction.cancelReason { writer.header(.reason, reason.headerValue) }
        return writer.finish(sdp: nil)
    }

    /// Everything that is not about the final response of an INVITE.
    private mutating func passResponse(
        _ envelope: SIPEnvelope,
        _ status: Int,
        _ key: ClientTransactionKey,
        _ packet: SIPPacket,
        now: Instant
    ) {
        guard let transaction = clients[key] else { return }
        if status < 200 {
            progressed(envelope, status, transaction, packet, now: now)
            return
        }
        switch transaction.owner {
        case .bye(let id): removeLeg(id)
        case .errand(let id): errandAnswered(id, key, envelope, status, now: now)
        case .registration(let user): registrationAnswered(user, envelope, status, now: now)
        case .probe(let number): probeEnded(number, status: status, now: now)
        case .invite, .reoffer, .nobody: break
        }
    }

    /// Answers a request that broke a rule, without keeping anything.
    mutating func refuse(_ message: SIPMessage, _ via: SIPVia, _ packet: SIPPacket, _ refusal: SIPRefusal) {
        // The tag is a hash, so that a repeated request gets the same answer (RFC 3261 §8.2.7).
        var tag: [UInt8] = []
        ASCII.appendHex(foldedHash(via.branch) ^ foldedHash(message.first(.callID) ?? []), to: &tag)
        let head = SIPResponseHead(message: message, via: via, source: packet.remote, toTag: tag[...].text)
        var writer = head.response(refusal.status, reason: refusal.reason)
        writer.header(.server, configuration.product)
        for header in refusal.headers { writer.header(header) }
        send(writer.finish(sdp: nil), to: SIPDestination(replyingTo: packet))
    }
}
