import Kernel

/// A registration of ours at a registrar elsewhere.
struct OutgoingRegistration: Sendable {
    var request: SIPRegistration
    let callID: [UInt8]
    let tag: UInt64
    var cseq: UInt32 = 0
    /// The trunk that it is for: its addresses are tried in turn, and its domain stands in the request.
    var trunk: String?
    var domain: String?
    /// The last challenge, where its answer belongs, and how often we answered it.
    var challenge: SIPDigestFields?
    var answer = SIPHeaderName.authorization
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
            registrations[registration.user] = newRegistration(registration)
        }
        registrations[registration.user]?.request = registration
        registrations[registration.user]?.refreshAt = nil
        sendRegister(registration.user, isAnswer: false, now: now)
    }

    private mutating func sendRegister(_ user: String, isAnswer: Bool, now: Instant) {
        guard var state = registrations[user] else { return }
        if !isAnswer, let trunk = state.trunk, let hop = trunks[trunk]?.nextHop(excluding: [], now: now) {
            state.request.registrar = hop
        }
        state.cseq += 1
        state.isAnsweringChallenge = isAnswer
        let request = state.request
        let key = ClientTransactionKey(branch: identifiers.next())
        let host = state.domain ?? request.registrar.description
        let uri = "sip:\(host)"
        var writer = SIPWriter(request: .register, uri: uri.utf8)
        let destination = SIPDestination(transport: request.transport, remote: request.registrar)
        writer.header(.via, viaText(key, destination))
        writer.header(.maxForwards, "70")
        let party = "<sip:\(escapedUser(request.user))@\(host)>"
        var tag: [UInt8] = []
        ASCII.appendHex(state.tag, to: &tag)
        writer.header(.from, "\(party);tag=\(tag[...].text)")
        writer.header(.to, party)
        writer.header(.callID, state.callID)
        writer.header(.cseq, "\(state.cseq) REGISTER")
        writer.header(.contact, contact(user: request.user, destination))
        writer.header(.expires, String(request.expires.milliseconds / 1_000))
        writer.header(.userAgent, configuration.product)
        if let challenge = state.challenge {
            state.count += 1
            let fields = challenge.answered(
                SIPTrunk.Login(user: request.user, password: request.password),
                method: SIPMethod.register.name,
                uri: uri,
                count: state.count,
                clientNonce: identifiers.next()
            )
            writer.header(state.answer, fields.authorization)
        }
        let bytes = writer.finish(sdp: nil)
        registrations[user] = state
        openClient(key, .register, bytes, to: destination, owner: .registration(user: user), now: now)
    }

    /// The registrar answered.
    mutating func registrationAnswered(_ user: String, _ envelope: SIPEnvelope, _ status: Int, now: Instant) {
        guard let state = registrations[user], state.callID.elementsEqual(envelope.callID),
            state.cseq == envelope.cseq
        else { return }
        switch status {
        case 200..<300: registrationAccepted(user, envelope, status, now: now)
        case 401, 407:
            guard let challenge = envelope.challenge(status),
                !state.isAnsweringChallenge || challenge.fields.isStale
            else {
                registrationFailed(user, status: status, now: now)
                return
            }
            registrations[user]?.challenge = challenge.fields
            registrations[user]?.answer = challenge.answer
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
        reportRegistration(user, status: status)
        guard let state = registrations[user], state.request.expires > .zero else {
            registrations[user] = nil
            return
        }
        // Refreshed with a fifth of the time in hand; the registrar may have shortened it.
        var seconds = state.request.expires.milliseconds / 1_000
        let own = contact(
            user: state.request.user,
            SIPDestination(transport: state.request.transport, remote: state.request.registrar)
        )
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
        reportRegistration(user, status: status)
        registrations[user]?.challenge = nil
        if let state = registrations[user], let trunk = state.trunk {
            avoid(state.request.registrar, of: trunk, now: now)
        }
        guard let state = registrations[user], state.request.expires > .zero else {
            registrations[user] = nil
            return
        }
        refreshRegistration(user, after: Limits.sipRegistrationRetry, now: now)
    }

    private mutating func reportRegistration(_ name: String, status: Int) {
        let user = registrations[name]?.request.user ?? name
        outputs.append(.event(.registrationResult(user: user, status: status)))
    }

    /// Keeps our account registered with a trunk that wants it so, from the moment that it has an address.
    mutating func registerTrunk(_ name: String, now: Instant) {
        guard let state = trunks[name], state.trunk.registers, let login = state.trunk.outgoing,
            let hop = state.nextHop(excluding: [], now: now)
        else { return }
        // No user has a blank in its name.
        let key = "trunk \(name)"
        if let known = registrations[key], state.hops.contains(where: { $0.address == known.request.registrar }) {
            return
        }
        registrations[key] = newRegistration(
            SIPRegistration(
                user: login.user,
                password: login.password,
                registrar: hop,
                transport: state.trunk.transport,
                expires: configuration.registrationDefault
            )
        )
        registrations[key]?.trunk = name
        registrations[key]?.domain = state.trunk.domain.isEmpty ? nil : state.trunk.domain
        sendRegister(key, isAnswer: false, now: now)
    }

    private mutating func newRegistration(_ registration: SIPRegistration) -> OutgoingRegistration {
        var callID: [UInt8] = []
        ASCII.appendHex(identifiers.next(), to: &callID)
        ASCII.appendHex(identifiers.next(), to: &callID)
        return OutgoingRegistration(request: registration, callID: callID, tag: identifiers.next())
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
