import Calls
import ContactCenter
import Kernel
import Replication
import SIP
import SiteCore
import Testing

/// A lone site with a media relay and a mixer that do what they are asked, one caller, and anna with a phone.
struct MediaSite {
    var site: LoneSite
    /// All that relay and mixer were asked, in order.
    var requests: [MediaRequest] = []
    /// False while the relay says nothing.
    var answers: Bool {
        get { patience > 0 }
        set { patience = newValue ? .max : 0 }
    }
    /// How many more jobs the relay does before it says nothing.
    var patience = Int.max
    /// What the relay does not do when it is asked.
    var refused: Set<MediaRequest> = []
    /// What becomes of a recording.
    var recording = MediaResult.recorded(file: "one.rec")

    static let caller = SIPLegID(2)
    static let anna = AgentID("anna")
    static let support = QueueID("support")

    init(_ rules: [FieldChange], file: CallerFile? = nil) throws {
        site = try LoneSite()
        site.file = file
        try site.put(Self.support.documentID, [.insert(QueueField.numbers, .string("100"))] + rules)
        try site.put(
            Self.anna.documentID,
            [
                .set(AgentField.name, .string("Anna"), seen: nil), .set(AgentField.sipUser, .string("2001"), seen: nil),
                .set(
                    AgentField.sipDigest,
                    .string(SIPDigest.ha1(user: "2001", realm: "tandem", password: "secret", algorithm: .md5)),
                    seen: nil
                ),
            ]
        )
        tell(.mediaRelay(isUp: true))
        try settle()
    }

    static func set(_ field: FieldID, _ text: String) -> FieldChange { .set(field, .string(text), seen: nil) }

    /// A session description of somebody.
    static func sdp(_ host: String) -> [UInt8] {
        let lines = [
            "v=0", "o=- 1 1 IN IP4 \(host)", "s=-", "c=IN IP4 \(host)", "t=0 0", "m=audio 4000 RTP/AVP 8",
            "a=rtpmap:8 PCMA/8000", "a=sendrecv",
        ]
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    /// What the relay makes of a session: its own address and port.
    private static func relayed(_ session: [UInt8], towards side: MediaSide) -> [UInt8] {
        let lines = String(decoding: session, as: UTF8.self).split(separator: "\r\n").map { line in
            if line.hasPrefix("c=") { return "c=IN IP4 relay-\(side)" }
            guard line.hasPrefix("m=") else { return String(line) }
            let words = line.split(separator: " ")
            return ([words[0], "30000"] + words.dropFirst(2)).joined(separator: " ")
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    mutating func tell(_ event: SiteEvent) { site.take(site.machine.handle(event, at: site.now)) }

    /// Everybody answers what is open: disk, store, relay, mixer.
    mutating func settle() throws {
        for _ in 0..<1_000 {
            try site.flush()
            guard answers, !site.mediaJobs.isEmpty else { return }
            answer(site.mediaJobs.removeFirst())
        }
        Issue.record("the site and its relay talk in circles")
    }

    private mutating func answer(_ job: MediaJob) {
        if patience < .max { patience -= 1 }
        requests.append(job.request)
        let result: MediaResult =
            switch job.request {
            case let request where refused.contains(request): .failed("busy")
            case .offer(let side, let session), .answer(let side, let session):
                .session(Self.relayed(session, towards: side.other))
            case .play: .playing(.seconds(3))
            case .endRecording: recording
            case .mixOpen(let party): .session(Self.sdp("mixer-\(party)"))
            default: .done
            }
        tell(.mediaDone(job.number, result))
    }

    mutating func pass(_ span: Span) throws {
        site.pass(span)
        try settle()
    }

    /// A customer calls.
    mutating func dial(_ number: String = "100") throws {
        let target = SIPInvitation.Target.address(user: number, LoneSite.siteAddress, .udp)
        let invitation = SIPInvitation(target: target, from: "12345", sdp: Self.sdp("caller"))
        site.hear(site.phone.perform(.invite(Self.caller, invitation), now: site.now))
        try settle()
    }

    mutating func perform(_ command: SIPCommand) throws {
        site.hear(site.phone.perform(command, now: site.now))
        try settle()
    }

    /// Anna signs in, is ready and takes the call that rings at her phone; returns its leg.
    mutating func annaAnswers() throws -> SIPLegID {
        let registration = SIPRegistration(
            user: "2001",
            password: "secret",
            registrar: LoneSite.siteAddress,
            expires: .minutes(60)
        )
        try perform(.register(registration))
        for order in [DeskCommand.signIn, .ready] {
            let token = site.ask(.desk(Self.anna, order, actor: Actor("anna")))
            #expect(site.replies[token] == .done)
            try settle()
        }
        try pass(.seconds(1))
        let rings = site.heard.compactMap { if case .incomingCall(let call) = $0 { call.leg } else { nil } }
        let leg = try #require(rings.last)
        try perform(.answer(leg, sdp: Self.sdp("anna")))
        try pass(.milliseconds(100))
        return leg
    }

    /// Anna has the recording of her call paused, or resumed.
    mutating func pauseRecording(_ isPaused: Bool) throws {
        let contact = try #require(record?.id)
        let token = site.ask(.desk(Self.anna, .pauseRecording(contact, isPaused), actor: Actor("anna")))
        #expect(site.replies[token] == .done)
        try settle()
    }

    var desk: DeskCall? { site.machine.desk(Self.anna, at: site.now)?.contact?.call }

    var record: ContactRecord? { site.storage.documents.values.compactMap { ContactRecord($0) }.first }

    /// The names of the clips of each announcement so far, music left out.
    var said: [[String]] {
        requests.compactMap {
            if case .play(_, let clips, _) = $0, clips != [.music] { clips.map(\.name) } else { nil }
        }
    }

    /// How the caller's call ended; nil while it goes on.
    var end: SIPEvent? { site.heard.last { $0.isEnd(of: Self.caller) } }
}

extension SIPEvent {
    fileprivate func isEnd(of leg: SIPLegID) -> Bool {
        switch self {
        case .ended(leg, _), .failed(leg, _, _): true
        default: false
        }
    }
}
