import Kernel

/// A registration of ours at a registrar elsewhere.
struct OutgoingRegistration: Sendable {
    var request: SIPRegistration
    let callID: [UInt8]
    let tag: UInt64
    var cseq: UInt32 = 0
    /// The last challenge, and how often we answered it.
    var challenge: SIPDigestFields?
    var count: UInt32 = 0
    /// Whether the request on its way answers a challenge that we had just received.
    var isAnsweringChallenge = false
    var refreshAt: Instant?
    var queued: Instant?
}

extension SIPEndpoint {
    /// Starts, changes or ends a registration.
    mutating func register(_ registration: SIPRegistration, now: Instant) {
        if registrations[registration.user] == nil {
            guard registration.expires > .zero else { return }
            var callID: [UInt8] = []
            ASCII.appendHex(identifiers.next(), to: &callID)
            ASCII.appendHex(identifiers.next(), to: &callID)
            registrations[registration.user] = OutgoingRegistration(
                request: registration,
                callID: callID,
                tag: identifiers.next()
            )
        }
        registrations[registration.user]?.request = registration
        registrations[registration.user]?.refreshAt = nil
        sendRegister(registration.user, isAnswer: false, now: now)
    }

    private mutating func sendRegister(_ user: String, isAnswer: Bool, now: Instant) {
        guard var state = registrations[user] else { return }
        state.cseq += 1
        state.isAnsweringChallenge = isAnswer
        let request = state.request
        let key = ClientTransactionKey(branch: identifiers.next())
        let uri = "sip:\(request.registrar)"
        var writer = SIPWriter(request: .register, uri: uri.utf8)
        writer.header(.via, viaText(key, request.transport))
        writer.header(.maxForwards, "70")
        let party = "<sip:\(escapedUser(user))@\(request.registrar)>"
        var tag: [UInt8] = []
        ASCII.appendHex(state.tag, to: &tag)
        writer.header(.from, "\(party);tag=\(tag[...].text)")
        writer.header(.to, party)
        writer.header(.callID, state.callID)
        writer.header(.cseq, "\(state.cseq) REGISTER")
        writer.header(.contact, contact(user: user, request.transport))
        writer.header(.expires, String(request.expires.milliseconds / 1_000))
        writer.header(.userAgent, configuration.product)
        if var fields = state.challenge {
            state.count += 1
            fields.user = user
            fields.uri = uri
            fields.count = eightHexDigits(state.count)
            var nonce: [UInt8] = []
            ASCII.appendHex(identifiers.next(), to: &nonce)
            fields.clientNonce = nonce[...].text
            let ha1 = SIPDigest.ha1(user: user, realm: fields.realm, password: request.password)
            fields.response = SIPDigest.response(ha1: ha1, method: "REGISTER", fields, algorithm: .md5)
            writer.header(.authorization, fields.authorization)
        }
        let bytes = writer.finish(sdp: nil)
        registrations[user] = state
        let destination = SIPDestination(transport: request.transport, remote: request.registrar)
        openClient(key, .register, bytes, to: destination, owner: .registration(user: user), now: now)
    }

    /// The registrar answered.
    mutating func registrationAnswered(_ user: String, _ envelope: SIPEnvelope, _ status: Int, now: Instant) {
        guard let state = registrations[user], state.callID.elementsEqual(envelope.callID),
            state.cseq == envelope.cseq
        else { return }
        switch status {
        case 200..<300: registrationAccepted(user, envelope, status, now: now)
        case 401:
            let challenge = envelope.message.first(.wwwAuthenticate).flatMap { SIPDigestFields($0) }
            guard let challenge, challenge.isMD5, !state.isAnsweringChallenge || challenge.isStale else {
                registrationFailed(user, status: status, now: now)
                return
            }
            registrations[user]?.challenge = challenge
            registrations[user]?.count = 0
            sendRegister(user, isAnswer: true, now: now)
        case 423:
            guard let least = envelope.message.first(.minExpires)?.decimal, state.request.expires > .zero,
                Span.seconds(Int64(least)) > state.request.expires
            else {
                registrationFailed(user, status: status, now: now)
                return
            }
            registrations[user]?.request.expires = .seconds(Int64(least))
            sendRegister(user, isAnswer: state.isAnsweringChallenge, now: now)
        default: registrationFailed(user, status: status, now: now)
        }
    }

    private mutating func registrationAccepted(
        _ user: String,
        _ envelope: SIPEnvelope,
        _ status: Int,
        now: Instant
    ) {
        outputs.append(.event(.registrationResult(user: user, status: status)))
        guard let state = registrations[user], state.request.expires > .zero else {
            registrations[user] = nil
            return
        }
        // Refreshed with a fifth of the time in hand; the registrar may have shortened it.
        var seconds = state.request.expires.milliseconds / 1_000
        let own = contact(user: user, state.request.transport)
        for value in envelope.message.list(.contact) {
            guard let address = SIPNameAddress(value), "<\(address.uri.text)>" == own,
                let granted = address.parameters["expires"]?.decimal
            else { continue }
            seconds = min(seconds, Int64(granted))
        }
        registrations[user]?.isAnsweringChallenge = false
        refreshRegistration(user, after: .milliseconds(max(1_000, seconds * 800)), now: now)
    }

    /// The registrar refused or is silent; one that lasts is tried again.
    mutating func registrationFailed(_ user: String, status: Int, now: Instant) {
        outputs.append(.event(.registrationResult(user: user, status: status)))
        registrations[user]?.challenge = nil
        guard let state = registrations[user], state.request.expires > .zero else {
            registrations[user] = nil
            return
        }
        refreshRegistration(user, after: Limits.sipRegistrationRetry, now: now)
    }

    private mutating func refreshRegistration(_ user: String, after span: Span, now: Instant) {
        registrations[user]?.refreshAt = now + span
        var queued = registrations[user]?.queued
        deadlines.schedule(.registration(user: user), at: now + span, queued: &queued)
        registrations[user]?.queued = queued
    }

    mutating func registrationDue(_ user: String, now: Instant) {
        guard let at = registrations[user]?.refreshAt else { return }
        guard at <= now else {
            refreshRegistration(user, after: at - now, now: now)
            return
        }
        registrations[user]?.refreshAt = nil
        sendRegister(user, isAnswer: false, now: now)
    }
}

/// The counter as digest writes it.
private func eightHexDigits(_ number: UInt32) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
}
