import ContactCenter
package import Kernel
import SIP

/// Hold and resume by the agent's desk: the other party is told first, then the agent's own phone, so that neither
/// hears the other whatever its phone makes of it.
extension CallMachine {
    /// Lets the other party of an agent's bridge wait; false when that cannot be done now.
    package mutating func hold(_ bridge: BridgeID, now: Moment) -> (isDone: Bool, outputs: [CallOutput]) {
        let isDone = turn(bridge, isHold: true, now)
        return (isDone, settle(now))
    }

    /// Takes the other party back; false when that cannot be done now.
    package mutating func resume(_ bridge: BridgeID, now: Moment) -> (isDone: Bool, outputs: [CallOutput]) {
        let isDone = turn(bridge, isHold: false, now)
        return (isDone, settle(now))
    }

    /// Asks the other half to turn its party's media off or on, with this phone's last session.
    mutating func turn(_ bridge: BridgeID, isHold: Bool, _ now: Moment) -> Bool {
        guard var half = agents[bridge], half.phase == .joined, half.reoffer.waiting == nil, isReachable(half.peer),
            let session = sessions[half.leg]?.theirs
        else { return false }
        half.reoffer = Reoffer(
            waiting: .desk,
            expiresAt: now.instant + Limits.callReofferMax,
            isHold: isHold,
            wasHeld: half.isHeld
        )
        half.isHeld = isHold
        store(half)
        let wanted = isHold ? SessionHold.inactive(session) : SessionHold.active(session)
        tell(.caller, at: half.peer, .reoffer(bridge, session: wanted))
        return true
    }

    /// The other party's phone answered hold or resume: the agent's own phone follows.
    mutating func turned(_ half: inout AgentHalf, _ session: [UInt8], _ now: Moment) {
        let isHold = half.reoffer.isHold
        let isRepeat = half.reoffer.isRepeat
        half.isUnsure = false
        half.repetitions = 0
        emit(.event(.held(half.bridge, isHold)))
        guard !half.consults || !isHold else {
            // The leg leads to whoever is consulted meanwhile.
            half.reoffer = Reoffer()
            return store(half)
        }
        half.reoffer.waiting = .ownPhone
        half.reoffer.expiresAt = now.instant + Limits.callReofferMax
        store(half)
        let active = isRepeat ? session : SessionHold.active(session)
        emit(.sip(.reoffer(half.leg, sdp: isHold ? SessionHold.inactive(session) : active)))
    }

    /// The other party would not be held, or taken back.
    mutating func notTurned(_ half: inout AgentHalf, _ now: Moment) {
        if half.reoffer.isRepeat {
            tryAgain(&half, now)
        } else if half.consult == nil {
            half.isHeld = half.reoffer.wasHeld
        } else {
            // Whoever is asked comes all the same, and then this party must wait.
            half.isUnsure = true
            tryAgain(&half, now)
        }
        followed(&half)
    }

    /// The agent's own phone has followed, or would not: the other party counts.
    mutating func followed(_ half: inout AgentHalf) {
        half.reoffer = Reoffer()
        store(half)
        if let contact = half.consult { goOn(contact) }
    }
}
