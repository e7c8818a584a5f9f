import Kernel

extension SIPEndpoint {
    /// Places a call.
    mutating func invite(_ id: SIPLegID, _ invitation: SIPInvitation, now: Instant) {
        guard !id.isIncoming, legs[id] == nil else { return }
        let target: [UInt8]
        let destination: SIPDestination
        var user: String?
        var path: [[UInt8]] = []
        var trunk: SIPTrunkLeg?
        var domain: String?
        switch invitation.target {
        case .user(let name):
            guard let binding = registrar.newestBinding(of: name) else {
                outputs.append(.event(.failed(id, status: 480, reason: "Not Registered")))
                return
            }
            target = binding.uri
            destination = binding.destination
            path = binding.path
            user = name
        case .address(let name, let address, let transport):
            let suffix = transport == .udp ? "" : ";transport=\(transport.viaName.lowercased())"
            target = Array("sip:\(escapedUser(name))@\(address)\(suffix)".utf8)
            destination = SIPDestination(transport: transport, remote: address)
        case .trunk(let name, let number):
            do {
                let way = try trunkTarget(name, number: number, now: now)
                (target, destination, domain) = (way.uri, way.destination, way.domain)
                trunk = SIPTrunkLeg(name: name, number: number, tried: [destination.remote])
            } catch {
                outputs.append(.event(.failed(id, status: error.status, reason: error.reason ?? "")))
                return
            }
        }
        let host = domain ?? advertised(destination).description
        let tag = identifiers.next()
        var from = Array((fromText(invitation, host: host) + ";tag=").utf8)
        ASCII.appendHex(tag, to: &from)
        var callID: [UInt8] = []
        ASCII.appendHex(identifiers.next(), to: &callID)
        ASCII.appendHex(identifiers.next(), to: &callID)
        var dialog = SIPDialog(calling: target, callID: callID, tag: tag, from: from, destination: destination)
        dialog.routes = path
        let key = ClientTransactionKey(branch: identifiers.next())
        var leg = SIPLeg(id: id, dialog: dialog, phase: .outgoing(key))
        leg.wantsOffer = invitation.sdp == nil
        leg.inviteCSeq = dialog.localCSeq
        leg.user = user
        leg.ringUntil = invitation.ringTimeout.map { now + $0 }
        addLeg(leg)
        if let trunk { joinTrunk(id, trunk) }
        var writer = dialog.request(.invite, cseq: dialog.localCSeq, via: viaText(key, destination))
        writer.header(.contact, contact(user: invitation.isPrivate ? "" : invitation.from, destination))
        writer.header(.allow, SIPMethod.allowed)
        writer.header(.supported, leg.wantsOffer ? SIPOption.supportedWithoutOffer : SIPOption.supported)
        writeSession(leg, to: &writer)
        writeIdentity(invitation, target: target, host: host, to: &writer)
        writer.header(.userAgent, configuration.product)
        for header in invitation.headers { writer.header(header) }
        let bytes = writer.finish(sdp: invitation.sdp.map { ownSession(id, $0) })
        openClient(key, .invite, bytes, to: destination, owner: .invite(id), within: patience(id, now: now), now: now)
        scheduleLeg(id)
    }

    /// A provisional response.
    mutating func progressed(
        _ envelope: SIPEnvelope,
        _ status: Int,
        _ transaction: ClientTransaction,
        _ packet: SIPPacket,
        now: Instant
    ) {
        if transaction.isCancelWanted { sendCancel(transaction.key, now: now) }
        guard status > 100, case .invite(let id) = transaction.owner,
            noteProgress(id, envelope, status, source: transaction.source(packet), now: now)
        else { return }
        report(.ringing(id, status: status, sdp: (try? envelope.sessionDescription()) ?? nil), of: id)
    }

    /// A 2xx to an INVITE: the answer, a copy of it, or the answer of another phone of a forked call.
    mutating func succeededInvite(
        _ envelope: SIPEnvelope,
        _ key: ClientTransactionKey,
        _ packet: SIPPacket,
        now: Instant
    ) {
        guard let transaction = clients[key] else { return }
        let tag = envelope.toTag ?? ""
        if let known = transaction.acknowledgements.first(where: { $0.tag == tag }) {
            send(known.bytes, to: known.destination)
            return
        }
        let source = transaction.source(packet)
        switch transaction.owner {
        case .invite(let id):
            guard legs[id]?.phase == .outgoing(key) else { break }
            confirm(id, envelope, key, source: source, now: now)
            return
        case .reoffer(let id):
            guard let leg = legs[id], leg.dialog.remoteTag == tag else { break }
            reofferSucceeded(id, envelope, key, now: now)
            return
        case .bye, .errand, .registration, .probe, .nobody: break
        }
        // Neither a fork's second answer nor one that comes too late may leave a phone off the hook.
        if isAwaitingAcknowledgement(transaction.owner, tag: tag) { return }
        guard var dialog = SIPDialog(fromLate: envelope, destination: source) else { return }
        acknowledge(&dialog, cseq: envelope.cseq, tag: tag, key, sdp: nil)
        dialog.localCSeq += 1
        let byeKey = ClientTransactionKey(branch: identifiers.next())
        var writer = dialog.request(.bye, cseq: dialog.localCSeq, via: viaText(byeKey, source))
        let bytes = writer.finish(sdp: nil)
        openClient(byeKey, .bye, bytes, to: dialog.destination, owner: .nobody, now: now)
    }

    /// Whether this 2xx is a copy of one whose offer the owner has still to answer.
    private func isAwaitingAcknowledgement(_ owner: ClientOwner, tag: String) -> Bool {
        guard case .invite(let id) = owner, let leg = legs[id] else { return false }
        return leg.lateAcknowledgement != nil && leg.dialog.remoteTag == tag
    }

    private mutating func confirm(
        _ id: SIPLegID,
        _ envelope: SIPEnvelope,
        _ key: ClientTransactionKey,
        source: SIPDestination,
        now: Instant
    ) {
        guard var dialog = legs[id]?.dialog else { return }
        _ = dialog.confirm(envelope, source: source)
        let early = forks[id]?.first { $0.dialog.remoteTag == dialog.remoteTag }
        if let early {
            dialog.localCSeq = early.dialog.localCSeq
            dialog.remoteCSeq = early.dialog.remoteCSeq
        }
        forks[id] = nil
        pin(id, to: dialog.destination)
        legs[id]?.dialog = dialog
        legs[id]?.phase = .confirmed
        legs[id]?.ringUntil = nil
        legs[id]?.learn(envelope.message)
        sessionAnswered(id, envelope, now: now)
        if legs[id]?.wantsOffer == true {
            legs[id]?.lateAcknowledgement = (envelope.cseq, key)
        } else {
            acknowledge(&dialog, cseq: envelope.cseq, tag: dialog.remoteTag, key, sdp: nil)
        }
        let sdp = (try? envelope.sessionDescription()) ?? nil
        report(.answered(id, sdp: sdp ?? early?.sdp ?? []), of: id)
    }

    /// Sends the ACK of a 2xx and keeps it for copies of the 2xx.
    mutating func acknowledge(
        _ dialog: inout SIPDialog,
        cseq: UInt32,
        tag: String,
        _ key: ClientTransactionKey,
        sdp: [UInt8]?
    ) {
        let branch = ClientTransactionKey(branch: identifiers.next())
        var writer = dialog.request(.ack, cseq: cseq, via: viaText(branch, dialog.destination))
        let bytes = writer.finish(sdp: sdp)
        clients[key]?.keepAcknowledgement(tag: tag, bytes, dialog.destination)
        send(bytes, to: dialog.destination)
    }

    /// The owner answers an offer that came in a 2xx.
    mutating func acknowledge(_ id: SIPLegID, sdp: [UInt8], now: Instant) {
        guard let late = legs[id]?.lateAcknowledgement else { return }
        let own = ownSession(id, sdp)
        legs[id]?.lateAcknowledgement = nil
        guard var leg = legs[id] else { return }
        acknowledge(&leg.dialog, cseq: late.cseq, tag: leg.dialog.remoteTag, late.client, sdp: own)
    }

    /// An INVITE was refused.
    mutating func failedInvite(
        _ envelope: SIPEnvelope,
        _ status: Int,
        _ key: ClientTransactionKey,
        request: [UInt8],
        now: Instant
    ) {
        guard let owner = clients[key]?.owner else { return }
        switch owner {
        case .invite(let id) where status == 422 && legs[id]?.sessionLeast == 0 && lengthenSession(id, envelope):
            let least = legs[id]?.sessionLeast ?? 0
            let changes: [(name: SIPHeaderName, value: String)] = [
                (.sessionExpires, "\(least);refresher=uac"), (.minSE, String(least)),
            ]
            resendInvite(id, request: request, changing: changes, now: now)
        case .invite(let id):
            guard case .response(_, let reason) = envelope.message.start else { return }
            report(.failed(id, status: status, reason: reason.text), of: id)
            removeLeg(id)
        case .reoffer(let id): reofferFailed(id, envelope, status: status, now: now)
        case .bye, .errand, .registration, .probe, .nobody: break
        }
    }

    /// Gives up a call that is not answered; its transaction goes on alone.
    mutating func cancel(_ id: SIPLegID, reason: SIPReason? = nil, now: Instant) {
        guard case .outgoing(let key) = legs[id]?.phase else {
            if !id.isIncoming { hangUp(id, reason: nil, now: now) }
            return
        }
        clients[key]?.owner = .nobody
        clients[key]?.cancelReason = reason
        removeLeg(id)
        // Before the first response a CANCEL might overtake its INVITE (RFC 3261 §9.1).
        if clients[key]?.state == .proceeding {
            sendCancel(key, now: now)
        } else {
            clients[key]?.isCancelWanted = true
        }
    }

    private mutating func sendCancel(_ key: ClientTransactionKey, now: Instant) {
        guard let transaction = clients[key], !transaction.isCancelled, transaction.state == .proceeding,
            let bytes = derivedRequest(.cancel, from: transaction, to: nil)
        else { return }
        clients[key]?.cancelled(now: now)
        scheduleClient(key, now: now)
        let cancelKey = ClientTransactionKey(branch: key.branch, isCancel: true)
        openClient(cancelKey, .cancel, bytes, to: transaction.destination, owner: .nobody, now: now)
    }
}
