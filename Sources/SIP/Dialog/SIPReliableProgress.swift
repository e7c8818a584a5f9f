import Kernel

/// The provisional responses to one INVITE that the caller must confirm (RFC 3262 §3): one at a time.
struct SIPReliableProgress: Sendable {
    /// One that waits for its PRACK.
    struct Open: Sendable {
        let rseq: UInt32
        let bytes: [UInt8]
        /// Nil once a final response made repeating pointless.
        var repetition: RetransmitTimer?
        let endsAt: Instant
        let hasSession: Bool
    }

    /// The RSeq of the next one.
    var next: UInt32
    var open: Open?
    var waiting: [(status: Int, sdp: [UInt8]?)] = []
    /// Whether a session has been queued or sent: the offer has then its answer, and no other may follow.
    var hasSession = false
    /// The owner's answer; it may not go out while a session is unconfirmed.
    var answer: [UInt8]?

    init(first: UInt32) {
        next = first
    }

    var deadline: Instant? {
        guard let open, let repetition = open.repetition else { return nil }
        return earlier(repetition.at, open.endsAt)
    }

    /// Whether a session is still on its way to the caller.
    var isSessionUnconfirmed: Bool {
        open?.hasSession == true || waiting.contains { $0.sdp != nil }
    }
}
