import Calls
import Kernel
import SIP
import Testing

@Suite("A leg whose media passes the relay")
struct MediaAnchorTests {
    private let welcome = [MediaClip("welcome", language: "en")]

    private func sdp(_ who: String, _ codec: Int = 8, version: Int = 1, _ direction: String = "sendrecv") -> [UInt8] {
        MediaRig.sdp(who, codec, version: version, direction)
    }

    /// A caller who talks with an agent.
    private func talking(_ options: MediaOptions = MediaOptions()) -> MediaRig {
        var rig = MediaRig()
        rig.arrives(options)
        rig.fromCalls(.answer(rig.leg, sdp: sdp("agent")))
        _ = rig.said()
        _ = rig.heard()
        return rig
    }

    @Test("What is not anchored passes at once, unchanged; without a relay nothing is anchored")
    func passes() {
        var rig = MediaRig(isUp: false)
        let isAnchored = rig.anchor.anchor(rig.leg, session: rig.session)
        #expect(!isAnchored)
        rig.fromSIP(.incomingCall(rig.call()))
        rig.fromCalls(.answer(rig.leg, sdp: sdp("agent")))
        rig.fromCalls(.aimTrunk("t", []))
        rig.fromSIP(.trunk("t", isUp: true))
        #expect(rig.heard() == [.incomingCall(rig.call()), .trunk("t", isUp: true)])
        #expect(rig.said() == [.answer(rig.leg, sdp: sdp("agent")), .aimTrunk("t", [])])
        rig.does { $0.play(MediaRig.leg, welcome, now: $1) }
        #expect(rig.failures == [.announcement] && rig.jobs.isEmpty)
    }

    @Test("Each side is given the relay's address in place of the other's, and the end frees the relay once")
    func translated() {
        var rig = MediaRig()
        rig.arrives()
        guard case .incomingCall(let call)? = rig.heard().first else { return #expect(Bool(false)) }
        #expect(MediaRig.host(call.sdp) == "relay-inner")
        rig.fromCalls(.ring(rig.leg, status: 180, sdp: nil))
        rig.fromCalls(.answer(rig.leg, sdp: sdp("agent")))
        let said = rig.said()
        #expect(said.count == 2)
        guard case .answer(_, let answer)? = said.last else { return #expect(Bool(false)) }
        #expect(MediaRig.host(answer) == "relay-outer")
        let info = SIPInfo(contentType: "application/dtmf-relay", body: [])
        rig.fromSIP(.info(rig.leg, info))
        rig.fromSIP(.ended(rig.leg, .remoteHangUp(nil)))
        #expect(rig.heard() == [.info(rig.leg, info), .ended(rig.leg, .remoteHangUp(nil))])
        #expect(rig.requests == ["offer outer", "answer inner", "end"])
        #expect(rig.anchor.count == 0 && rig.anchor.nextDeadline == nil)
        rig.fromCalls(.hangUp(rig.leg, reason: nil))
        #expect(rig.requests.count == 3)
    }

    @Test("A call without an offer is not anchored, and says so")
    func late() {
        var rig = MediaRig()
        let isAnchored = rig.anchor.anchor(rig.leg, session: rig.session)
        #expect(isAnchored)
        rig.fromSIP(.incomingCall(rig.call(nil)))
        #expect(rig.heard() == [.incomingCall(rig.call(nil))])
        #expect(rig.anchor.count == 0 && rig.jobs.isEmpty)
        #expect(rig.notes.contains { if case .notAnchored = $0 { true } else { false } })
    }

    @Test("The queue answers; an agent with the same session changes nothing for the caller")
    func queueAnswers() {
        var rig = MediaRig()
        rig.arrives()
        rig.does { $0.play(MediaRig.leg, welcome, now: $1) }
        #expect(rig.failures == [.announcement])
        rig.does { $0.answerQueue(MediaRig.leg, early: false, now: $1) }
        rig.fromCalls(.ring(rig.leg, status: 182, sdp: nil))
        rig.does { $0.play(MediaRig.leg, welcome, now: $1) }
        #expect(rig.notes.contains(.playing(rig.leg, .seconds(3))))
        let said = rig.said()
        guard said.count == 1, case .answer(_, let first) = said[0] else { return #expect(Bool(false), "\(said)") }
        #expect(MediaRig.host(first) == "relay-outer")
        rig.fromCalls(.answer(rig.leg, sdp: sdp("agent")))
        #expect(rig.said().isEmpty)
        #expect(
            rig.requests == ["offer outer", "answer inner", "play outer welcome", "stop", "answer inner"]
        )
    }

    @Test("An agent with another session: the caller is asked, and the call machine knows nothing of it")
    func hidden() {
        var rig = MediaRig()
        rig.arrives()
        rig.does { $0.answerQueue(MediaRig.leg, early: false, now: $1) }
        _ = rig.said()
        _ = rig.heard()
        rig.fromCalls(.answer(rig.leg, sdp: sdp("agent", 0)))
        guard case .reoffer(_, let offer)? = rig.said().first else { return #expect(Bool(false)) }
        #expect(MediaRig.host(offer) == "relay-outer")
        // What the call machine wants meanwhile waits for its turn.
        rig.fromCalls(.reoffer(rig.leg, sdp: sdp("agent", 0, version: 2, "sendonly")))
        #expect(rig.said().isEmpty)
        rig.fromSIP(.reofferAnswered(rig.leg, sdp: sdp("caller", 0)))
        #expect(rig.heard().isEmpty)
        guard case .reoffer(_, let held)? = rig.said().first else { return #expect(Bool(false)) }
        #expect(String(decoding: held, as: UTF8.self).contains("sendonly"))
        rig.fromSIP(.reofferAnswered(rig.leg, sdp: sdp("caller", 0, "recvonly")))
        guard case .reofferAnswered(_, let answer)? = rig.heard().first else { return #expect(Bool(false)) }
        #expect(MediaRig.host(answer) == "relay-inner")
    }

    @Test("A hidden offer that the caller refuses is told of and harms nothing")
    func hiddenRefused() {
        var rig = MediaRig()
        rig.arrives()
        rig.does { $0.answerQueue(MediaRig.leg, early: false, now: $1) }
        rig.fromCalls(.answer(rig.leg, sdp: sdp("agent", 0)))
        _ = rig.heard()
        rig.fromSIP(.reofferRejected(rig.leg, status: 488))
        #expect(rig.heard().isEmpty && rig.failures == [.session])
        #expect(rig.anchor.isAnchored(rig.leg))
    }

    @Test("Early announcements: 183, no more ringing, and the answer repeats the early session")
    func early() {
        var rig = MediaRig()
        rig.arrives()
        rig.fromCalls(.ring(rig.leg, status: 180, sdp: nil))
        rig.does { $0.answerQueue(MediaRig.leg, early: true, now: $1) }
        rig.fromCalls(.ring(rig.leg, status: 182, sdp: nil))
        let said = rig.said()
        guard said.count == 2, case .ring(_, 183, .some(let session)) = said[1] else {
            return #expect(Bool(false), "\(said)")
        }
        rig.does { $0.play(MediaRig.leg, welcome, now: $1) }
        rig.fromCalls(.answer(rig.leg, sdp: sdp("agent", 0)))
        let answered = rig.said()
        #expect(answered.first == .answer(rig.leg, sdp: session))
        guard case .reoffer? = answered.last else { return #expect(Bool(false), "\(answered)") }
    }

    @Test("A refusal of a call that the queue answered is a hang-up")
    func rejected() {
        var rig = MediaRig()
        rig.arrives()
        rig.does { $0.answerQueue(MediaRig.leg, early: false, now: $1) }
        _ = rig.said()
        rig.fromCalls(.reject(rig.leg, status: 480, reason: nil, headers: []))
        #expect(rig.said() == [.hangUp(rig.leg, reason: SIPReason(cause: 480))])
        #expect(rig.requests.last == "end")
    }

    @Test("Hold goes through with music for the caller; the way back stops it")
    func hold() {
        var rig = talking(MediaOptions(holdMusic: [.music]))
        rig.fromCalls(.reoffer(rig.leg, sdp: sdp("agent", version: 2, "sendonly")))
        #expect(rig.said().count == 1)
        rig.fromSIP(.reofferAnswered(rig.leg, sdp: sdp("caller", version: 2, "recvonly")))
        #expect(rig.heard().count == 1)
        #expect(rig.requests.suffix(3) == ["offer inner", "answer outer", "play outer music"])
        rig.fromCalls(.reoffer(rig.leg, sdp: sdp("agent", version: 3)))
        rig.fromSIP(.reofferAnswered(rig.leg, sdp: sdp("caller", version: 3)))
        #expect(rig.requests.last == "stop")
        #expect(!rig.notes.contains { if case .playing = $0 { true } else { false } })
    }

    @Test("Another agent with the same session: the caller is not asked")
    func newAgent() {
        var rig = talking()
        rig.fromCalls(.reoffer(rig.leg, sdp: sdp("other")))
        #expect(rig.said().isEmpty)
        guard case .reofferAnswered(_, let answer)? = rig.heard().first else { return #expect(Bool(false)) }
        #expect(MediaRig.host(answer) == "relay-inner")
    }

    @Test("The caller's own change goes through; a waiting caller's is answered by the queue")
    func callersChange() {
        var rig = talking()
        rig.fromSIP(.reoffered(rig.leg, sdp: sdp("caller", version: 2, "sendonly")))
        guard case .reoffered(_, .some(let offer))? = rig.heard().first else { return #expect(Bool(false)) }
        #expect(MediaRig.host(offer) == "relay-inner")
        rig.fromCalls(.answerReoffer(rig.leg, sdp: sdp("agent", version: 2, "recvonly")))
        guard case .answerReoffer(_, let answer)? = rig.said().first else { return #expect(Bool(false)) }
        #expect(MediaRig.host(answer) == "relay-outer")
        // The agent is gone, the caller is back in a queue.
        rig.does { $0.answerQueue(MediaRig.leg, early: false, now: $1) }
        rig.fromSIP(.reoffered(rig.leg, sdp: sdp("caller", version: 3)))
        #expect(rig.heard().isEmpty)
        guard case .answerReoffer? = rig.said().first else { return #expect(Bool(false)) }
        rig.fromSIP(.reoffered(rig.leg, sdp: nil))
        #expect(rig.heard() == [.reoffered(rig.leg, sdp: nil)])
    }

    @Test("Recording: paused, and complete before the relay is told of the end; the file is told of after it")
    func recording() {
        var rig = talking()
        rig.does { $0.record(MediaRig.leg, now: $1) }
        rig.does { $0.pauseRecording(MediaRig.leg, now: $1) }
        rig.does { $0.record(MediaRig.leg, now: $1) }
        rig.fromCalls(.hangUp(rig.leg, reason: nil))
        #expect(rig.requests.suffix(5) == ["record", "pause", "record", "endRecording", "end"])
        let changes = [false, true, false].map { MediaNote.recording(rig.leg, isPaused: $0) }
        #expect(rig.notes == changes + [.recorded(rig.leg, rig.session, file: "north-1-1.opus")])
    }

    @Test("Digits are told with their leg; those of unknown sessions are not")
    func digits() {
        var rig = talking()
        rig.does { anchor, _ in anchor.digit(MediaRig.session, .outer, "1") }
        rig.does { anchor, _ in anchor.digit(MediaSession("other"), .outer, "2") }
        #expect(rig.notes == [.digit(rig.leg, .outer, "1")])
    }

    @Test("A call that we place passes the relay too")
    func placed() {
        var rig = MediaRig()
        let leg = SIPLegID(2)
        let target = SIPInvitation.Target.trunk("carrier", number: "555")
        let isAnchored = rig.anchor.anchor(leg, session: rig.session)
        #expect(isAnchored)
        rig.fromCalls(.invite(leg, SIPInvitation(target: target, from: "100", sdp: sdp("agent"))))
        guard case .invite(_, let invitation)? = rig.said().first else { return #expect(Bool(false)) }
        #expect(MediaRig.host(invitation.sdp) == "relay-outer")
        rig.fromSIP(.ringing(leg, status: 183, sdp: sdp("customer")))
        rig.fromSIP(.answered(leg, sdp: sdp("customer")))
        let hosts = rig.heard().compactMap { event in
            switch event {
            case .ringing(_, _, let session): MediaRig.host(session)
            case .answered(_, let session): MediaRig.host(session)
            default: nil
            }
        }
        #expect(hosts == ["relay-inner", "relay-inner"])
        rig.fromSIP(.ended(leg, .remoteHangUp(nil)))
        #expect(rig.requests.last == "end")
    }

    @Test("What sessions mean is compared, not how they say it")
    func meaning() {
        // An agent's phone with names and orders of its own, but the same voice.
        func offer(_ lines: String...) -> [UInt8] { Array(lines.joined(separator: "\r\n").utf8) }
        let plain = offer("v=0", "o=- 1 1 IN IP4 a", "s=-", "c=IN IP4 agent", "t=0 0", "m=audio 4000 RTP/AVP 8 101")
        let wordy = offer(
            "v=0",
            "o=anna 77 78 IN IP4 b",
            "s=Talk",
            "b=AS:84",
            "t=0 0",
            "m=audio 4000 RTP/AVP 8 101",
            "c=IN IP4 agent",
            "a=sendrecv",
            "a=fmtp:101 0-15",
            "a=ptime:20",
            "a=rtpmap:8 PCMA/8000",
            "a=rtcp:4001"
        )
        for (second, isSame) in [
            (wordy, true), (plain + Array("\r\na=sendonly".utf8), false),
            (plain + Array("\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x".utf8), false),
            (offer("c=IN IP4 agent", "m=audio 4000 RTP/AVP 0"), false),
        ] {
            var rig = talking()
            rig.fromCalls(.reoffer(rig.leg, sdp: plain))
            rig.fromSIP(.reofferAnswered(rig.leg, sdp: sdp("caller")))
            _ = rig.said()
            rig.fromCalls(.reoffer(rig.leg, sdp: second))
            #expect(rig.said().isEmpty == isSame)
        }
    }
}
