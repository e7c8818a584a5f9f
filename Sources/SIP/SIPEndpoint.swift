package import Kernel

/// A SIP user agent and registrar as a value: packets, commands and times in, packets and events out.
///
/// The owner feeds `receive`, `flowClosed` and `perform`, and calls `advance` when `nextDeadline` comes.
package struct SIPEndpoint: Sendable {
    let configuration: SIPConfiguration
    var identifiers: SIPIdentifiers
    var outputs: [SIPOutput] = []
    var deadlines = DeadlineQueue()

    var streams = SIPStreams()

    var servers: [UInt64: ServerTransaction] = [:]
    var serverIndex: [ServerTransactionKey: UInt64] = [:]
    var mergeIndex: [MergeKey: UInt64] = [:]
    var lastServer: UInt64 = 0
    var clients: [ClientTransactionKey: ClientTransaction] = [:]

    var legs: [SIPLegID: SIPLeg] = [:]
    var legByTag: [UInt64: SIPLegID] = [:]
    var legsByFlow: [UInt64: [SIPLegID]] = [:]
    /// Legs whose phone lost its connection, by the phone's user.
    var waitingForPhone: [String: [SIPLegID]] = [:]
    var lastIncomingLeg: UInt64 = 1
    /// What only some legs have, and only for a while: kept apart, so that a held call stays small.
    var errands: [SIPLegID: SIPErrandQueue] = [:]
    var referrals: [SIPLegID: SIPReferralState] = [:]
    var reliable: [SIPLegID: SIPReliableProgress] = [:]
    var forks: [SIPLegID: [SIPEarlyDialog]] = [:]

    var registrar: SIPRegistrar
    var authenticator: SIPAuthenticator
    var admission: SIPAdmission
    /// Peers that took no large request by TCP, until when they are not asked again.
    var peersWithoutTCP: [SIPAddress: Instant] = [:]
    var registrations: [String: OutgoingRegistration] = [:]
    var trunks: [String: SIPTrunkState] = [:]
    /// The calls with trunks, both directions.
    var trunkLegs: [SIPLegID: SIPTrunkLeg] = [:]
    /// Whom the OPTIONS on their way ask.
    var probes: [UInt64: SIPProbeTarget] = [:]
    var lastProbe: UInt64 = 0

    /// Makes an endpoint that knows nobody.
    package init(_ configuration: SIPConfiguration, random: SeededRandom) {
        self.configuration = configuration
        identifiers = SIPIdentifiers(secret: configuration.secret, random: random)
        registrar = SIPRegistrar(configuration)
        authenticator = SIPAuthenticator(configuration)
        admission = SIPAdmission(configuration)
        for trunk in configuration.trunks { trunks[trunk.name] = SIPTrunkState(trunk) }
    }

    /// When `advance` is next due; nil when nothing is pending.
    package var nextDeadline: Instant? { deadlines.next }

    /// Takes bytes from a socket.
    package mutating func receive(_ packet: SIPPacket, now: Moment) -> [SIPOutput] {
        if let flow = packet.flow, packet.transport.isReliable {
            receiveStream(packet, flow: flow, now: now.instant)
        } else {
            receiveMessage(packet, now: now.instant)
        }
        return drain()
    }

    /// Does what is due: repetitions, time-outs, expiries.
    package mutating func advance(now: Moment) -> [SIPOutput] {
        while let (target, at) = deadlines.popDue(now.instant) {
            due(target, at: at, now: now.instant)
        }
        return drain()
    }

    /// Carries out a command.
    package mutating func perform(_ command: SIPCommand, now: Moment) -> [SIPOutput] {
        let now = now.instant
        switch command {
        case .ring(let leg, let status, let sdp): ring(leg, status: status, sdp: sdp, now: now)
        case .answer(let leg, let sdp): answer(leg, sdp: sdp, now: now)
        case .reject(let leg, let status, let reason, let headers):
            reject(leg, SIPRefusal(status, reason, headers: headers), now: now)
        case .invite(let leg, let invitation): invite(leg, invitation, now: now)
        case .cancel(let leg): cancel(leg, now: now)
        case .hangUp(let leg, let reason): hangUp(leg, reason: reason, now: now)
        case .reoffer(let leg, let sdp): reoffer(leg, sdp: sdp, now: now)
        case .answerReoffer(let leg, let sdp): answerReoffer(leg, sdp: sdp, now: now)
        case .rejectReoffer(let leg, let status): rejectReoffer(leg, status: status, now: now)
        case .acknowledge(let leg, let sdp): acknowledge(leg, sdp: sdp, now: now)
        case .register(let registration): register(registration, now: now)
        case .info(let leg, let info): sendInfo(leg, info, now: now)
        case .acceptReferral(let leg): acceptReferral(leg, now: now)
        case .referralProgress(let leg, let status): referralProgress(leg, status: status, now: now)
        case .rejectReferral(let leg, let status): rejectReferral(leg, status: status, now: now)
        case .refer(let leg, let target): refer(leg, to: target, now: now)
        case .aimTrunk(let name, let addresses): aimTrunk(name, addresses, now: now)
        }
        return drain()
    }

    /// Sets the digest secrets (HA1 in hex) of a user who may register here; a nil `ha1` takes the right away.
    ///
    /// `ha1` is the MD5 of user, realm and password; `sha256`, where there is one, the SHA-256 of the same.
    @discardableResult
    package mutating func setCredential(user: String, ha1: String?, sha256: String? = nil) -> [SIPOutput] {
        if registrar.setCredential(user: user, ha1: ha1, sha256: sha256) {
            outputs.append(.event(.unregistered(user: user)))
        }
        if ha1 == nil { authenticator.forget(user) }
        return drain()
    }

    /// Whether a phone of the user is registered here and answers.
    package func isRegistered(_ user: String) -> Bool {
        registrar.isReachable(user)
    }

    /// Open legs and transactions, for gauges and for tests that nothing is left over.
    package var load: (legs: Int, transactions: Int) {
        (legs.count, servers.count + clients.count)
    }

    /// The Call-IDs of the legs that the owner has not ended, by leg; for checkers.
    package var callIDs: [SIPLegID: String] {
        legs.filter { $0.value.isReported }.mapValues { String(decoding: $0.dialog.callID, as: UTF8.self) }
    }

    /// The Call-IDs of all legs, also of those whose end the peer has yet to confirm.
    package var allCallIDs: Set<String> { Set(legs.values.map { String(decoding: $0.dialog.callID, as: UTF8.self) }) }

    private mutating func drain() -> [SIPOutput] {
        var drained: [SIPOutput] = []
        swap(&drained, &outputs)
        return drained
    }
}

extension SIPEndpoint {
    mutating func send(_ bytes: [UInt8], to destination: SIPDestination) {
        outputs.append(.send(destination.packet(bytes)))
    }

    /// Tells the owner about a leg, unless the owner has ended it.
    mutating func report(_ event: SIPEvent, of id: SIPLegID) {
        guard legs[id]?.isReported == true else { return }
        if case .cancelled(_, let reason) = event, reliable[id]?.answer != nil {
            // The owner has answered; only the caller's PRACK was missing.
            outputs.append(.event(.ended(id, .remoteHangUp(reason))))
            return
        }
        outputs.append(.event(event))
    }

    /// Our Via for a new request.
    func viaText(_ key: ClientTransactionKey, _ destination: SIPDestination) -> String {
        let host = advertised(destination).description
        return "SIP/2.0/\(destination.transport.viaName) \(host);rport;branch=\(key.text)"
    }

    func advertised(_ destination: SIPDestination) -> SIPAddress {
        configuration.advertised(destination.transport, to: destination.remote, at: destination.local)
            ?? SIPAddress(host: "0.0.0.0", port: 5_060)
    }

    /// Our Contact as a peer sees it.
    func contact(user: String, _ destination: SIPDestination) -> String {
        let transport = destination.transport
        let suffix = transport == .udp ? "" : ";transport=\(transport.viaName.lowercased())"
        let at = user.isEmpty ? "" : "\(escapedUser(user))@"
        return "<sip:\(at)\(advertised(destination))\(suffix)>"
    }
}

extension SIPTransport {
    /// As written in Via.
    var viaName: String {
        switch self {
        case .udp: "UDP"
        case .tcp: "TCP"
        case .tls: "TLS"
        }
    }
}

/// A user name with everything escaped that a URI's user part may not hold.
func escapedUser(_ user: String) -> String {
    let isPlain = user.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "+") }
    if isPlain { return user }
    var bytes: [UInt8] = []
    for byte in user.utf8 {
        if ASCII.isToken(byte), byte != ASCII.percent, byte != UInt8(ascii: "`") {
            bytes.append(byte)
        } else {
            bytes.append(ASCII.percent)
            bytes += ASCII.hex([byte]).utf8
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
