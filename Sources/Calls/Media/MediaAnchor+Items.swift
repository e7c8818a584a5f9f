import Kernel
import SIP

/// What is done with each thing that a leg's signalling or its owner brings, when its turn has come.
extension MediaAnchor {
    mutating func begin(_ item: AnchoredLeg.Item, _ leg: inout AnchoredLeg, _ now: Moment) {
        if leg.isDirect { return pass(item, &leg, now) }
        switch item {
        case .event(let event): begin(event, &leg, now)
        case .command(let command): begin(command, &leg, now)
        case .answerQueue(let early): answerQueue(&leg, early: early, now)
        case .play(let clips, let isRepeated): play(clips, isRepeated: isRepeated, &leg, now)
        case .stopPlaying: stopPlaying(&leg, now)
        case .record:
            leg.isRecording = true
            leg.isKnown = true
            ask(.record, .recording, leg, now)
        case .pauseRecording:
            if leg.isRecording { ask(.pauseRecording, .pausing, leg, now) }
        case .endRecording:
            if leg.isRecording { ask(.endRecording, .recording, leg, now) }
            leg.isRecording = false
        case .mute(let side, let isMuted): ask(.mute(side, isMuted), .muting, leg, now)
        }
    }

    /// Says of something that it is not done.
    mutating func skip(_ item: AnchoredLeg.Item, _ id: SIPLegID, _ reason: String) {
        switch item {
        case .event(let event): emit(.event(event))
        case .command(let command): emit(.command(command))
        case .answerQueue: emit(.note(.failed(id, .answering, reason: reason)))
        case .play: emit(.note(.failed(id, .announcement, reason: reason)))
        case .record: emit(.note(.failed(id, .recording, reason: reason)))
        case .mute: emit(.note(.failed(id, .muting, reason: reason)))
        case .stopPlaying, .pauseRecording, .endRecording: break
        }
    }

    // MARK: From the endpoint

    private mutating func begin(_ event: SIPEvent, _ leg: inout AnchoredLeg, _ now: Moment) {
        switch event {
        case .incomingCall(let call):
            guard let offer = call.sdp else { return leave(&leg, .event(event), "the caller asks for an offer") }
            leg.outerSaid = offer
            start(.arriving(call), .offer(from: .outer, session: offer), &leg, now)
        case .reoffered(_, .some(let session)):
            guard leg.asked == .nothing else { return emit(.command(.rejectReoffer(leg.id, status: 491))) }
            let step: AnchoredLeg.Step = leg.isQueued && leg.isAnswered ? .waitingOffer(session) : .outerOffer(session)
            start(step, .offer(from: .outer, session: session), &leg, now)
        case .reofferAnswered(_, let session): outerAnswered(session, &leg, now)
        case .reofferRejected(_, let status):
            if leg.asking == .hidden { fail(leg, .session, "the party refused the session (\(status))") }
            endAsking(&leg, .event(event))
        case .ringing(_, let status, .some(let session)):
            start(.outerRings(status: status), .answer(from: .outer, session: session), &leg, now)
        case .answered(_, let session):
            start(.outerAnswers(session), .answer(from: .outer, session: session), &leg, now)
        default: emit(.event(event))
        }
    }

    private mutating func outerAnswered(_ session: [UInt8], _ leg: inout AnchoredLeg, _ now: Moment) {
        let said = session.isEmpty ? leg.outerSaid ?? [] : session
        switch leg.asking {
        case .nothing: emit(.event(.reofferAnswered(leg.id, sdp: session)))
        case .hidden: start(.hiddenAnswer(said), .offer(from: .outer, session: said), &leg, now)
        case .forCalls: start(.outerAnswersOffer(said), .answer(from: .outer, session: said), &leg, now)
        }
    }

    /// Our new offer is answered or refused: the call machine hears of it if it was its own, and has its turn now if
    /// not.
    mutating func endAsking(_ leg: inout AnchoredLeg, _ output: MediaOutput) {
        if leg.asking != .hidden { emit(output) }
        leg.asking = .nothing
        guard let deferred = leg.deferred else { return }
        leg.deferred = nil
        leg.waiting.insert(.command(.reoffer(leg.id, sdp: deferred)), at: 0)
    }

    // MARK: From the call machine

    private mutating func begin(_ command: SIPCommand, _ leg: inout AnchoredLeg, _ now: Moment) {
        switch command {
        case .invite(_, let invitation):
            guard let offer = invitation.sdp else { return leave(&leg, .command(command), "the call has no offer") }
            leg.innerSaid = offer
            start(.inviting(invitation), .offer(from: .inner, session: offer), &leg, now)
        case .ring(_, let status, let session):
            guard !leg.isAnswered else { return }
            guard let session else {
                // A caller who hears the queue would hear its own telephone ring instead.
                return leg.outerHas == nil ? emit(.command(command)) : ()
            }
            start(.innerRings(status: status, session), .answer(from: .inner, session: session), &leg, now)
        case .answer(_, let session):
            leaveQueue(&leg, now)
            start(.innerAnswers(session), .answer(from: .inner, session: session), &leg, now)
        case .reoffer(_, let session):
            guard leg.asking == .nothing else { return leg.deferred = session }
            leaveQueue(&leg, now)
            // Who is held without sound in either direction would not hear the music, and the relay plays none.
            let isPlayed = !leg.options.holdMusic.isEmpty && SessionHold.isHold(session)
            let shown = isPlayed ? SessionHold.sendOnly(session) : session
            start(.innerOffer(session), .offer(from: .inner, session: shown), &leg, now)
        case .answerReoffer(_, let session):
            guard case .byOuter = leg.asked else { return emit(.command(command)) }
            start(.innerAnswersOffer(session), .answer(from: .inner, session: session), &leg, now)
        case .rejectReoffer:
            leg.asked = .nothing
            emit(.command(command))
        default: emit(.command(command))
        }
    }

    /// Somebody is on the inner side: nothing of the queue is heard any more.
    private mutating func leaveQueue(_ leg: inout AnchoredLeg, _ now: Moment) {
        guard leg.isQueued else { return }
        leg.isQueued = false
        stopPlaying(&leg, now)
    }

    // MARK: From the owner

    private mutating func answerQueue(_ leg: inout AnchoredLeg, early: Bool, _ now: Moment) {
        leg.isQueued = true
        if leg.isAnswered || (early && leg.outerHas != nil) { return emit(.note(.queueAnswered(leg.id))) }
        guard let offer = leg.innerHas, let answer = QueueSession.answer(to: offer) else {
            return fail(leg, .answering, "the caller offers no sound that can be played to")
        }
        start(.queueAnswer(early: early), .answer(from: .inner, session: answer), &leg, now)
    }

    private mutating func play(_ clips: [MediaClip], isRepeated: Bool, _ leg: inout AnchoredLeg, _ now: Moment) {
        guard leg.outerHas != nil else { return fail(leg, .announcement, "nobody hears it yet") }
        leg.isPlaying = true
        ask(.play(to: .outer, clips: clips, isRepeated: isRepeated), .announcement, leg, now)
    }

    private mutating func stopPlaying(_ leg: inout AnchoredLeg, _ now: Moment) {
        guard leg.isPlaying else { return }
        leg.isPlaying = false
        ask(.stopPlaying(to: .outer), .announcement, leg, now)
    }

    /// Plays music to a party that is held, and stops it when it is no longer.
    mutating func noteHold(of session: [UInt8], _ leg: inout AnchoredLeg, _ now: Moment) {
        let isHold = SessionHold.isHold(session)
        guard !leg.options.holdMusic.isEmpty, isHold != leg.isHeld else { return }
        leg.isHeld = isHold
        if isHold {
            let request = MediaRequest.play(to: .outer, clips: leg.options.holdMusic, isRepeated: true)
            ask(request, .holdMusic, leg, isTold: false, now)
        } else {
            ask(.stopPlaying(to: .outer), .holdMusic, leg, isTold: false, now)
        }
    }
}
