import Kernel

/// Where one phone of a user can be reached.
struct SIPBinding: Sendable {
    /// The Contact's URI: the Request-URI of calls to the phone.
    let uri: [UInt8]
    /// Where the REGISTER came from: the only way to a phone behind address translation.
    var destination: SIPDestination
    var callID: [UInt8]
    var cseq: UInt32
    var expiresAt: Instant
    /// Orders bindings by their last REGISTER.
    var serial: UInt64
    /// The proxies on the way to the phone, as Path named them: the Routes of calls to it (RFC 3327).
    var path: [[UInt8]] = []
    /// The phone itself, by its instance and reg-id, whatever its Contact says now (RFC 5626 §6); empty for none.
    var instance: [UInt8] = []
    /// Whether it answers.
    var probe = SIPProbe()
}

/// What is known of a peer that is asked by OPTIONS whether it is there.
struct SIPProbe: Hashable, Sendable {
    /// Believed until two probes in a row heard nothing.
    private(set) var isUp = true
    /// Whether a probe has shown anything yet.
    private(set) var isKnown = false
    private var misses = 0
    /// When it is asked next; nil for never, or while a probe is on its way.
    var at: Instant?

    /// The peer was heard.
    mutating func heard() {
        isUp = true
        isKnown = true
        misses = 0
    }

    /// A probe heard nothing; it is asked again at once until it counts as gone.
    mutating func missed() {
        misses += 1
        if misses >= Limits.sipProbeMissesMax { lost() }
    }

    /// Something else showed that the peer does not answer.
    mutating func lost() {
        isUp = false
        isKnown = true
        misses = Limits.sipProbeMissesMax
    }
}
