import Kernel

/// One leg: its dialog and what is pending in it.
struct SIPLeg: Sendable {
    enum Phase: Hashable, Sendable {
        /// Somebody calls; the INVITE is not answered. The number is the server transaction's.
        case incoming(UInt64)
        /// We call; no final response yet.
        case outgoing(ClientTransactionKey)
        /// Answered.
        case confirmed
        /// We sent BYE; the leg waits for its response to treat a crossing BYE kindly.
        case closing
    }

    /// A 2xx of ours that the peer has not acknowledged.
    struct PendingAnswer: Sendable {
        let cseq: UInt32
        let bytes: [UInt8]
        var repetition: RetransmitTimer
        let endsAt: Instant
        /// Whether the 2xx carried an offer, so that the ACK carries the answer.
        let isOffer: Bool
        /// Where the INVITE came from as a datagram, whatever its Contact and routes say; a stream's answer goes
        /// where the call is, for its connection may have been made anew.
        let source: SIPDestination?
    }

    /// The peer's new offer, until the owner answers it.
    struct IncomingOffer: Sendable {
        let server: UInt64
        let isInvite: Bool
        let cseq: UInt32
        let hasOffer: Bool
        let until: Instant
    }

    /// Our new offer: sent, or waiting for a better moment.
    struct OutgoingOffer: Sendable {
        let sdp: [UInt8]
        var attempts = 0
        var client: ClientTransactionKey?
        var retryAt: Instant?
        /// A refresh, or what a reliable response could no longer say: the owner hears nothing of it.
        var isSilent = false
        /// What the owner offered while this one was on its way.
        var following: [UInt8]?
    }

    /// Whether the caller can or must confirm provisional responses.
    enum Reliability: UInt8, Sendable {
        case none, supported, required
    }

    let id: SIPLegID
    var dialog: SIPDialog
    var phase: Phase
    /// False once the owner ended the leg: then nothing more is reported.
    var isReported = true
    var answer: PendingAnswer?
    var incomingOffer: IncomingOffer?
    var outgoingOffer: OutgoingOffer?
    /// The INVITE came without an offer.
    var wantsOffer = false
    /// The CSeq and transaction of a 2xx whose ACK waits for the owner's answer to its offer.
    var lateAcknowledgement: (cseq: UInt32, client: ClientTransactionKey)?
    /// A hang-up that has to wait for the ACK (RFC 3261 §15).
    var hangUpWaiting: (reason: SIPReason?, Void)?
    var lastProgress: (status: Int, sdp: [UInt8]?)?
    /// Who registered the phone at the other end, to follow it to a new connection.
    var user: String?
    /// The CSeq of the INVITE that made the leg; other requests may come before its answer.
    var inviteCSeq: UInt32 = 0
    var reliability = Reliability.none
    /// Whether the peer takes UPDATE, so that a refresh needs no session.
    var allowsUpdate = false
    /// Whether a REFER came before: later ones are told apart by their number (RFC 3515 §2.4.6).
    var hasReferred = false
    var session: SIPSessionTimer?
    /// What the request says that we are answering.
    var sessionWish = SIPSessionWish()
    /// The shortest session timer that the peer accepts, from its 422.
    var sessionLeast: Int32 = 0
    /// The version in the origin of the last session sent, and that session.
    var sentVersion: UInt64 = 0
    var sentSession: [UInt8] = []
    var ringUntil: Instant?
    var refreshAt: Instant?
    var graceUntil: Instant?
    var queued: Instant?

    init(id: SIPLegID, dialog: SIPDialog, phase: Phase) {
        self.id = id
        self.dialog = dialog
        self.phase = phase
    }

    /// An INVITE transaction is open in either direction, so no new one may start (RFC 3261 §14.1).
    var isBusy: Bool {
        answer != nil || incomingOffer != nil || outgoingOffer?.client != nil || lateAcknowledgement != nil
    }

    /// Notes what a message says about the peer.
    mutating func learn(_ message: SIPMessage) {
        if message.count(of: .allow) > 0 { allowsUpdate = message.lists(.allow, "UPDATE") }
    }

    var deadline: Instant? {
        var next = earlier(answer?.repetition.at, answer?.endsAt)
        next = earlier(next, incomingOffer?.until)
        next = earlier(next, outgoingOffer?.retryAt)
        next = earlier(next, session?.deadline)
        next = earlier(next, ringUntil)
        next = earlier(next, refreshAt)
        return earlier(next, graceUntil)
    }
}
