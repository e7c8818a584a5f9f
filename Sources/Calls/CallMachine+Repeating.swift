import ContactCenter
import Kernel
import SIP

/// What follows when a change of session was cut by a broken link: it may have come through in half, so that one phone
/// holds what the other does not know of.
///
/// Messages between sites come in order or not at all, so whoever waited for an answer when the link broke knows it,
/// and says so when it is back (`BridgePhase.unsure`). The agent's half then offers her phone's session once more, and
/// her phone gets what comes back: afterwards each has what the other says.
extension CallMachine {
    /// Offers the agent's session to the other half once more.
    mutating func repeatSession(_ bridge: BridgeID, _ now: Moment) {
        guard var half = agents[bridge], half.phase == .joined, half.adoption == nil, isReachable(half.peer),
            let session = sessions[half.leg]?.theirs
        else { return }
        half.repeatAt = nil
        half.isUnsure = true
        guard half.reoffer.waiting == nil else {
            tryAgain(&half, now)
            return store(half)
        }
        half.reoffer = Reoffer(
            waiting: .desk,
            expiresAt: now.instant + Limits.callReofferMax,
            isHold: half.isHeld,
            isRepeat: true
        )
        store(half)
        let own = half.holds ? SessionHold.sendOnly(session) : SessionHold.active(session)
        tell(.caller, at: half.peer, .reoffer(bridge, session: half.isHeld ? SessionHold.inactive(session) : own))
    }

    /// The line was busy: once more in a while, a few times.
    mutating func tryAgain(_ half: inout AgentHalf, _ now: Moment) {
        half.repetitions += 1
        guard half.repetitions <= Limits.callRepetitionsMax else {
            half.repetitions = 0
            half.isUnsure = false
            return
        }
        half.repeatAt = now.instant + Limits.callRepeatAfter
    }

    /// The link is gone: what was being changed may have come through in half.
    mutating func cut(_ half: inout AgentHalf) {
        // What the desk asked for has come to nothing, as far as it knows; beside a consultation it stays wanted.
        if half.reoffer.waiting == .desk, !half.reoffer.isRepeat, half.consult == nil {
            half.isHeld = half.reoffer.wasHeld
        }
        if half.reoffer.waiting != nil { half.isUnsure = true }
        half.repeatAt = nil
        half.repetitions = 0
        dropReoffer(&half.reoffer, half.leg)
    }

    /// The same at the caller's side, where parties of a room count as well.
    mutating func cut(_ half: inout CallerHalf, _ peer: SiteID) {
        if half.peer == peer {
            if half.reoffer.waiting != nil || half.delayed != nil { half.isUnsure = true }
            half.delayed = nil
            dropReoffer(&half.reoffer, half.leg)
        }
        for index in half.room?.parties.indices ?? 0..<0 {
            guard let party = half.room?.parties[index], party.peer == peer, party.isAsked else { continue }
            half.room?.parties[index].isAsked = false
            half.room?.parties[index].isUnsure = true
            if party.bridge == half.bridge { half.isUnsure = true }
        }
    }
}
