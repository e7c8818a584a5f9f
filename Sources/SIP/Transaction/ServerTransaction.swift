import Kernel

/// What tells one request from another at its receiver (RFC 3261 §17.2.3).
struct ServerTransactionKey: Hashable, Sendable {
    /// The branch and sent-by, or for RFC 2543 peers all that the RFC lists.
    let identity: String
    let method: SIPMethod

    /// The key of a request; ACK has that of its INVITE.
    init(_ envelope: SIPEnvelope, requestURI: Bytes, method: SIPMethod? = nil) {
        let ownMethod = method ?? envelope.method
        self.method = ownMethod == .ack ? .invite : ownMethod
        let via = envelope.via
        var bytes: [UInt8] = []
        bytes.reserveCapacity(96)
        if via.hasMagicCookie {
            bytes += via.branch
        } else {
            // An ACK has the To tag of the response, the INVITE has none, so To stays out of the key.
            bytes += requestURI
            bytes.append(ASCII.space)
            bytes += envelope.callID
            bytes.append(ASCII.space)
            bytes += envelope.fromTag.utf8
            bytes += " \(envelope.cseq) ".utf8
            bytes += via.branch
        }
        bytes.append(ASCII.space)
        bytes += via.host
        bytes.append(ASCII.colon)
        bytes += String(via.port ?? 5_060).utf8
        identity = String(decoding: bytes, as: UTF8.self)
    }
}

/// What marks two copies of one request that came by different ways (RFC 3261 §8.2.2.2).
struct MergeKey: Hashable, Sendable {
    let callID: String
    let fromTag: String
    let cseq: UInt32
}

/// A server transaction: RFC 3261 §17.2 with the Accepted state of RFC 6026.
struct ServerTransaction: Sendable {
    enum State: Hashable, Sendable {
        /// No final response yet.
        case proceeding
        /// A final response was sent and may have to be repeated.
        case completed
        /// The ACK for a failure came; late copies of it are swallowed.
        case confirmed
        /// A 2xx was sent to an INVITE; the leg repeats it, we swallow copies of the request.
        case accepted
    }

    /// What a deadline or a copy asks for.
    enum Step: Hashable, Sendable {
        case nothing
        case send([UInt8])
        case finished
    }

    let key: ServerTransactionKey
    let isInvite: Bool
    let destination: SIPDestination
    var mergeKey: MergeKey?
    var leg: SIPLegID?
    /// What responses need; dropped with the final response.
    private(set) var head: SIPResponseHead?
    private(set) var state = State.proceeding
    private var lastResponse: [UInt8] = []
    private var repetition: RetransmitTimer?
    private var endsAt: Instant?
    var queued: Instant?

    init(key: ServerTransactionKey, isInvite: Bool, destination: SIPDestination, head: SIPResponseHead, now: Instant) {
        self.key = key
        self.isInvite = isInvite
        self.destination = destination
        self.head = head
        endsAt = now + Limits.sipInviteTime
    }

    var deadline: Instant? { earlier(repetition?.at, endsAt) }

    /// Notes a response that is being sent.
    mutating func sent(_ bytes: [UInt8], status: Int, now: Instant) {
        guard state == .proceeding else { return }
        lastResponse = bytes
        guard status >= 200 else { return }
        head = nil
        if isInvite, status < 300 {
            state = .accepted
            lastResponse = []
            endsAt = now + Limits.sipTransactionTime
            return
        }
        state = .completed
        lastResponse = exactly(bytes)
        let isReliable = destination.transport.isReliable
        if isInvite {
            endsAt = now + Limits.sipTransactionTime
            if !isReliable { repetition = RetransmitTimer(now: now) }
        } else {
            endsAt = isReliable ? now : now + Limits.sipTransactionTime
        }
    }

    /// A copy of the request came.
    func repeated() -> Step {
        switch state {
        case .proceeding, .completed: lastResponse.isEmpty ? .nothing : .send(lastResponse)
        case .confirmed, .accepted: .nothing
        }
    }

    /// The ACK of a failure came.
    mutating func acknowledged(now: Instant) {
        guard state == .completed, isInvite else { return }
        state = .confirmed
        repetition = nil
        lastResponse = []
        endsAt = destination.transport.isReliable ? now : now + Limits.sipT4
    }

    /// Something is due.
    mutating func advance(now: Instant) -> Step {
        if let endsAt, endsAt <= now { return .finished }
        if repetition?.fires(now) == true { return .send(lastResponse) }
        return .nothing
    }
}
