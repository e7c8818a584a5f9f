import Kernel

extension SIPEndpoint {
    /// Answers the challenge to a request of ours (RFC 3261 §22.2, §22.3); false when it stays a failure.
    ///
    /// A request is tried again once, and once more when only its nonce was too old.
    mutating func answerChallenge(
        _ transaction: ClientTransaction,
        _ envelope: SIPEnvelope,
        _ status: Int,
        now: Instant
    ) -> Bool {
        guard status == 401 || status == 407, let id = transaction.owner.leg, legs[id] != nil,
            let challenge = envelope.challenge(status),
            transaction.challenges == 0
                || challenge.fields.isStale && transaction.challenges < Limits.sipChallengesMax,
            let request = try? SIPMessage(parsing: transaction.request),
            case .request(let method, let uri) = request.start,
            let login = login(for: id, request, transaction)
        else { return false }
        let fields = challenge.fields.answered(
            login,
            method: method.name,
            uri: uri.text,
            count: 1,
            clientNonce: identifiers.next()
        )
        let header = (name: challenge.answer, value: fields.authorization)
        if case .invite = transaction.owner {
            guard legs[id]?.phase == .outgoing(transaction.key) else { return false }
            resendInvite(id, request: transaction.request, changing: [header], now: now)
            if case .outgoing(let key) = legs[id]?.phase { clients[key]?.challenges = transaction.challenges + 1 }
        } else {
            resend(transaction, of: id, request, with: header, now: now)
        }
        clients[transaction.key]?.owner = .nobody
        return true
    }

    /// What we answer with: the trunk's account, or our own registration as that user.
    private func login(for id: SIPLegID, _ request: SIPMessage, _ transaction: ClientTransaction) -> SIPTrunk.Login? {
        if let name = trunkLegs[id]?.name { return trunks[name]?.trunk.outgoing }
        let party = legs[id]?.dialog.localParty ?? []
        let user = SIPNameAddress(party[...]).flatMap { try? SIPURI($0.uri) }?.userText ?? ""
        guard let own = registrations[user]?.request, own.registrar.host == transaction.destination.remote.host
        else { return nil }
        return SIPTrunk.Login(user: own.user, password: own.password)
    }

    /// Sends a request of an answered call again, with the next number and one header more.
    private mutating func resend(
        _ transaction: ClientTransaction,
        of id: SIPLegID,
        _ message: SIPMessage,
        with header: (name: SIPHeaderName, value: String),
        now: Instant
    ) {
        guard var leg = legs[id], case .request(let method, let uri) = message.start else { return }
        leg.dialog.localCSeq += 1
        legs[id] = leg
        let key = ClientTransactionKey(branch: identifiers.next())
        let destination = transaction.usualWay
        var writer = SIPWriter(request: method, uri: uri)
        writer.header(.via, viaText(key, destination))
        for field in message.headers {
            switch field.name {
            case .via, .contentType, .contentLength, header.name: continue
            case .cseq: writer.header(.cseq, "\(leg.dialog.localCSeq) \(method.name)")
            default: writer.copy(field)
            }
        }
        writer.header(header.name, header.value)
        switch transaction.owner {
        case .reoffer: legs[id]?.outgoingOffer?.client = key
        case .errand: errands[id]?.open?.client = key
        default: break
        }
        let bytes = writer.finish(type: message.first(.contentType)?.text ?? "", body: Array(message.body))
        openClient(key, method, bytes, to: destination, owner: transaction.owner, now: now)
        clients[key]?.challenges = transaction.challenges + 1
    }
}

extension ClientOwner {
    /// The leg that a transaction works for.
    var leg: SIPLegID? {
        switch self {
        case .invite(let id), .reoffer(let id), .bye(let id), .errand(let id): id
        case .registration, .probe, .nobody: nil
        }
    }
}
