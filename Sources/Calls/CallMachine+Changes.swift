import ContactCenter
import Kernel
import SIP

/// What the agent's half says about changes of session.
extension CallMachine {
    mutating func changeReceived(
        _ message: BridgeMessage,
        _ half: inout CallerHalf,
        _ bridge: BridgeID,
        _ peer: SiteID,
        _ now: Moment
    ) {
        switch message {
        case .reoffer where half.isBeside(legs[half.leg]):
            // The agent's leg leads to her customer: whoever is consulted waits on.
            let last = sessions[half.leg]?.theirs ?? []
            tell(.agent, at: peer, .reofferAnswer(bridge, session: SessionHold.inactive(last)))
        case .reoffer(_, let session) where half.room?.isMixed == true:
            callers[half.contact]?.isUnsure = false
            if let ours = mixReoffered(half, bridge, session) {
                tell(.agent, at: peer, .reofferAnswer(bridge, session: ours))
            } else {
                tell(.agent, at: peer, .reofferReject(bridge, status: 491))
            }
        case .reofferAnswer(_, let session) where half.isAsked(bridge): _ = mixAnswered(&half, bridge, session, now)
        case .reofferReject where half.isAsked(bridge): _ = mixAnswered(&half, bridge, nil, now)
        case .reoffer(_, let session):
            half.isUnsure = false
            let isOpen = half.joined != nil && half.line != .placed
            receiveReoffer(session, &half.reoffer, half.leg, bridge, peer, isOpen, sender: .agent, now)
            store(half)
        case .reofferAnswer(_, let session) where half.reoffer.waiting == .desk: consultTurned(&half, session, now)
        case .reofferReject where half.reoffer.waiting == .desk: consultTurned(&half, nil, now)
        case .reofferAnswer where half.reoffer.waiting == .nobody, .reofferReject where half.reoffer.waiting == .nobody:
            heard(&half, now)
        case .reofferAnswer, .reofferReject:
            receiveReofferResult(message, &half.reoffer, half.leg)
            store(half)
        default: break
        }
    }
}
