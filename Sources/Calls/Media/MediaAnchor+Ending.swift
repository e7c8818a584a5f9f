import Kernel
import SIP

/// How a leg ends, and how the relay is told.
extension MediaAnchor {
    /// The leg ends on the party's side: the call machine hears of it at once, whatever waits for the relay.
    mutating func close(_ id: SIPLegID, event: SIPEvent, _ now: Moment) {
        guard var leg = legs.removeValue(forKey: id) else { return }
        // A call that arrived, or was answered, is not over before the call machine knew of it.
        switch leg.step?.step {
        case .arriving(let call)?: emit(.event(.incomingCall(call)))
        case .outerAnswers(let session)?: emit(.event(.answered(id, sdp: session)))
        default: break
        }
        for case .event(let early) in leg.waiting {
            switch early {
            case .incomingCall, .answered: emit(.event(early))
            default: break
            }
        }
        emit(.event(event))
        end(&leg, now)
    }

    /// The call machine ends the leg: what waits is of no use any more.
    ///
    /// It knows nothing of a call that the queue answered, so it refuses what must be hung up.
    mutating func close(_ id: SIPLegID, command: SIPCommand, _ now: Moment) {
        guard var leg = legs.removeValue(forKey: id) else { return }
        switch command {
        case .reject(_, let status, let reason, _) where leg.isAnswered:
            emit(.command(.hangUp(id, reason: SIPReason(cause: status, text: reason))))
        default: emit(.command(command))
        }
        end(&leg, now)
    }

    private mutating func end(_ leg: inout AnchoredLeg, _ now: Moment) {
        legOf[leg.session] = nil
        leaving.set(leg.id, nil)
        release(&leg, now)
    }

    /// The relay is done with a leg.
    mutating func release(_ leg: inout AnchoredLeg, _ now: Moment) {
        if let number = leg.step?.number { forget(number) }
        leg.step = nil
        guard leg.isKnown else { return }
        leg.isKnown = false
        if leg.isRecording { ask(.endRecording, .recording, leg, now) }
        leg.isRecording = false
        ask(.end, .session, leg, isTold: false, now)
    }

    /// A leg that cannot be anchored passes by; the relay was told nothing of it.
    mutating func leave(_ leg: inout AnchoredLeg, _ output: MediaOutput, _ reason: String) {
        leg.isDirect = true
        emit(.note(.notAnchored(leg.id, reason: reason)))
        emit(output)
    }

    /// The relay fails a call that is not answered: it goes on with the session that it came with.
    mutating func abandon(_ leg: inout AnchoredLeg, _ output: MediaOutput, _ reason: String, _ now: Moment) {
        fail(leg, .anchoring, reason)
        release(&leg, now)
        leave(&leg, output, reason)
    }
}
