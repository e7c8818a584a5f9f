import Kernel
import SIP

/// How a call that is answered goes on without a relay that fails it: each party is told the other's own address.
extension MediaAnchor {
    /// The relay of these legs is gone.
    ///
    /// Who waits for the relay goes on at once; who talks leaves in turn, so that thousands of phones are not asked in
    /// one moment; a caller whom nobody has answered yet leaves with the answer.
    mutating func lose(_ ids: [SIPLegID], _ now: Moment) {
        for id in ids where legs[id]?.isDirect == false { legs[id]?.isLost = true }
        for id in ids {
            if let number = legs[id]?.step?.number { finish(number, .failed(MediaAnchor.gone), now) }
            guard let leg = legs[id], leg.isLost, leg.isTaken, !leg.isDirect, !leg.isDue, leaving[id] == nil else {
                continue
            }
            nextTurn = max(nextTurn, now.instant)
            leaving.set(id, nextTurn)
            nextTurn = nextTurn + Limits.mediaLeaveEvery
        }
        takeTurns(now)
    }

    private static let gone = "the relay is gone"

    mutating func takeTurns(_ now: Moment) {
        while let id = leaving.popDue(now.instant) {
            update(id, now) { anchor, leg in
                if leg.isDirect { anchor.askOwed(&leg) } else { leg.isDue = true }
            }
        }
    }

    /// Lets a leg go whose turn has come, once nothing is open; one that has left is over when both parties know.
    mutating func depart(_ leg: inout AnchoredLeg, _ now: Moment) {
        if leg.isDue, !leg.isDirect, leg.isQuiet { quit(&leg, MediaAnchor.gone, now) }
        guard leg.isDirect, leg.isQuiet else { return }
        if leg.owesOuter || leg.owesInner {
            if leaving[leg.id] == nil { leaving.set(leg.id, now.instant + Limits.mediaLeaveAgain) }
        } else {
            leg.isOver = true
        }
    }

    /// Media no longer passes the relay, and both parties are asked.
    private mutating func quit(_ leg: inout AnchoredLeg, _ reason: String, _ now: Moment) {
        drop(&leg, reason, now)
        // With nobody on the inner side there is nothing to be told.
        guard !leg.isQueued else { return }
        (leg.owesOuter, leg.owesInner) = (leg.innerSaid != nil, leg.outerSaid != nil)
        askOwed(&leg)
    }

    private mutating func drop(_ leg: inout AnchoredLeg, _ reason: String, _ now: Moment) {
        if leg.isRecording { emit(.note(.recordingStopped(leg.id, reason: reason))) }
        release(&leg, now)
        leg.isDirect = true
        emit(.note(.notAnchored(leg.id, reason: reason)))
    }

    /// Offers each party that has yet to learn it the other's own session.
    private mutating func askOwed(_ leg: inout AnchoredLeg) {
        if leg.owesOuter, leg.asking == .nothing, let inner = leg.innerSaid {
            leg.asking = .hidden
            emit(.command(.reoffer(leg.id, sdp: inner)))
        }
        if leg.owesInner, leg.asked == .nothing, let outer = leg.outerSaid {
            leg.asked = .byUs
            // Who holds the call still does.
            let isHeld = leg.innerSaid.map { SessionHold.isHold($0) } ?? false
            emit(.event(.reoffered(leg.id, sdp: isHeld ? SessionHold.inactive(outer) : outer)))
        }
    }

    /// A party would not be told now: again later, for a while.
    private mutating func refused(_ leg: inout AnchoredLeg, _ status: Int, _ now: Moment) {
        leg.refusals += 1
        guard leg.refusals >= Limits.mediaLeaveRefusalsMax else {
            return leaving.set(leg.id, now.instant + Limits.mediaLeaveAgain)
        }
        (leg.owesOuter, leg.owesInner) = (false, false)
        fail(leg, .session, "a party refused the other's own session (\(status))")
    }

    // MARK: A relay that fails in the middle of a change

    /// The relay fails when the inner party answers.
    ///
    /// The inner party has the relay's address, so it is offered the outer party's as if that had changed its session.
    mutating func goDirect(_ leg: inout AnchoredLeg, inner said: [UInt8], _ reason: String, _ now: Moment) {
        fail(leg, .session, reason)
        leg.innerSaid = said
        leg.isTaken = true
        if !leg.isAnswered {
            leg.isAnswered = true
            emit(.command(.answer(leg.id, sdp: leg.outerHas ?? said)))
        }
        drop(&leg, reason, now)
        (leg.owesOuter, leg.owesInner) = (leg.outerHas != nil, leg.outerSaid != nil)
        askOwed(&leg)
    }

    /// The relay fails when the party whom we call answers.
    mutating func goDirect(_ leg: inout AnchoredLeg, outer said: [UInt8], _ reason: String, _ now: Moment) {
        fail(leg, .session, reason)
        leg.outerSaid = said
        (leg.isAnswered, leg.isTaken) = (true, true)
        emit(.event(.answered(leg.id, sdp: said)))
        drop(&leg, reason, now)
        leg.owesOuter = leg.innerSaid != nil
        askOwed(&leg)
    }

    /// A change of session meets a relay that is gone: it goes past it, and so both parties leave with it.
    ///
    /// False when that is not the way for this step.
    mutating func goPast(_ step: AnchoredLeg.Step, _ leg: inout AnchoredLeg, _ now: Moment) -> Bool {
        guard leg.isLost else { return false }
        switch step {
        case .innerOffer(let said): offerPast(.command(.reoffer(leg.id, sdp: said)), &leg, now)
        case .innerOfferEcho: offerPast(.command(.reoffer(leg.id, sdp: leg.innerSaid ?? [])), &leg, now)
        case .outerOffer(let said): offerPast(.event(.reoffered(leg.id, sdp: said)), &leg, now)
        case .outerAnswersOffer(let said):
            leg.outerSaid = said
            drop(&leg, MediaAnchor.gone, now)
            endAsking(&leg, .event(.reofferAnswered(leg.id, sdp: said)))
            leg.owesOuter = leg.innerSaid != nil
            askOwed(&leg)
        case .innerAnswersOffer(let said):
            if case .byOuter(let offer) = leg.asked { leg.outerSaid = offer }
            leg.asked = .nothing
            leg.innerSaid = said
            drop(&leg, MediaAnchor.gone, now)
            emit(.command(.answerReoffer(leg.id, sdp: said)))
            leg.owesInner = leg.outerSaid != nil
            askOwed(&leg)
        case .waitingOffer(let said), .waitingAnswer(let said):
            // Nobody talks: the caller keeps what it has.
            guard let has = leg.outerHas else { return false }
            leg.outerSaid = said
            emit(.command(.answerReoffer(leg.id, sdp: has)))
        default: return false
        }
        return true
    }

    private mutating func offerPast(_ item: AnchoredLeg.Item, _ leg: inout AnchoredLeg, _ now: Moment) {
        drop(&leg, MediaAnchor.gone, now)
        (leg.owesOuter, leg.owesInner) = (true, true)
        pass(item, &leg, now)
    }

    // MARK: Afterwards

    /// Passes on what comes of a leg that has left the relay, but for the answers to what we began ourselves.
    mutating func pass(_ item: AnchoredLeg.Item, _ leg: inout AnchoredLeg, _ now: Moment) {
        switch item {
        case .event(.reofferAnswered(_, let session)): passAnswer(item, session, 0, &leg, now)
        case .event(.reofferRejected(_, let status)): passAnswer(item, nil, status, &leg, now)
        case .event(.reoffered(_, let session)):
            guard leg.asked == .nothing else { return emit(.command(.rejectReoffer(leg.id, status: 491))) }
            leg.asked = .byOuter(session ?? [])
            skip(item, leg.id, "")
        case .command(.reoffer(_, let session)):
            guard leg.asking == .nothing else { return leg.deferred = session }
            leg.asking = .forCalls(session)
            skip(item, leg.id, "")
        case .command(.answerReoffer(_, let session)): passReply(item, session, 0, &leg, now)
        case .command(.rejectReoffer(_, let status)): passReply(item, nil, status, &leg, now)
        case .command(.ring) where leg.isAnswered: break
        default: skip(item, leg.id, "media does not pass the relay")
        }
    }

    /// The outer party has answered an offer, or refused it.
    private mutating func passAnswer(
        _ item: AnchoredLeg.Item,
        _ session: [UInt8]?,
        _ status: Int,
        _ leg: inout AnchoredLeg,
        _ now: Moment
    ) {
        let asking = leg.asking
        leg.asking = .nothing
        switch asking {
        case .hidden where session != nil: leg.owesOuter = false
        case .hidden: refused(&leg, status, now)
        case .forCalls(let offer):
            if let session {
                (leg.owesOuter, leg.owesInner, leg.innerSaid) = (false, false, offer)
                if !session.isEmpty { leg.outerSaid = session }
            }
            skip(item, leg.id, "")
        case .nothing: skip(item, leg.id, "")
        }
        guard let deferred = leg.deferred else { return }
        leg.deferred = nil
        pass(.command(.reoffer(leg.id, sdp: deferred)), &leg, now)
    }

    /// The call machine has answered an offer, or refused it.
    private mutating func passReply(
        _ item: AnchoredLeg.Item,
        _ session: [UInt8]?,
        _ status: Int,
        _ leg: inout AnchoredLeg,
        _ now: Moment
    ) {
        let asked = leg.asked
        leg.asked = .nothing
        switch asked {
        case .nothing: skip(item, leg.id, "")
        case .byOuter(let offer):
            if let session, !offer.isEmpty {
                (leg.owesOuter, leg.owesInner) = (false, false)
                (leg.outerSaid, leg.innerSaid) = (offer, session)
            }
            skip(item, leg.id, "")
        case .byUs:
            guard let session else { return refused(&leg, status, now) }
            leg.owesInner = false
            guard !SessionMeaning.isSame(session, leg.innerSaid) else { return }
            leg.innerSaid = session
            leg.owesOuter = true
            askOwed(&leg)
        }
    }
}
