import Calls
import Kernel
import Transport

/// The mixer of a site: carries out jobs of rooms, in order for each room.
///
/// A job fails at once while the mixer does not answer; calls of two go on without it. Confined to the loop.
final class MediaMixer {
    private let loop: EventLoop
    private let client: RelayClient
    private let address: SocketAddress
    private let isSymmetric: Bool
    private let tell: (MediaRelayEvent) -> Void
    /// Jobs of each room in the order in which they came; the first is under way.
    private var jobs: [MediaSession: [MediaJob]] = [:]
    /// Rooms that are to stay.
    private var rooms: Set<MediaSession> = []
    private(set) var isUp = false
    /// What the mixer calls itself since it was started.
    private var run: String?

    init(
        _ address: SocketAddress,
        isSymmetric: Bool,
        _ loop: EventLoop,
        _ client: RelayClient,
        _ tell: @escaping (MediaRelayEvent) -> Void
    ) {
        self.address = address
        self.isSymmetric = isSymmetric
        self.loop = loop
        self.client = client
        self.tell = tell
    }

    /// Takes a job; its `done` follows.
    func perform(_ job: MediaJob) {
        let waiting = jobs[job.session, default: []].count
        guard waiting < Limits.mixerJobsPerRoomMax else {
            return loop.schedule { self.tell(.done(job.number, .failed("too many jobs wait for this room"))) }
        }
        jobs[job.session, default: []].append(job)
        if waiting == 0 { start(job) }
    }

    /// Asks whether the mixer lives, and names the rooms that are to stay.
    func ping() {
        client.ask(MixerCommand.ping(keeping: rooms.sorted()), of: address) { [weak self] answer in
            if case .ok(let body) = answer { self?.lives(as: body["run"]?.asText) } else { self?.note(isUp: false) }
        }
    }

    /// The mixer answers; one that was started anew has lost its rooms, as if it had been gone.
    private func lives(as name: String?) {
        if let run, run != name { note(isUp: false) }
        run = name
        note(isUp: true)
    }

    private func note(isUp: Bool) {
        guard self.isUp != isUp else { return }
        self.isUp = isUp
        tell(.mixer(isUp: isUp))
    }

    private func start(_ job: MediaJob) {
        let room = job.session
        switch job.request {
        case .mixOpen(let party):
            rooms.insert(room)
            ask(MixerCommand.open(room, party), job) { body in
                guard let host = body["address"]?.asText, let port = body["port"]?.asInteger,
                    let port = UInt16(exactly: port)
                else { return .failed("the mixer answered without a port") }
                return .session(MixedSession.own(of: room.key, party, host: host, port: port))
            }
        case .mixTake(let party, let bytes):
            guard let session = MixedSession(bytes) else {
                return fail(job, "the party's session has no G.711 voice that can be mixed")
            }
            ask(MixerCommand.take(room, party, session, isSymmetric: isSymmetric), job) { _ in .done }
        case .mixHearing(let hearing): ask(MixerCommand.hear(room, hearing), job) { _ in .done }
        case .mixClose(let party): ask(MixerCommand.close(room, party), job) { _ in .done }
        case .mixEnd:
            rooms.remove(room)
            ask(MixerCommand.end(room), job) { _ in .done }
        default: fail(job, "the mixer has no such task")
        }
    }

    private func ask(_ command: Bencode, _ job: MediaJob, then read: @escaping (Bencode) -> MediaResult) {
        guard isUp else { return fail(job, "the mixer does not answer") }
        client.ask(command, of: address) { [self] answer in
            switch answer {
            case .ok(let body): finish(job, read(body))
            case .refused(let reason), .notSent(let reason): finish(job, .failed(reason))
            case .silent:
                note(isUp: false)
                finish(job, .failed("the mixer does not answer"))
            }
        }
    }

    private func fail(_ job: MediaJob, _ reason: String) {
        loop.schedule { self.finish(job, .failed(reason)) }
    }

    private func finish(_ job: MediaJob, _ result: MediaResult) {
        jobs[job.session]?.removeFirst()
        let next = jobs[job.session]?.first
        if next == nil { jobs[job.session] = nil }
        tell(.done(job.number, result))
        if let next { start(next) }
    }
}
