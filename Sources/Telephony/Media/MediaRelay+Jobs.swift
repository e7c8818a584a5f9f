import Calls
import Kernel
import Transport

/// What each job becomes at the relay.
extension MediaRelay {
    /// Begins a job that is the first in its session's line.
    func start(_ job: MediaJob, in state: MediaSessionState) {
        switch job.request {
        case .offer(let side, let session):
            let command = RelayCommand.offer(job.session, from: side, session, isOtherKnown: state.isAnswered)
            describe(command, towards: side.other, job, state)
        case .answer(let side, let session):
            describe(RelayCommand.answer(job.session, from: side, session), towards: side.other, job, state)
        case .play(let side, let clips, let isRepeated):
            play(clips, to: side, isRepeated, job, state)
        case .stopPlaying(let side):
            stopPlayer(of: side, in: state)
            ask([RelayCommand.stopPlaying(job.session, to: side)] + unblock(side, state), state) { [self] problem in
                finish(job, problem, in: state)
            }
        case .mute(let side, let isMuted):
            ask([RelayCommand.silence(job.session, side, isMuted)], state) { [self] problem in
                finish(job, problem, in: state)
            }
        case .record:
            if state.isRecording { return finish(job, nil, in: state) }
            // Its captures would be taken for those of the recording that is being made.
            if state.isArchiving { return finish(job, "the recording before is still being made", in: state) }
            ask([RelayCommand.record(job.session, true)], state) { [self] problem in
                if problem == nil { (state.isRecording, state.hasRecorded) = (true, true) }
                finish(job, problem, in: state)
            }
        case .pauseRecording:
            stopRecording(state) { [self] problem in finish(job, problem, in: state) }
        case .endRecording:
            // What is captured so far is kept even when the relay is gone.
            stopRecording(state) { [self] _ in makeRecording(job, state) }
        case .end:
            end(job, state)
        case .mixOpen, .mixTake, .mixHearing, .mixClose, .mixEnd:
            finish(job, "a media relay mixes nobody", in: state)
        }
    }

    /// Ends a job and begins the next of its session.
    func finish(_ job: MediaJob, _ result: MediaResult, in state: MediaSessionState) {
        guard state.jobs.first?.number == job.number else { return }
        state.jobs.removeFirst()
        let next = state.jobs.first
        if state.isEnding {
            sessions[state.session] = nil
            relays[state.relay].sessions -= 1
            let left = state.jobs
            state.jobs = []
            tell(.done(job.number, result))
            for job in left { perform(job) }
            return
        }
        tell(.done(job.number, result))
        if let next { start(next, in: state) }
    }

    private func finish(_ job: MediaJob, _ problem: String?, in state: MediaSessionState) {
        let result = problem.map { MediaResult.failed($0) } ?? .done
        loop.schedule { [self] in finish(job, result, in: state) }
    }

    private func describe(_ command: Bencode, towards side: MediaSide, _ job: MediaJob, _ state: MediaSessionState) {
        askOne(command, state) { [self] answer in
            switch answer {
            case .success(let body):
                guard let sdp = body["sdp"]?.asBytes else {
                    return finish(job, .failed("the media relay answered without a session"), in: state)
                }
                let description = RelayedDescription(sdp, of: job.session, towards: side)
                state.ports[side, default: []].formUnion(description.ports)
                if case .answer = job.request { state.isAnswered = true }
                finish(job, .session(description.bytes), in: state)
            case .failure(let problem):
                // A session that never was at the relay must not stand here for ever.
                if state.ports.isEmpty { state.isEnding = true }
                finish(job, .failed(problem.reason), in: state)
            }
        }
    }

    private func stopRecording(_ state: MediaSessionState, then: @escaping (String?) -> Void) {
        guard state.isRecording else { return loop.schedule { then(nil) } }
        state.isRecording = false
        ask([RelayCommand.record(state.session, false)], state, then: then)
    }

    private func makeRecording(_ job: MediaJob, _ state: MediaSessionState) {
        guard state.hasRecorded else {
            return finish(job, "nothing was recorded", in: state)
        }
        (state.hasRecorded, state.isArchiving) = (false, true)
        archive(job.session, state.ports) { [weak self] result in
            state.isArchiving = false
            guard let self, !self.isClosed else { return }
            self.tell(.done(job.number, result))
        }
        // The session goes on while the file is made: it may be told to end, and shall not keep its ports.
        state.jobs.removeFirst()
        if let next = state.jobs.first { start(next, in: state) }
    }

    private func end(_ job: MediaJob, _ state: MediaSessionState) {
        for side in [MediaSide.outer, .inner] { stopPlayer(of: side, in: state) }
        state.isEnding = true
        ask([RelayCommand.delete(job.session)], state) { [self] problem in finish(job, problem, in: state) }
    }

    /// A problem in the relay's words.
    struct Problem: Error {
        let reason: String
    }

    /// Asks a session's relay one thing.
    func askOne(
        _ command: Bencode,
        _ state: MediaSessionState,
        then: @escaping (Result<Bencode, Problem>) -> Void
    ) {
        guard relays[state.relay].isUp else {
            return loop.schedule { then(.failure(Problem(reason: "the media relay does not answer"))) }
        }
        client.ask(command, of: relays[state.relay].address) { [weak self] answer in
            switch answer {
            case .ok(let body): then(.success(body))
            case .refused(let reason): then(.failure(Problem(reason: reason)))
            case .notSent(let reason): then(.failure(Problem(reason: reason)))
            case .silent:
                self?.note(state.relay, isUp: false)
                then(.failure(Problem(reason: "the media relay does not answer")))
            }
        }
    }

    /// Asks things one after the other; ends at the first problem.
    func ask(_ commands: [Bencode], _ state: MediaSessionState, then: @escaping (String?) -> Void) {
        guard let first = commands.first else { return then(nil) }
        askOne(first, state) { [weak self] answer in
            switch answer {
            case .failure(let problem): then(problem.reason)
            case .success: self?.ask(Array(commands.dropFirst()), state, then: then)
            }
        }
    }
}
