import Kernel

/// One phone's side of a call of ours that may ring at several, before any of them answers.
struct SIPEarlyDialog: Sendable {
    var dialog: SIPDialog
    /// The RSeq of its last reliable response that was taken; nil before the first (RFC 3262 §4).
    var rseq: UInt32?
    /// The answer to our offer that a reliable response carried: the 200 need not repeat it.
    var sdp: [UInt8]?
}
