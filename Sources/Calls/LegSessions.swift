import SIP

/// The last session descriptions of a leg, in either direction.
struct LegSessions: Hashable, Sendable {
    /// What the phone said.
    var theirs: [UInt8]?
    /// What the phone was told.
    var ours: [UInt8]?
    /// What the phone had said before an offer of its own that is not answered yet.
    var before: [UInt8]?

    /// The phone says something.
    mutating func said(_ session: [UInt8], isOffer: Bool) {
        before = isOffer ? theirs : nil
        theirs = session
    }

    /// The phone is told something, or that what it wants cannot be.
    mutating func told(_ session: [UInt8]?) {
        if let session {
            ours = session
        } else if let before {
            theirs = before
        }
        before = nil
    }
}

extension SIPEvent {
    /// The session description that an event brings.
    var session: [UInt8]? {
        switch self {
        case .incomingCall(let call): call.sdp
        case .answered(_, let sdp), .reofferAnswered(_, let sdp), .acknowledged(_, let sdp): sdp.isEmpty ? nil : sdp
        case .reoffered(_, let sdp): sdp
        default: nil
        }
    }
}

extension SIPEvent {
    /// Whether the session in it is an offer, which can come to nothing.
    var isOffer: Bool { if case .reoffered = self { true } else { false } }
}

extension SIPCommand {
    /// The session description that a command sends, with its leg; nil in it when the phone's own is refused.
    var session: (SIPLegID, [UInt8]?)? {
        switch self {
        case .answer(let leg, let sdp), .answerReoffer(let leg, let sdp), .acknowledge(let leg, let sdp): (leg, sdp)
        case .reoffer(let leg, let sdp): (leg, sdp)
        case .rejectReoffer(let leg, _): (leg, nil)
        default: nil
        }
    }
}

extension BridgeMessage {
    /// Whether it may come from another site than the bridge's other half.
    var isAdoption: Bool { if case .adopt = self { true } else { false } }
}
