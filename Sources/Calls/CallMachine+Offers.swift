import ContactCenter
import Kernel
import SIP

/// What the caller's phone makes of offers that it was sent.
extension CallMachine {
    /// The phone took the offer: whoever made it hears the answer.
    mutating func callerTookOffer(_ half: inout CallerHalf, _ session: [UInt8], _ now: Moment) {
        if half.reoffer.waiting == .ownPhone { return ownPhoneFollowed(&half) }
        if case .joining = half.phase { return joinAnswered(&half, session, now) }
        if mixAnswered(&half, nil, session, now) { return }
        passReofferAnswer(session, &half.reoffer, half.joined, to: .agent)
        store(half)
    }

    /// The phone refused the offer; it goes on as it was.
    mutating func callerRefusedOffer(_ half: inout CallerHalf, _ status: Int, _ now: Moment) {
        if half.reoffer.waiting == .ownPhone { return ownPhoneFollowed(&half) }
        if case .joining = half.phase { return joinAnswered(&half, nil, now) }
        if mixAnswered(&half, nil, nil, now) { return }
        rejectReoffer(status, &half.reoffer, half.joined, to: .agent)
        store(half)
    }

    /// The phone has followed, or would not; whoever has answered meanwhile is joined.
    private mutating func ownPhoneFollowed(_ half: inout CallerHalf) {
        half.reoffer = Reoffer()
        store(half)
        goOn(half.contact)
    }

    /// A party answered in its ACK the session that it was given in place of an offer of its own: the other party is
    /// told as of any change.
    mutating func passLateAnswer(
        _ session: [UInt8],
        _ reoffer: inout Reoffer,
        _ joined: (BridgeID, SiteID)?,
        to receiver: BridgeRole,
        _ now: Moment
    ) {
        guard let (bridge, peer) = joined, reoffer.waiting == nil else { return }
        reoffer = Reoffer(waiting: .nobody, expiresAt: now.instant + Limits.callReofferMax)
        tell(receiver, at: peer, .reoffer(bridge, session: session))
    }
}
