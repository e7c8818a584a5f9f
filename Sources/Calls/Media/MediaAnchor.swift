package import Kernel
package import SIP

/// Stands between a SIP endpoint and a call machine and leads the media of some legs through a relay; see DESIGN.md.
///
/// What the endpoint reports and what the call machine asks passes through here. Of a leg that is not anchored it
/// passes at once, unchanged. Of an anchored one it keeps its order, and each session is replaced by the one that the
/// relay made of it; the call machine never knows. A relay that fails harms no call: the leg goes on without it.
///
/// A value: inputs go in with the time, outputs come out in the order in which they are to be carried out.
package struct MediaAnchor: Sendable {
    /// What a job was for.
    struct OpenJob: Hashable, Sendable {
        let leg: SIPLegID
        let session: MediaSession
        /// What to tell of; nil for a session on which its leg waits.
        let task: MediaTask?
        /// Whether anybody wants to know what became of it.
        let isTold: Bool
    }

    /// Whether the relay answers; until it is heard from, nothing is anchored.
    package private(set) var isUp = false
    var legs: [SIPLegID: AnchoredLeg] = [:]
    var legOf: [MediaSession: SIPLegID] = [:]
    var jobs: [UInt64: OpenJob] = [:]
    var deadlines = DeadlineHeap<UInt64>()
    /// When legs leave a relay that is gone, or ask again for what was refused them; nobody leaves before `nextTurn`.
    var leaving = DeadlineHeap<SIPLegID>()
    var nextTurn = Instant.zero
    var lastJob: UInt64 = 0
    var outputs: [MediaOutput] = []

    /// Makes one that anchors nothing yet.
    package init() {}

    /// When `advance` is next due.
    package var nextDeadline: Instant? { [deadlines.next, leaving.next].compactMap { $0 }.min() }

    /// How many legs are anchored.
    package var count: Int { legs.count }

    /// Whether a leg's media passes the relay.
    package func isAnchored(_ leg: SIPLegID) -> Bool { legs[leg].map { !$0.isDirect } ?? false }

    /// Whether a leg's party hears what is played.
    package func hears(_ leg: SIPLegID) -> Bool {
        legs[leg].map { !$0.isDirect && $0.outerHas != nil } ?? false
    }

    /// The relay's session of a leg.
    package func session(of leg: SIPLegID) -> MediaSession? { legs[leg]?.session }

    // MARK: Inputs

    /// Anchors a leg, before its `incomingCall` or `invite` is passed in; false when that cannot be, so that it passes.
    ///
    /// The session's name must never have been used.
    package mutating func anchor(_ leg: SIPLegID, session: MediaSession, options: MediaOptions = MediaOptions()) -> Bool
    {
        guard isUp, legs[leg] == nil, legOf[session] == nil, legs.count < Limits.liveContactsMax else { return false }
        legs[leg] = AnchoredLeg(id: leg, session: session, options: options)
        legOf[session] = leg
        return true
    }

    /// Takes what the endpoint reports.
    package mutating func fromSIP(_ event: SIPEvent, now: Moment) -> [MediaOutput] {
        guard let id = event.leg, legs[id] != nil else { return [.event(event)] }
        if event.endsLeg { return settle { $0.close(id, event: event, now) } }
        return enqueue(.event(event), id, now)
    }

    /// Takes what the call machine asks of the endpoint.
    package mutating func fromCalls(_ command: SIPCommand, now: Moment) -> [MediaOutput] {
        guard let id = command.leg, legs[id] != nil else { return [.command(command)] }
        if command.endsLeg { return settle { $0.close(id, command: command, now) } }
        return enqueue(.command(command), id, now)
    }

    /// Gives a waiting caller media of the queue: before the answer (183) or by answering; then it hears what is
    /// played.
    ///
    /// Also says that the caller waits again, after a transfer back to a queue.
    package mutating func answerQueue(_ leg: SIPLegID, early: Bool, now: Moment) -> [MediaOutput] {
        enqueue(.answerQueue(early: early), leg, now)
    }

    /// Plays clips to a leg's party, in place of what is played now; `.playing` or `.failed` is noted.
    package mutating func play(
        _ leg: SIPLegID,
        _ clips: [MediaClip],
        isRepeated: Bool = false,
        now: Moment
    ) -> [MediaOutput] {
        enqueue(.play(Array(clips.prefix(Limits.mediaClipsMax)), isRepeated: isRepeated), leg, now)
    }

    /// Plays nothing any more.
    package mutating func stopPlaying(_ leg: SIPLegID, now: Moment) -> [MediaOutput] {
        enqueue(.stopPlaying, leg, now)
    }

    /// Records a leg from now on, or again after a pause.
    package mutating func record(_ leg: SIPLegID, now: Moment) -> [MediaOutput] { enqueue(.record, leg, now) }

    /// Records nothing until `record` comes again.
    package mutating func pauseRecording(_ leg: SIPLegID, now: Moment) -> [MediaOutput] {
        enqueue(.pauseRecording, leg, now)
    }

    /// Completes the recording; the end of the leg does so too.
    package mutating func endRecording(_ leg: SIPLegID, now: Moment) -> [MediaOutput] {
        enqueue(.endRecording, leg, now)
    }

    /// Passes on no longer what a side says, or does again.
    package mutating func mute(_ leg: SIPLegID, _ side: MediaSide, _ isMuted: Bool, now: Moment) -> [MediaOutput] {
        enqueue(.mute(side, isMuted), leg, now)
    }

    /// Takes what became of a job; a result that comes too late changes nothing.
    package mutating func done(_ number: UInt64, _ result: MediaResult, now: Moment) -> [MediaOutput] {
        settle { $0.finish(number, result, now) }
    }

    /// Learns whether any relay answers; when none does, all legs lose theirs.
    package mutating func relay(isUp: Bool, now: Moment) -> [MediaOutput] {
        self.isUp = isUp
        return isUp ? [] : settle { $0.lose($0.legs.keys.sorted(), now) }
    }

    /// Learns that a relay is gone with these sessions while another one answers, or has forgotten them.
    package mutating func lost(_ sessions: [MediaSession], now: Moment) -> [MediaOutput] {
        settle { anchor in anchor.lose(sessions.compactMap { anchor.legOf[$0] }.sorted(), now) }
    }

    /// Takes a key that a party's media carried.
    package func digit(_ session: MediaSession, _ side: MediaSide, _ key: Character) -> [MediaOutput] {
        legOf[session].map { [.note(.digit($0, side, key))] } ?? []
    }

    /// Gives up jobs that have taken too long, and lets legs leave a relay that is gone.
    package mutating func advance(now: Moment) -> [MediaOutput] {
        settle { anchor in
            anchor.takeTurns(now)
            while let number = anchor.deadlines.popDue(now.instant) {
                anchor.finish(number, .failed("no answer in time"), now)
            }
        }
    }

    // MARK: The order of a leg

    /// Puts an item behind what waits; nothing waits as a rule.
    private mutating func enqueue(_ item: AnchoredLeg.Item, _ id: SIPLegID, _ now: Moment) -> [MediaOutput] {
        guard legs[id] != nil else {
            // It passes by; whoever asked for more than that hears so.
            return settle { $0.skip(item, id, "media does not pass the relay") }
        }
        return settle { anchor in
            anchor.update(id, now) { anchor, leg in
                leg.waiting.append(item)
                guard leg.waiting.count > Limits.mediaWaitingMax, !leg.isBroken else { return }
                leg.isBroken = true
                if let number = leg.step?.number { anchor.take(number, .failed("too much has waited"), &leg, now) }
            }
        }
    }

    private mutating func settle(_ body: (inout MediaAnchor) -> Void) -> [MediaOutput] {
        body(&self)
        defer { outputs = [] }
        return outputs
    }

    /// Changes a leg, then goes on with what waits.
    mutating func update(_ id: SIPLegID, _ now: Moment, _ body: (inout MediaAnchor, inout AnchoredLeg) -> Void) {
        guard var leg = legs.removeValue(forKey: id) else { return }
        body(&self, &leg)
        while leg.step == nil, !leg.isOver, !leg.waiting.isEmpty {
            begin(leg.waiting.removeFirst(), &leg, now)
        }
        depart(&leg, now)
        if leg.isOver {
            legOf[leg.session] = nil
            leaving.set(id, nil)
        } else {
            legs[id] = leg
        }
    }

    mutating func finish(_ number: UInt64, _ result: MediaResult, _ now: Moment) {
        guard let job = jobs[number] else { return }
        guard let task = job.task else {
            return update(job.leg, now) { $0.take(number, result, &$1, now) }
        }
        forget(number)
        switch result {
        case .playing(let span) where job.isTold: emit(.note(.playing(job.leg, span)))
        case .recorded(let file): emit(.note(.recorded(job.leg, job.session, file: file)))
        case .done where task == .recording || task == .pausing:
            emit(.note(.recording(job.leg, isPaused: task == .pausing)))
        case .failed(let reason) where job.isTold: emit(.note(.failed(job.leg, task, reason: reason)))
        case .done, .session, .playing, .failed: break
        }
    }

    // MARK: Shared parts

    mutating func emit(_ output: MediaOutput) { outputs.append(output) }

    mutating func fail(_ leg: AnchoredLeg, _ task: MediaTask, _ reason: String) {
        emit(.note(.failed(leg.id, task, reason: reason)))
    }

    /// Asks the relay for a session; the leg waits for it.
    mutating func start(
        _ step: AnchoredLeg.Step,
        _ request: MediaRequest,
        _ leg: inout AnchoredLeg,
        _ now: Moment
    ) {
        guard isUp, !leg.isLost, !leg.isBroken, jobs.count < Limits.mediaJobsOpenMax else {
            return carry(out: step, nil, "the relay does not answer", &leg, now)
        }
        leg.isKnown = true
        leg.step = (open(request, leg, task: nil, isTold: true, now), step)
    }

    /// Asks the relay for something for which nothing waits.
    mutating func ask(
        _ request: MediaRequest,
        _ task: MediaTask,
        _ leg: AnchoredLeg,
        isTold: Bool = true,
        _ now: Moment
    ) {
        // What completes a session is asked of a relay that seems gone too: it may be there after all.
        let isLast = request == .end || request == .endRecording
        guard isLast || (isUp && !leg.isLost && jobs.count < Limits.mediaJobsOpenMax) else {
            if isTold { fail(leg, task, "the relay does not answer") }
            return
        }
        _ = open(request, leg, task: task, isTold: isTold, now)
    }

    private mutating func open(
        _ request: MediaRequest,
        _ leg: AnchoredLeg,
        task: MediaTask?,
        isTold: Bool,
        _ now: Moment
    ) -> UInt64 {
        lastJob += 1
        jobs[lastJob] = OpenJob(leg: leg.id, session: leg.session, task: task, isTold: isTold)
        let patience = request == .endRecording ? Limits.mediaRecordingMax : Limits.mediaJobMax
        deadlines.set(lastJob, now.instant + patience)
        emit(.job(MediaJob(number: lastJob, session: leg.session, request: request)))
        return lastJob
    }

    mutating func forget(_ number: UInt64) {
        jobs[number] = nil
        deadlines.set(number, nil)
    }

    /// Takes the result on which a leg waits.
    private mutating func take(_ number: UInt64, _ result: MediaResult, _ leg: inout AnchoredLeg, _ now: Moment) {
        guard let current = leg.step, current.number == number else { return }
        forget(number)
        leg.step = nil
        switch result {
        case .session(let session) where !session.isEmpty: carry(out: current.step, session, "", &leg, now)
        case .failed(let reason): carry(out: current.step, nil, reason, &leg, now)
        default: carry(out: current.step, nil, "the relay answered without a session", &leg, now)
        }
    }
}
