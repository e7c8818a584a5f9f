import Kernel

/// The name of a client transaction: the random part of its branch, and whether it is the CANCEL of it.
struct ClientTransactionKey: Hashable, Sendable {
    let branch: UInt64
    let isCancel: Bool

    /// The branch as it stands in Via.
    var text: String {
        var bytes = Array("z9hG4bK".utf8)
        ASCII.appendHex(branch, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    init(branch: UInt64, isCancel: Bool = false) {
        self.branch = branch
        self.isCancel = isCancel
    }

    /// Finds our own number in the branch of a response.
    init?(_ envelope: SIPEnvelope) {
        let branch = envelope.via.branch
        guard envelope.via.hasMagicCookie, let number = ASCII.hexNumber(branch.dropFirst(7)) else { return nil }
        self.init(branch: number, isCancel: envelope.method == .cancel)
    }
}

/// For whom a client transaction works.
enum ClientOwner: Hashable, Sendable {
    /// The first INVITE of a leg.
    case invite(SIPLegID)
    /// A re-INVITE.
    case reoffer(SIPLegID)
    /// A BYE; the leg stays to answer a crossing one.
    case bye(SIPLegID)
    /// An INFO, NOTIFY or UPDATE within a call.
    case errand(SIPLegID)
    /// A REGISTER of ours.
    case registration(user: String)
    /// An OPTIONS that asks whether a peer is there, by its number.
    case probe(UInt64)
    /// Nobody: the INVITE was given up, or the request was a courtesy.
    case nobody
}

/// A client transaction: RFC 3261 §17.1 with the Accepted state of RFC 6026.
struct ClientTransaction: Sendable {
    enum State: Hashable, Sendable {
        case calling
        case proceeding
        case completed
        case accepted
    }

    /// What a response means.
    enum Reception: Hashable, Sendable {
        /// Nothing new.
        case ignored
        /// Tell the owner.
        case passed
        /// A failed INVITE: acknowledge, then tell the owner.
        case failedInvite
        /// A copy of a failure: acknowledge again.
        case repeatedFailure
        /// A 2xx to an INVITE, the first or a further one.
        case success
    }

    /// What a deadline asks for.
    enum Step: Hashable, Sendable {
        case nothing
        case send([UInt8])
        case timedOut
        case finished
    }

    let key: ClientTransactionKey
    let method: SIPMethod
    let destination: SIPDestination
    var owner: ClientOwner
    /// The request while it may be repeated or cancelled; then the ACK of a failure.
    private(set) var request: [UInt8]
    private(set) var state = State.calling
    /// The ACKs of 2xx responses by the tag of the phone that sent them.
    private(set) var acknowledgements: [(tag: String, bytes: [UInt8], destination: SIPDestination)] = []
    var isCancelWanted = false
    /// What the CANCEL says.
    var cancelReason: SIPReason?
    private(set) var isCancelled = false
    /// Whether a provisional response above 100 came: the call has reached somebody.
    private(set) var hasProgress = false
    /// How many challenges were answered on the way to this request.
    var challenges = 0
    /// A request too large for a datagram, as it would go by UDP; empty for all others and once the peer was heard.
    private(set) var datagram: [UInt8] = []
    /// Whether it goes by TCP for its size alone.
    private(set) var isLarge = false
    private var repetition: RetransmitTimer?
    private var endsAt: Instant
    var queued: Instant?

    init(
        key: ClientTransactionKey,
        method: SIPMethod,
        destination: SIPDestination,
        owner: ClientOwner,
        request: [UInt8],
        within span: Span,
        now: Instant
    ) {
        self.key = key
        self.method = method
        self.destination = destination
        self.owner = owner
        self.request = request
        endsAt = now + span
        if !destination.transport.isReliable {
            repetition = RetransmitTimer(
                now: now,
                intervalMax: method == .invite ? Limits.sipTransactionTime : Limits.sipT2
            )
        }
    }

    /// A request that goes by TCP because it is too large for UDP.
    mutating func isTooLarge(for datagram: [UInt8]) {
        self.datagram = datagram
        isLarge = true
    }

    /// The way that requests to this peer take when they are not too large.
    var usualWay: SIPDestination {
        var way = destination
        if isLarge { way.transport = .udp }
        return way
    }

    /// Where the peer was heard: what is large travels alone, the call stays with UDP.
    func source(_ packet: SIPPacket) -> SIPDestination {
        var way = SIPDestination(replyingTo: packet)
        if isLarge {
            way = usualWay
            way.remote.host = packet.remote.host
        }
        return way
    }

    var deadline: Instant { earlier(repetition?.at, endsAt) ?? endsAt }

    private var isInvite: Bool { method == .invite }

    /// A response came.
    mutating func receive(status: Int, now: Instant) -> Reception {
        datagram = []
        switch state {
        case .calling, .proceeding:
            if status < 200 {
                if status > 100 { hasProgress = true }
                becomeProceeding(now: now)
                return .passed
            }
            return finalResponse(status, now: now)
        case .completed: return isInvite && status >= 300 ? .repeatedFailure : .ignored
        case .accepted: return (200..<300).contains(status) ? .success : .ignored
        }
    }

    private mutating func becomeProceeding(now: Instant) {
        if isInvite {
            repetition = nil
            if state == .calling { endsAt = now + Limits.sipInviteTime }
        } else if state == .calling {
            repetition?.slowDown(now: now)
        }
        state = .proceeding
    }

    private mutating func finalResponse(_ status: Int, now: Instant) -> Reception {
        repetition = nil
        let isReliable = destination.transport.isReliable
        guard isInvite else {
            state = .completed
            request = []
            endsAt = isReliable ? now : now + Limits.sipT4
            return .passed
        }
        if status < 300 {
            state = .accepted
            request = []
            endsAt = now + Limits.sipTransactionTime
            return .success
        }
        state = .completed
        endsAt = isReliable ? now : now + Limits.sipTransactionTime
        return .failedInvite
    }

    /// Keeps the ACK of a failure in place of the request.
    mutating func keepFailureAcknowledgement(_ bytes: [UInt8]) {
        request = destination.transport.isReliable ? [] : exactly(bytes)
    }

    /// Keeps the ACK of a 2xx to answer copies of it.
    mutating func keepAcknowledgement(tag: String, _ bytes: [UInt8], _ destination: SIPDestination) {
        guard acknowledgements.count < Limits.sipForksMax else { return }
        acknowledgements.append((tag, exactly(bytes), destination))
    }

    /// An INVITE that heard nothing has gone elsewhere: a late answer is cancelled or hung up.
    mutating func abandon(now: Instant) {
        owner = .nobody
        isCancelWanted = true
        repetition = nil
        endsAt = now + Limits.sipTransactionTime
    }

    /// A large request that nobody wants any more is not sent again.
    mutating func waitOn(now: Instant) {
        datagram = []
        endsAt = now + Limits.sipTransactionTime
    }

    /// A CANCEL was sent: the final response must come now or is not coming (RFC 3261 §9.1).
    mutating func cancelled(now: Instant) {
        isCancelled = true
        endsAt = now + Limits.sipTransactionTime
    }

    /// Something is due.
    mutating func advance(now: Instant) -> Step {
        if endsAt <= now {
            return state == .calling || state == .proceeding ? .timedOut : .finished
        }
        if repetition?.fires(now) == true { return .send(request) }
        return .nothing
    }
}
