import SIP

/// The last session descriptions of a leg, in either direction.
struct LegSessions: Hashable, Sendable {
    /// What the phone said.
    var theirs: [UInt8]?
    /// What the phone was told.
    var ours: [UInt8]?
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

extension SIPCommand {
    /// The session description that a command sends, with its leg.
    var session: (SIPLegID, [UInt8])? {
        switch self {
        case .answer(let leg, let sdp), .answerReoffer(let leg, let sdp), .acknowledge(let leg, let sdp): (leg, sdp)
        case .reoffer(let leg, let sdp): (leg, sdp)
        default: nil
        }
    }
}

extension BridgeMessage {
    /// Whether it may come from another site than the bridge's other half.
    var isAdoption: Bool { if case .adopt = self { true } else { false } }
}
