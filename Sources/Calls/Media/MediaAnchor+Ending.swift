import Kernel
import SIP

/// How a leg leaves the relay: with its end, or because the relay fails it.
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
        release(&leg, now)
    }

    /// The relay is done with a leg.
    private mutating func release(_ leg: inout AnchoredLeg, _ now: Moment) {
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

    /// The relay fails when the inner party answers: both get each other's own addresses.
    ///
    /// The inner party has the relay's address, so it is offered the outer party's as if that had changed its session.
    mutating func goDirect(_ leg: inout AnchoredLeg, inner said: [UInt8], _ reason: String, _ now: Moment) {
        fail(leg, .session, reason)
        if leg.isRecording { fail(leg, .recording, reason) }
        leg.innerSaid = said
        if !leg.isAnswered {
            leg.isAnswered = true
            emit(.command(.answer(leg.id, sdp: leg.outerHas ?? said)))
        }
        if leg.outerHas != nil { askDirectly(said, &leg) }
        if let outer = leg.outerSaid {
            leg.asked = .byUs
            emit(.event(.reoffered(leg.id, sdp: outer)))
        }
        release(&leg, now)
        leg.isDirect = true
        emit(.note(.notAnchored(leg.id, reason: reason)))
    }

    /// The relay fails when the party whom we call answers.
    mutating func goDirect(_ leg: inout AnchoredLeg, outer said: [UInt8], _ reason: String, _ now: Moment) {
        fail(leg, .session, reason)
        if leg.isRecording { fail(leg, .recording, reason) }
        leg.outerSaid = said
        leg.isAnswered = true
        emit(.event(.answered(leg.id, sdp: said)))
        if let inner = leg.innerSaid { askDirectly(inner, &leg) }
        release(&leg, now)
        leg.isDirect = true
        emit(.note(.notAnchored(leg.id, reason: reason)))
    }

    private mutating func askDirectly(_ session: [UInt8], _ leg: inout AnchoredLeg) {
        leg.asking = .hidden
        emit(.command(.reoffer(leg.id, sdp: session)))
    }

    /// Passes on what comes of a leg that the relay failed, but for the answers to what we began ourselves.
    mutating func pass(_ item: AnchoredLeg.Item, _ leg: inout AnchoredLeg, _ now: Moment) {
        switch item {
        case .event(.reofferAnswered), .event(.reofferRejected): passAnswer(item, &leg)
        case .event(.reoffered) where leg.asked == .byUs:
            emit(.command(.rejectReoffer(leg.id, status: 491)))
        case .command(.reoffer(_, let session)) where leg.asking == .hidden: leg.deferred = session
        case .command(.answerReoffer(_, let session)) where leg.asked == .byUs:
            leg.asked = .nothing
            if !SessionMeaning.isSame(session, leg.innerSaid), leg.asking == .nothing { askDirectly(session, &leg) }
        case .command(.rejectReoffer(_, let status)) where leg.asked == .byUs:
            leg.asked = .nothing
            fail(leg, .session, "the other party refused the session (\(status))")
        case .command(.ring) where leg.isAnswered: break
        default: skip(item, leg.id, "media does not pass the relay")
        }
    }

    private mutating func passAnswer(_ item: AnchoredLeg.Item, _ leg: inout AnchoredLeg) {
        guard leg.asking == .hidden else { return skip(item, leg.id, "") }
        leg.asking = .nothing
        guard let deferred = leg.deferred else { return }
        leg.deferred = nil
        emit(.command(.reoffer(leg.id, sdp: deferred)))
    }
}
