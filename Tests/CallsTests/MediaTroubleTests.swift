import Calls
import Kernel
import SIP
import Testing

@Suite("A media relay that fails harms no call")
struct MediaTroubleTests {
    private func sdp(_ who: String, _ codec: Int = 8) -> [UInt8] { MediaRig.sdp(who, codec) }

    @Test("What comes while a job is under way waits, in order")
    func order() {
        var rig = MediaRig()
        rig.mood = .silent
        rig.arrives()
        rig.fromCalls(.ring(rig.leg, status: 180, sdp: nil))
        rig.does { $0.answerQueue(MediaRig.leg, early: false, now: $1) }
        rig.does { $0.play(MediaRig.leg, [.music], now: $1) }
        #expect(rig.requests == ["offer outer"] && rig.heard().isEmpty && rig.said().isEmpty)
        rig.answer(at: 0)
        #expect(rig.heard().count == 1)
        #expect(rig.said() == [.ring(rig.leg, status: 180, sdp: nil)])
        rig.answer(at: 0)
        #expect(rig.requests == ["offer outer", "answer inner", "play outer music"])
    }

    @Test("A call whose offer the relay does not take goes on with its own", arguments: [true, false])
    func offerFails(inTime: Bool) {
        var rig = MediaRig()
        rig.mood = inTime ? .fails : .silent
        rig.arrives()
        rig.fromCalls(.ring(rig.leg, status: 180, sdp: nil))
        if !inTime {
            #expect(rig.heard().isEmpty)
            rig.pass(Limits.mediaJobMax)
        }
        #expect(rig.heard() == [.incomingCall(rig.call())])
        #expect(rig.said() == [.ring(rig.leg, status: 180, sdp: nil)])
        #expect(rig.requests == ["offer outer", "end"] && !rig.anchor.isAnchored(rig.leg))
        rig.fromCalls(.answer(rig.leg, sdp: sdp("agent")))
        #expect(rig.said() == [.answer(rig.leg, sdp: sdp("agent"))])
        // The late result means nothing any more.
        if !inTime { rig.answer(at: 0, works: true) }
        #expect(rig.heard().isEmpty && rig.failures.contains(.anchoring))
    }

    @Test("The relay fails at the agent's answer: both are given each other's address, each behind the other's back")
    func direct() {
        var rig = MediaRig()
        rig.arrives()
        _ = rig.heard()
        rig.mood = .fails
        rig.fromCalls(.answer(rig.leg, sdp: sdp("agent")))
        #expect(rig.said() == [.answer(rig.leg, sdp: sdp("agent"))])
        #expect(rig.heard() == [.reoffered(rig.leg, sdp: sdp("caller"))])
        // The caller's own change in that moment meets ours.
        rig.fromSIP(.reoffered(rig.leg, sdp: sdp("caller", 0)))
        #expect(rig.said() == [.rejectReoffer(rig.leg, status: 491)] && rig.heard().isEmpty)
        rig.fromCalls(.answerReoffer(rig.leg, sdp: sdp("agent")))
        #expect(rig.said().isEmpty && rig.anchor.count == 0)
        rig.fromCalls(.reoffer(rig.leg, sdp: sdp("agent", 0)))
        #expect(rig.said() == [.reoffer(rig.leg, sdp: sdp("agent", 0))])
        #expect(rig.requests == ["offer outer", "answer inner", "end"])
    }

    @Test("The same when the queue had answered: the caller is asked as well")
    func directAfterQueue() {
        var rig = MediaRig()
        rig.arrives()
        rig.does { $0.answerQueue(MediaRig.leg, early: false, now: $1) }
        _ = (rig.heard(), rig.said())
        rig.does { $0.relay(isUp: false, now: $1) }
        rig.fromCalls(.answer(rig.leg, sdp: sdp("agent")))
        #expect(rig.said() == [.reoffer(rig.leg, sdp: sdp("agent"))])
        #expect(rig.heard() == [.reoffered(rig.leg, sdp: sdp("caller"))])
        rig.fromCalls(.reoffer(rig.leg, sdp: sdp("third")))
        rig.fromSIP(.reofferAnswered(rig.leg, sdp: sdp("caller")))
        rig.fromCalls(.rejectReoffer(rig.leg, status: 491))
        // The call machine's own offer had its turn then, and its answer comes through.
        #expect(rig.said() == [.reoffer(rig.leg, sdp: sdp("third"))])
        rig.fromSIP(.reofferAnswered(rig.leg, sdp: sdp("caller")))
        #expect(rig.heard() == [.reofferAnswered(rig.leg, sdp: sdp("caller"))])
    }

    @Test("Announcements and recordings that fail are told of; the call goes on")
    func small() {
        var rig = MediaRig()
        rig.arrives()
        rig.mood = .fails
        rig.does { $0.answerQueue(MediaRig.leg, early: false, now: $1) }
        #expect(rig.failures == [.answering] && rig.anchor.isAnchored(rig.leg) && rig.said().isEmpty)
        rig.mood = .works
        rig.fromCalls(.answer(rig.leg, sdp: sdp("agent")))
        rig.mood = .fails
        rig.does { $0.play(MediaRig.leg, [.music], now: $1) }
        rig.does { $0.record(MediaRig.leg, now: $1) }
        #expect(rig.failures == [.answering, .announcement, .recording])
        _ = (rig.said(), rig.heard())
        rig.fromSIP(.reoffered(rig.leg, sdp: sdp("caller", 0)))
        #expect(rig.said() == [.rejectReoffer(rig.leg, status: 488)])
        rig.fromCalls(.reoffer(rig.leg, sdp: sdp("agent", 0)))
        #expect(rig.heard() == [.reofferRejected(rig.leg, status: 488)])
        rig.fromCalls(.hangUp(rig.leg, reason: nil))
        #expect(rig.requests.suffix(2) == ["endRecording", "end"])
        #expect(rig.failures.last == .recording)
    }

    @Test("A caller who gives up while the relay is asked: the call machine knows of the call, then of its end")
    func givesUp() {
        var rig = MediaRig()
        rig.mood = .silent
        rig.arrives()
        rig.fromSIP(.cancelled(rig.leg, reason: nil))
        #expect(rig.heard() == [.incomingCall(rig.call()), .cancelled(rig.leg, reason: nil)])
        #expect(rig.requests == ["offer outer", "end"] && rig.anchor.count == 0)
        rig.answer(at: 0)
        #expect(rig.heard().isEmpty)
    }

    @Test("A relay that is gone fails its open jobs at once, and one that is back anchors new calls")
    func gone() {
        var rig = MediaRig()
        rig.mood = .silent
        rig.arrives()
        rig.does { $0.relay(isUp: false, now: $1) }
        #expect(rig.heard() == [.incomingCall(rig.call())])
        let isAnchored = rig.anchor.anchor(SIPLegID(3), session: MediaSession("b"))
        #expect(!isAnchored)
        rig.does { $0.relay(isUp: true, now: $1) }
        let isBack = rig.anchor.anchor(SIPLegID(3), session: MediaSession("b"))
        #expect(isBack)
        let isTwice = rig.anchor.anchor(SIPLegID(5), session: MediaSession("b"))
        #expect(!isTwice)
    }

    @Test("A flood behind a slow relay is bounded: the leg goes on without it, and nothing is lost")
    func flood() {
        var rig = MediaRig()
        rig.arrives()
        rig.fromCalls(.answer(rig.leg, sdp: sdp("agent")))
        _ = (rig.said(), rig.heard())
        rig.mood = .silent
        rig.fromSIP(.reoffered(rig.leg, sdp: sdp("caller", 0)))
        let info = SIPInfo(contentType: "text/plain", body: [])
        for _ in 0..<Limits.mediaWaitingMax { rig.fromSIP(.info(rig.leg, info)) }
        #expect(rig.heard().isEmpty)
        rig.fromSIP(.info(rig.leg, info))
        #expect(rig.heard().count == Limits.mediaWaitingMax + 1)
        #expect(rig.said() == [.rejectReoffer(rig.leg, status: 488)])
    }

    @Test("A recording may take its time, and is told of when it is complete; one that never is raises a note")
    func slowRecording() {
        for comes in [true, false] {
            var rig = MediaRig()
            rig.arrives()
            rig.does { $0.record(MediaRig.leg, now: $1) }
            rig.mood = .silent
            rig.fromSIP(.cancelled(rig.leg, reason: nil))
            rig.pass(.minutes(5))
            #expect(rig.notes == [.recording(rig.leg, isPaused: false)])
            if comes { rig.answer(at: 0, works: true) } else { rig.pass(.minutes(5)) }
            #expect(rig.notes.count == 2 && (rig.failures == [.recording]) == !comes)
            #expect(rig.anchor.nextDeadline == nil)
        }
    }

    @Test("A relay's strange answers are failures")
    func strange() {
        var rig = MediaRig()
        rig.mood = .silent
        rig.arrives()
        rig.does { $0.done(99, .session([]), now: $1) }
        rig.does { $0.done(1, .session([]), now: $1) }
        #expect(rig.heard() == [.incomingCall(rig.call())])
        rig.does { $0.done(1, .session(sdp("x")), now: $1) }
        #expect(rig.heard().isEmpty)
    }
}
