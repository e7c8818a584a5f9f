import Calls
import ContactCenter
import Kernel
import Routing
import SIP

/// A call whose media passes the site's relay.
struct AnchoredCall: Hashable, Sendable {
    /// The contact; nil until the relay has answered.
    var contact: ContactID?
    /// Whether the call is to be recorded once somebody talks.
    var isRecorded: Bool
    /// True while the agent has the recording paused, or wants that.
    var isPaused = false
    /// How the recording stands, as the relay has confirmed.
    var confirmed = DeskCall.Recording.off
    /// True while it is being recorded, and until the recording has its name.
    var isRecording = false
    /// True when the relay failed in the middle of the recording.
    var isIncomplete = false
}

/// Media of callers' legs: anchored where a queue wants that, announcements, recordings.
extension SiteMachine {
    /// Anchors a call that a queue wants anchored, then gives every event to the media filter.
    mutating func arriveOrPass(_ event: SIPEvent, _ now: Moment) {
        if case .incomingCall(let call) = event { anchor(call) }
        follow(media.fromSIP(event, now: now), now)
        if let leg = event.endedLeg { forgetAnchored(leg) }
    }

    /// Gives what the call machine wants to the media filter, which passes it on or waits for the relay first.
    mutating func leaveOrPass(_ command: SIPCommand, _ now: Moment) {
        follow(media.fromCalls(command, now: now), now)
        switch command {
        case .hangUp(let leg, _), .cancel(let leg), .reject(let leg, _, _, _): forgetAnchored(leg)
        default: break
        }
    }

    /// Forgets a call that has left the relay, unless its recording is still being made.
    private mutating func forgetAnchored(_ leg: SIPLegID) {
        if media.session(of: leg) == nil, anchored[leg]?.isRecording != true { anchored[leg] = nil }
    }

    private mutating func anchor(_ call: SIPIncomingCall) {
        guard media.isUp, call.sdp != nil, let queue = directory.queue(dialled: call.dialled) else { return }
        let rules = queue.line
        let isRecorded = rules.recording.includes(draw: recordingDraw(call.leg))
        guard rules.needsRelay(isRecorded: isRecorded) else { return }
        let name = "\(site.name)-\(boot.incarnation)-\(call.leg.number)"
        let options = MediaOptions(holdMusic: rules.musicOnHold ? [.music] : [])
        if media.anchor(call.leg, session: MediaSession(name), options: options) {
            anchored[call.leg] = AnchoredCall(contact: nil, isRecorded: isRecorded)
        }
    }

    /// A number that nobody chooses: legs in a row must not be recorded in a row.
    private func recordingDraw(_ leg: SIPLegID) -> UInt64 {
        var random = SeededRandom(seed: boot.seed ^ leg.number)
        return random.next()
    }

    /// Carries on what the media filter made of something.
    mutating func follow(_ outputs: [MediaOutput], _ now: Moment) {
        for output in outputs {
            switch output {
            case .job(let job): outbox.append(.media(job))
            case .command(let command): push(sip.perform(command, now: now))
            case .event(let event): handle(event, now)
            case .note(let note): handle(note, now)
            }
        }
    }

    private mutating func handle(_ note: MediaNote, _ now: Moment) {
        switch note {
        case .notAnchored(let leg, let reason):
            let contact = anchored[leg]?.contact
            // What was recorded before still gets its name.
            if anchored[leg]?.isRecording == true { anchored[leg]?.isRecorded = false } else { anchored[leg] = nil }
            if let live = contact.flatMap({ contacts[$0] }) {
                if announcers[live.id] == nil { closeUnheard(live, now) }
                alone(live.id, now)
            }
            log(.warning, "media.notAnchored", [("leg", "\(leg.number)"), ("why", reason)])
        case .queueAnswered(let leg): startAnnouncing(leg, now)
        case .digit(let leg, .outer, let key):
            guard let contact = anchored[leg]?.contact else { return }
            say(contact, now) { $0.digit(key, now: now) }
        case .digit: break
        case .playing(let leg, let span):
            guard let contact = anchored[leg]?.contact else { return }
            announcers[contact]?.playing(span, now: now)
            planAnnouncement(contact, now)
        case .recorded(let leg, _, let file):
            guard let contact = anchored[leg]?.contact else { return }
            pipeline.add(ContactEdits.recorded(contact, RecordingName(site: site, file: file)), for: .record(contact))
            recordingOver(leg, contact, file)
        case .recording(let leg, let isPaused): recordingChanged(leg, isPaused)
        case .recordingStopped(let leg, let reason): recordingStopped(leg, reason)
        case .failed(let leg, let task, let reason): failed(leg, task, reason, now)
        }
    }

    private mutating func failed(_ leg: SIPLegID, _ task: MediaTask, _ reason: String, _ now: Moment) {
        let fields = [("leg", "\(leg.number)"), ("task", task.rawValue), ("why", reason)]
        let isLoud = task == .recording || task == .pausing
        if isLoud { alarm("media.failed", fields) } else { log(.warning, "media.failed", fields) }
        guard let contact = anchored[leg]?.contact else { return }
        switch task {
        case .recording where !media.isAnchored(leg): recordingOver(leg, contact, "")
        case .recording, .pausing: recordingUnchanged(leg, contact)
        case .announcement: say(contact, now) { $0.failed(now: now) }
        case .answering: if let live = contacts[contact] { closeUnheard(live, now) }
        default: break
        }
    }

    // MARK: Waiting callers

    /// Gives a caller who waits here something to hear, where the queue wants that.
    mutating func answerQueue(_ live: LiveContact, _ now: Moment) {
        guard let leg = calls.leg(ofCaller: live.id), media.isAnchored(leg) else { return }
        let mode = definition(of: live.queue).line.announcements
        guard mode != .off || live.answer != nil else { return }
        follow(media.answerQueue(leg, early: mode == .early, now: now), now)
    }

    private mutating func startAnnouncing(_ leg: SIPLegID, _ now: Moment) {
        guard let contact = anchored[leg]?.contact, let live = contacts[contact] else { return }
        // Somebody may have answered before the relay has: nothing must be played over that.
        switch live.stage {
        case .talking, .outside(_, isJoined: true): return
        default: break
        }
        let rules = definition(of: live.queue).line
        let settings = QueueAnnouncer.Settings(
            rules,
            customerLanguage: live.file?.language,
            isRecorded: anchored[leg]?.isRecorded == true
        )
        announcers[contact] = QueueAnnouncer(settings, began: live.arrived)
        if let closing = live.closing {
            say(contact, now) { $0.close(closing.announcement, now: now) }
        } else {
            say(contact, now) { $0.start(now: now) }
        }
    }

    /// Lets a caller hear why the centre hangs up before it does; at once where nothing can be heard.
    mutating func close(
        _ live: LiveContact,
        _ announcement: ClosingAnnouncement,
        status: Int,
        _ reason: String,
        _ now: Moment
    ) {
        guard live.closing == nil else { return }
        let mode = definition(of: live.queue).line.announcements
        guard live.channel == .voice, mode != .off, let leg = calls.leg(ofCaller: live.id), media.isAnchored(leg) else {
            return turnAway(live, status: status, reason, now)
        }
        // Nobody is looked for any more, and whoever hangs up while this is said was refused all the same.
        contacts[live.id]?.closing = LiveContact.Closing(announcement: announcement, status: status, reason: reason)
        contacts[live.id]?.outcome = .refused
        endEstimate(live, isAnswered: false, now)
        router.waiting.remove(live.id)
        timers.set(.overflow(live.id), nil)
        if announcers[live.id] != nil {
            say(live.id, now) { $0.close(announcement, now: now) }
        } else {
            answerQueue(live, now)
        }
    }

    /// A caller who was to hear why the centre hangs up cannot hear it.
    private mutating func closeUnheard(_ live: LiveContact, _ now: Moment) {
        guard let closing = live.closing else { return }
        turnAway(live, status: closing.status, closing.reason, now)
    }

    /// Tells a caller what is due, and what is known of place and wait.
    mutating func announce(_ id: ContactID, _ now: Moment) {
        guard let live = contacts[id], announcers[id] != nil else { return }
        let estimate = estimate(for: id, at: now)
        let position = router.waiting.position(of: id)
        say(id, now) { announcer in
            var outputs = position.map { announcer.learn(position: $0, estimate: estimate, now: now) } ?? []
            if live.overflow.callbackIsOffered { outputs += announcer.offerCallback(now: now) }
            return outputs + announcer.advance(now: now)
        }
    }

    /// Lets an announcer do something and carries it out.
    private mutating func say(
        _ id: ContactID,
        _ now: Moment,
        _ body: (inout QueueAnnouncer) -> [QueueAnnouncer.Output]
    ) {
        guard var announcer = announcers[id], let leg = calls.leg(ofCaller: id) else { return }
        let outputs = body(&announcer)
        announcers[id] = announcer
        for output in outputs {
            switch output {
            case .play(let clips, let isRepeated):
                follow(media.play(leg, clips, isRepeated: isRepeated, now: now), now)
            case .wantsCallback: wantsCallback(id, now)
            case .callbackConfirmed:
                if let call = contacts[id] { turnAway(call, status: 480, "will be called back", now) }
            case .closed: if let call = contacts[id] { closeUnheard(call, now) }
            }
        }
        planAnnouncement(id, now)
    }

    private mutating func planAnnouncement(_ id: ContactID, _ now: Moment) {
        guard let announcer = announcers[id] else { return }
        let look = now.instant + Limits.announceLookAfter
        timers.set(.announce(id), min(announcer.nextDeadline ?? look, look))
    }

    private mutating func wantsCallback(_ id: ContactID, _ now: Moment) {
        do {
            try callBack(id, number: "", nil, now)
        } catch {
            log(.info, "callback.refused", [("contact", id.key), ("why", error.message)])
            refuseCallback(id, now)
        }
    }

    /// The callback is on disk: a caller who hears announcements is told so first; false for one who does not.
    mutating func confirmCallback(_ id: ContactID, _ now: Moment) -> Bool {
        guard announcers[id]?.awaitsCallback == true else { return false }
        say(id, now) { $0.callbackBooked(now: now) }
        return true
    }

    /// There is no callback: the caller waits on.
    mutating func refuseCallback(_ id: ContactID, _ now: Moment) {
        say(id, now) { $0.callbackRefused(now: now) }
    }

    mutating func stopAnnouncing(_ id: ContactID) {
        guard announcers.removeValue(forKey: id) != nil else { return }
        timers.set(.announce(id), nil)
    }
}

extension SIPEvent {
    /// The leg that is over with this event.
    fileprivate var endedLeg: SIPLegID? {
        switch self {
        case .failed(let leg, _, _), .cancelled(let leg, _), .ended(let leg, _): leg
        default: nil
        }
    }
}
