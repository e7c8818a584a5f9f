import SIP

extension SIPEvent {
    /// The leg that an event is about; nil for registrations.
    var leg: SIPLegID? {
        switch self {
        case .incomingCall(let call): call.leg
        case .ringing(let leg, _, _), .answered(let leg, _), .failed(let leg, _, _), .cancelled(let leg, _),
            .ended(let leg, _), .reoffered(let leg, _), .reofferAnswered(let leg, _), .reofferRejected(let leg, _),
            .acknowledged(let leg, _), .info(let leg, _), .referred(let leg, _):
            leg
        case .registered, .unregistered, .registrationResult, .trunk: nil
        }
    }
}
