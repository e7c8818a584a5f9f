package import Kernel

/// What an endpoint asks of the shell, or tells its owner.
package enum SIPOutput: Hashable, Sendable {
    /// Send these bytes.
    case send(SIPPacket)
    /// Close this stream connection, and why.
    case closeFlow(UInt64, reason: SIPFlowFault)
    /// Something happened.
    case event(SIPEvent)
}

/// Something that the owner of an endpoint has to know.
///
/// Each leg ends with exactly one of `failed`, `cancelled`, `ended`, unless the owner ended it.
package enum SIPEvent: Hashable, Sendable {
    /// Somebody calls.
    case incomingCall(SIPIncomingCall)
    /// An outgoing leg made progress (180, 182, 183 …).
    case ringing(SIPLegID, status: Int, sdp: [UInt8]?)
    /// An outgoing leg was answered. When the invitation had no offer, this is one: `acknowledge` must follow.
    case answered(SIPLegID, sdp: [UInt8])
    /// An outgoing leg ended before it was answered; 408 also when nobody answered in time.
    case failed(SIPLegID, status: Int, reason: String)
    /// The caller gave up before the answer.
    case cancelled(SIPLegID, reason: SIPReason?)
    /// An answered leg ended.
    case ended(SIPLegID, SIPEndCause)
    /// The peer sends a new offer; nil asks us for one. `answerReoffer` or `rejectReoffer` must follow.
    case reoffered(SIPLegID, sdp: [UInt8]?)
    /// Our new offer was answered.
    case reofferAnswered(SIPLegID, sdp: [UInt8])
    /// Our new offer was refused; the call goes on as it was.
    case reofferRejected(SIPLegID, status: Int)
    /// The peer answered, in its ACK, the offer that our 200 carried.
    case acknowledged(SIPLegID, sdp: [UInt8])
    /// The peer sent an INFO within the call; it has been answered with 200.
    case info(SIPLegID, SIPInfo)
    /// The phone wants its other party joined with somebody else. `acceptReferral` or `rejectReferral` must follow.
    case referred(SIPLegID, SIPReferral)
    /// A trunk answers again, or no longer; said at each change.
    case trunk(String, isUp: Bool)
    /// A phone registered or refreshed its registration here.
    case registered(user: String, contact: String, expiresAt: Instant)
    /// A user's last phone is gone: it left, its time ran out, or its connection closed.
    case unregistered(user: String)
    /// Our own registration elsewhere was accepted (200) or refused; 408 when nobody answered.
    case registrationResult(user: String, status: Int)
}

/// A call that arrived.
package struct SIPIncomingCall: Hashable, Sendable {
    /// The leg to answer or refuse.
    package var leg: SIPLegID
    /// The number dialled.
    package var dialled: String
    /// Who calls.
    package var caller: CallerIdentity
    /// The offer; nil when the caller asks us for one.
    package var sdp: [UInt8]?
    /// Where the INVITE came from.
    package var source: SIPAddress
    /// How it came.
    package var transport: SIPTransport
    /// The Call-ID, for logs.
    package var callID: String
    /// Where the call came from, as far as it is proved.
    package var origin = SIPOrigin.stranger
    /// The numbers that were dialled before `dialled`, the first one first (History-Info or Diversion).
    package var history: [String] = []
    /// The leg here that this call shall take the place of (Replaces); nil as a rule.
    package var replaces: SIPLegID?

    /// Makes a description of a call.
    package init(
        leg: SIPLegID,
        dialled: String,
        caller: CallerIdentity,
        sdp: [UInt8]?,
        source: SIPAddress,
        transport: SIPTransport,
        callID: String
    ) {
        self.leg = leg
        self.dialled = dialled
        self.caller = caller
        self.sdp = sdp
        self.source = source
        self.transport = transport
        self.callID = callID
    }
}

/// Who calls, as far as the INVITE says.
package struct CallerIdentity: Hashable, Sendable {
    /// The number or user; spaces and dashes removed, a leading plus kept; empty when not given.
    package var number: String
    /// The name, empty when not given.
    package var displayName: String
    /// Whether the caller asks not to be shown.
    package var isAnonymous: Bool

    /// Makes an identity.
    package init(number: String, displayName: String = "", isAnonymous: Bool = false) {
        self.number = number
        self.displayName = displayName
        self.isAnonymous = isAnonymous
    }
}

/// Why an answered leg ended without our asking.
package enum SIPEndCause: Hashable, Sendable {
    /// The peer hung up.
    case remoteHangUp(SIPReason?)
    /// The peer never acknowledged our answer.
    case notAcknowledged
    /// The peer no longer knows the call, or does not reply.
    case lost(status: Int)
    /// The peer's connection closed and did not come back.
    case connectionLost
    /// The session timer ran out: the peer did not refresh the call (RFC 4028 §10).
    case notRefreshed
}
