import Calls
import Kernel
import SIP
import Testing

/// A media anchor between an endpoint and a call machine that are played by hand, with a scripted relay.
struct MediaRig {
    /// What the relay does with a job.
    enum Mood { case works, fails, silent }

    var anchor = MediaAnchor()
    var now = Moment(instant: .zero, wall: WallTime(milliseconds: 0))
    var mood = Mood.works
    var toEndpoint: [SIPCommand] = []
    var toCalls: [SIPEvent] = []
    var notes: [MediaNote] = []
    /// All jobs there were.
    var jobs: [MediaJob] = []
    /// Those that a silent relay has not answered.
    var open: [MediaJob] = []
    private var version = 0

    static let leg = SIPLegID(1)
    static let session = MediaSession("north-1-1")
    let leg = MediaRig.leg
    let session = MediaRig.session

    init(isUp: Bool = true) {
        if isUp { take(anchor.relay(isUp: true, now: now)) }
    }

    mutating func does(_ body: (inout MediaAnchor, Moment) -> [MediaOutput]) { take(body(&anchor, now)) }

    mutating func take(_ outputs: [MediaOutput]) {
        for output in outputs {
            switch output {
            case .command(let command): toEndpoint.append(command)
            case .event(let event): toCalls.append(event)
            case .note(let note): notes.append(note)
            case .job(let job):
                jobs.append(job)
                open.append(job)
            }
        }
        while mood != .silent, !open.isEmpty { answer(at: 0) }
    }

    /// Has the relay answer a job, as its mood is or as told.
    mutating func answer(at index: Int, works: Bool? = nil) {
        let job = open.remove(at: index)
        let result = works ?? (mood != .fails) ? result(job.request) : .failed("no room")
        take(anchor.done(job.number, result, now: now))
    }

    /// A relay keeps what a session says but for address and port, and numbers what it writes.
    private mutating func result(_ request: MediaRequest) -> MediaResult {
        version += 1
        switch request {
        case .offer(let side, let session), .answer(let side, let session):
            let text = String(decoding: session, as: UTF8.self).split(separator: "\r\n").map(String.init)
            let made = text.map { line in
                if line.hasPrefix("o=") { return "o=relay \(version) \(version) IN IP4 relay" }
                if line.hasPrefix("m=") {
                    let words = line.split(separator: " ")
                    return ([words[0], "30000"] + words.dropFirst(2)).joined(separator: " ")
                }
                return line.hasPrefix("c=") ? "c=IN IP4 relay-\(side.other.rawValue)" : line
            }
            return .session(Array((made.joined(separator: "\r\n") + "\r\n").utf8))
        case .play: return .playing(.seconds(3))
        case .endRecording: return .recorded(file: "\(session).opus")
        case .stopPlaying, .mute, .record, .pauseRecording, .end: return .done
        case .mixOpen, .mixTake, .mixHearing, .mixClose, .mixEnd: return .failed("a relay does not mix")
        }
    }

    /// A session description of somebody.
    static func sdp(_ who: String, _ codec: Int = 8, version: Int = 1, _ direction: String = "sendrecv") -> [UInt8] {
        let lines = [
            "v=0", "o=\(who) \(version) \(version) IN IP4 \(who)", "s=-", "c=IN IP4 \(who)", "t=0 0",
            "m=audio 4000 RTP/AVP \(codec)", "a=rtpmap:\(codec) \(codec == 8 ? "PCMA" : "PCMU")/8000", "a=ptime:20",
            "a=\(direction)",
        ]
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    /// The host that a session names.
    static func host(_ session: [UInt8]?) -> String? {
        String(decoding: session ?? [], as: UTF8.self).split(separator: "\r\n").first { $0.hasPrefix("c=") }
            .map { String($0.dropFirst(9)) }
    }

    func call(_ offer: [UInt8]? = MediaRig.sdp("caller")) -> SIPIncomingCall {
        SIPIncomingCall(
            leg: leg,
            dialled: "100",
            caller: CallerIdentity(number: "123"),
            sdp: offer,
            source: SIPAddress(host: "10.0.0.9", port: 5060),
            transport: .udp,
            callID: "x"
        )
    }

    /// A call comes in and is anchored.
    mutating func arrives(_ options: MediaOptions = MediaOptions()) {
        let isAnchored = anchor.anchor(leg, session: session, options: options)
        #expect(isAnchored)
        fromSIP(.incomingCall(call()))
    }

    mutating func fromSIP(_ event: SIPEvent) { does { $0.fromSIP(event, now: $1) } }
    mutating func fromCalls(_ command: SIPCommand) { does { $0.fromCalls(command, now: $1) } }

    mutating func pass(_ span: Span) {
        now.instant = now.instant + span
        does { $0.advance(now: $1) }
    }

    /// What was said since the last time.
    mutating func said() -> [SIPCommand] {
        defer { toEndpoint = [] }
        return toEndpoint
    }

    mutating func heard() -> [SIPEvent] {
        defer { toCalls = [] }
        return toCalls
    }

    /// The names of the jobs so far.
    var requests: [String] {
        jobs.map { job in
            switch job.request {
            case .offer(let side, _): "offer \(side)"
            case .answer(let side, _): "answer \(side)"
            case .play(let side, let clips, _): "play \(side) \(clips.first?.name ?? "")"
            case .stopPlaying: "stop"
            case .mute: "mute"
            case .record: "record"
            case .pauseRecording: "pause"
            case .endRecording: "endRecording"
            case .end: "end"
            case .mixOpen, .mixTake, .mixHearing, .mixClose, .mixEnd: "mix"
            }
        }
    }

    var failures: [MediaTask] {
        notes.compactMap { if case .failed(_, let task, _) = $0 { task } else { nil } }
    }
}
