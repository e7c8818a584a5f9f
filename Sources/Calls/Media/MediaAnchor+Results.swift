import Kernel
import SIP

/// What is done with the session that the relay made of another, or without one when it failed.
extension MediaAnchor {
    mutating func carry(
        out step: AnchoredLeg.Step,
        _ made: [UInt8]?,
        _ reason: String,
        _ leg: inout AnchoredLeg,
        _ now: Moment
    ) {
        guard let made else { return without(step, reason, &leg, now) }
        switch step {
        case .arriving(var call):
            leg.innerHas = made
            call.sdp = made
            emit(.event(.incomingCall(call)))
        case .inviting(var invitation):
            leg.outerHas = made
            invitation.sdp = made
            emit(.command(.invite(leg.id, invitation)))
        case .queueAnswer(let early): queueAnswer(made, early: early, &leg)
        case .waitingOffer, .waitingAnswer: waiting(step, made, &leg, now)
        case .innerRings(let status, let said):
            leg.innerSaid = said
            guard leg.outerHas == nil else { return }
            leg.outerHas = made
            emit(.command(.ring(leg.id, status: status, sdp: made)))
        case .innerAnswers(let said):
            leg.innerSaid = said
            answer(made, &leg)
        case .hiddenAnswer(let said):
            leg.outerSaid = said
            guard let inner = leg.innerSaid else { return endAsking(&leg, .event(.reofferAnswered(leg.id, sdp: made))) }
            start(.hiddenEcho, .answer(from: .inner, session: inner), &leg, now)
        case .hiddenEcho: endAsking(&leg, .event(.reofferAnswered(leg.id, sdp: made)))
        case .innerOffer, .innerOfferEcho, .outerAnswersOffer: innerOffer(step, made, &leg, now)
        case .outerOffer(let said):
            leg.asked = .byOuter(said)
            leg.innerHas = made
            emit(.event(.reoffered(leg.id, sdp: made)))
        case .innerAnswersOffer(let said):
            if case .byOuter(let offer) = leg.asked { leg.outerSaid = offer }
            leg.asked = .nothing
            leg.innerSaid = said
            leg.outerHas = made
            emit(.command(.answerReoffer(leg.id, sdp: made)))
        case .outerRings(let status): emit(.event(.ringing(leg.id, status: status, sdp: made)))
        case .outerAnswers(let said):
            leg.outerSaid = said
            leg.innerHas = made
            (leg.isAnswered, leg.isTaken) = (true, true)
            emit(.event(.answered(leg.id, sdp: made)))
        }
    }

    private mutating func queueAnswer(_ made: [UInt8], early: Bool, _ leg: inout AnchoredLeg) {
        if leg.outerHas == nil { leg.outerHas = made }
        let session = leg.outerHas ?? made
        if early {
            emit(.command(.ring(leg.id, status: 183, sdp: session)))
        } else {
            leg.isAnswered = true
            emit(.command(.answer(leg.id, sdp: session)))
        }
        emit(.note(.queueAnswered(leg.id)))
    }

    /// The inner party answers: so does the leg, or its session is brought to what the two agreed on.
    ///
    /// A caller that has a session from early media takes no other from the answer (RFC 3261, §13.2.1).
    private mutating func answer(_ made: [UInt8], _ leg: inout AnchoredLeg) {
        leg.isTaken = true
        if !leg.isAnswered {
            leg.isAnswered = true
            emit(.command(.answer(leg.id, sdp: leg.outerHas ?? made)))
        }
        if let has = leg.outerHas, !SessionMeaning.isSame(made, has) {
            leg.asking = .hidden
            emit(.command(.reoffer(leg.id, sdp: made)))
        }
        leg.outerHas = made
    }

    /// A waiting caller changes its session: the queue answers.
    private mutating func waiting(_ step: AnchoredLeg.Step, _ made: [UInt8], _ leg: inout AnchoredLeg, _ now: Moment) {
        switch step {
        case .waitingOffer(let said):
            guard let answer = QueueSession.answer(to: made) else {
                return emit(.command(.rejectReoffer(leg.id, status: 488)))
            }
            leg.innerHas = made
            start(.waitingAnswer(said), .answer(from: .inner, session: answer), &leg, now)
        case .waitingAnswer(let said):
            leg.outerSaid = said
            leg.outerHas = made
            emit(.command(.answerReoffer(leg.id, sdp: made)))
        default: break
        }
    }

    /// The inner party offers anew (hold, or somebody else is there): the outer party is asked only if it would notice.
    private mutating func innerOffer(
        _ step: AnchoredLeg.Step,
        _ made: [UInt8],
        _ leg: inout AnchoredLeg,
        _ now: Moment
    ) {
        switch step {
        case .innerOffer(let said):
            leg.innerSaid = said
            guard SessionMeaning.isSame(made, leg.outerHas), let outer = leg.outerSaid else {
                leg.asking = .forCalls(made)
                return emit(.command(.reoffer(leg.id, sdp: made)))
            }
            start(.innerOfferEcho, .answer(from: .outer, session: outer), &leg, now)
        case .innerOfferEcho:
            leg.innerHas = made
            emit(.event(.reofferAnswered(leg.id, sdp: made)))
            if let said = leg.innerSaid { noteHold(of: said, &leg, now) }
        case .outerAnswersOffer(let said):
            leg.outerSaid = said
            leg.innerHas = made
            if case .forCalls(let offered) = leg.asking { leg.outerHas = offered }
            endAsking(&leg, .event(.reofferAnswered(leg.id, sdp: made)))
            if let said = leg.innerSaid { noteHold(of: said, &leg, now) }
        default: break
        }
    }

    /// The relay failed: the call goes on as well as it can.
    private mutating func without(
        _ step: AnchoredLeg.Step,
        _ reason: String,
        _ leg: inout AnchoredLeg,
        _ now: Moment
    ) {
        guard !goPast(step, &leg, now) else { return }
        switch step {
        case .arriving(let call): abandon(&leg, .event(.incomingCall(call)), reason, now)
        case .inviting(let invitation): abandon(&leg, .command(.invite(leg.id, invitation)), reason, now)
        case .queueAnswer: fail(leg, .answering, reason)
        case .waitingOffer, .waitingAnswer:
            fail(leg, .session, reason)
            emit(.command(.rejectReoffer(leg.id, status: 488)))
        case .innerRings(let status, _):
            fail(leg, .session, reason)
            if leg.outerHas == nil { emit(.command(.ring(leg.id, status: status, sdp: nil))) }
        case .innerAnswers(let said): goDirect(&leg, inner: said, reason, now)
        case .hiddenAnswer, .hiddenEcho:
            fail(leg, .session, reason)
            endAsking(&leg, .event(.reofferAnswered(leg.id, sdp: [])))
        case .innerOffer:
            fail(leg, .session, reason)
            emit(.event(.reofferRejected(leg.id, status: 488)))
        case .innerOfferEcho:
            fail(leg, .session, reason)
            emit(.event(.reofferAnswered(leg.id, sdp: leg.innerHas ?? leg.outerSaid ?? [])))
        case .outerAnswersOffer(let said):
            fail(leg, .session, reason)
            leg.outerSaid = said
            if case .forCalls(let offered) = leg.asking { leg.outerHas = offered }
            endAsking(&leg, .event(.reofferAnswered(leg.id, sdp: leg.innerHas ?? said)))
        case .outerOffer:
            fail(leg, .session, reason)
            emit(.command(.rejectReoffer(leg.id, status: 488)))
        case .innerAnswersOffer:
            fail(leg, .session, reason)
            leg.asked = .nothing
            emit(.command(.rejectReoffer(leg.id, status: 488)))
        case .outerRings(let status):
            fail(leg, .session, reason)
            emit(.event(.ringing(leg.id, status: status, sdp: nil)))
        case .outerAnswers(let said): goDirect(&leg, outer: said, reason, now)
        }
    }
}
