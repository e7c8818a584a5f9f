import Calls
import Kernel
import SIP
import Testing

@Suite("Calls leave a relay that is gone")
struct MediaLeavingTests {
    private func sdp(_ who: String, _ codec: Int = 8, _ direction: String = "sendrecv") -> [UInt8] {
        MediaRig.sdp(who, codec, version: 1, direction)
    }

    /// A caller who talks with an agent through the relay; what was said so far is forgotten.
    private func talking(_ options: MediaOptions = MediaOptions(), isRecorded: Bool = false) -> MediaRig {
        var rig = MediaRig()
        rig.arrives(options)
        rig.fromCalls(.answer(rig.leg, sdp: sdp("agent")))
        if isRecorded { rig.does { $0.record(MediaRig.leg, now: $1) } }
        _ = (rig.said(), rig.heard())
        return rig
    }

    private func goes(_ rig: inout MediaRig) { rig.does { $0.relay(isUp: false, now: $1) } }

    @Test("Both parties are given each other's own session, and the relay is told of the end")
    func joinedDirectly() {
        var rig = talking()
        goes(&rig)
        #expect(rig.said() == [.reoffer(rig.leg, sdp: sdp("agent"))])
        #expect(rig.heard() == [.reoffered(rig.leg, sdp: sdp("caller"))])
        #expect(rig.requests.last == "end" && !rig.anchor.isAnchored(rig.leg))
        rig.fromSIP(.reofferAnswered(rig.leg, sdp: sdp("caller")))
        rig.fromCalls(.answerReoffer(rig.leg, sdp: sdp("agent")))
        #expect(rig.said().isEmpty && rig.heard().isEmpty)
        #expect(rig.anchor.count == 0 && rig.anchor.nextDeadline == nil)
        // From now on everything passes as it is, also when the relay is back.
        rig.does { $0.relay(isUp: true, now: $1) }
        rig.fromCalls(.reoffer(rig.leg, sdp: sdp("agent", 0)))
        #expect(rig.said() == [.reoffer(rig.leg, sdp: sdp("agent", 0))])
    }

    @Test("Only sessions of the relay that is gone are touched while another one answers")
    func oneOfTwo() {
        var rig = talking()
        rig.does { anchor, now in anchor.lost([MediaSession("somebody else's")], now: now) }
        #expect(rig.said().isEmpty && rig.anchor.isAnchored(rig.leg))
        rig.does { anchor, now in anchor.lost([MediaRig.session], now: now) }
        #expect(rig.said() == [.reoffer(rig.leg, sdp: sdp("agent"))])
        // New calls are anchored at the other one.
        let isAnchored = rig.anchor.anchor(SIPLegID(3), session: MediaSession("b"))
        #expect(isAnchored)
    }

    @Test("A recording that was running is said to have stopped, and what there is of it is completed")
    func recording() {
        var rig = talking(isRecorded: true)
        #expect(rig.notes == [.recording(rig.leg, isPaused: false)])
        goes(&rig)
        #expect(rig.requests.suffix(2) == ["endRecording", "end"])
        #expect(rig.notes.dropFirst().first == .recordingStopped(rig.leg, reason: "the relay is gone"))
        #expect(rig.notes.last == .recorded(rig.leg, rig.session, file: "north-1-1.opus"))
    }

    @Test("A party that is busy with another change is asked again a little later")
    func glare() {
        var rig = talking()
        goes(&rig)
        _ = rig.heard()
        rig.fromSIP(.reofferAnswered(rig.leg, sdp: sdp("caller")))
        rig.fromCalls(.rejectReoffer(rig.leg, status: 491))
        #expect(rig.heard().isEmpty && rig.failures.isEmpty)
        rig.pass(Limits.mediaLeaveAgain)
        #expect(rig.heard() == [.reoffered(rig.leg, sdp: sdp("caller"))])
        rig.fromCalls(.answerReoffer(rig.leg, sdp: sdp("agent")))
        #expect(rig.anchor.count == 0 && rig.anchor.nextDeadline == nil)
    }

    @Test("One that always refuses is given up, and that is said once")
    func refuses() {
        var rig = talking()
        goes(&rig)
        rig.fromSIP(.reofferAnswered(rig.leg, sdp: sdp("caller")))
        for _ in 0..<Limits.mediaLeaveRefusalsMax {
            rig.fromCalls(.rejectReoffer(rig.leg, status: 488))
            rig.pass(Limits.mediaLeaveAgain)
        }
        #expect(rig.failures == [.session] && rig.anchor.count == 0 && rig.anchor.nextDeadline == nil)
        #expect(rig.heard().count == Limits.mediaLeaveRefusalsMax)
    }

    @Test("An agent's phone that answers with another session: the caller is told of it")
    func otherAnswer() {
        var rig = talking()
        goes(&rig)
        rig.fromSIP(.reofferAnswered(rig.leg, sdp: sdp("caller")))
        _ = rig.said()
        rig.fromCalls(.answerReoffer(rig.leg, sdp: sdp("agent", 0)))
        #expect(rig.said() == [.reoffer(rig.leg, sdp: sdp("agent", 0))])
        rig.fromSIP(.reofferAnswered(rig.leg, sdp: sdp("caller", 0)))
        #expect(rig.anchor.count == 0)
    }

    @Test("A caller on hold stays so: the agent is offered a session that is on hold too")
    func held() {
        var rig = talking(MediaOptions(holdMusic: [.music]))
        rig.fromCalls(.reoffer(rig.leg, sdp: sdp("agent", 8, "inactive")))
        rig.fromSIP(.reofferAnswered(rig.leg, sdp: sdp("caller", 8, "recvonly")))
        _ = (rig.said(), rig.heard())
        goes(&rig)
        #expect(rig.said() == [.reoffer(rig.leg, sdp: sdp("agent", 8, "inactive"))])
        guard case .reoffered(_, .some(let offer))? = rig.heard().first else { return #expect(Bool(false)) }
        #expect(SessionHold.isHold(offer) && MediaRig.host(offer) == "caller")
    }

    @Test("A change on its way through the relay goes past it, in all its states", arguments: 0..<4)
    func past(_ state: Int) {
        var rig = talking()
        rig.mood = .silent
        switch state {
        case 0: rig.fromCalls(.reoffer(rig.leg, sdp: sdp("other")))
        case 1: rig.fromSIP(.reoffered(rig.leg, sdp: sdp("caller", 0)))
        case 2:
            rig.fromCalls(.reoffer(rig.leg, sdp: sdp("other", 0)))
            rig.answer(at: 0, works: true)
            _ = rig.said()
            rig.fromSIP(.reofferAnswered(rig.leg, sdp: sdp("caller", 0)))
        default:
            rig.fromSIP(.reoffered(rig.leg, sdp: sdp("caller", 0)))
            rig.answer(at: 0, works: true)
            _ = rig.heard()
            rig.fromCalls(.answerReoffer(rig.leg, sdp: sdp("agent", 0)))
        }
        goes(&rig)
        switch state {
        case 0:
            #expect(rig.said() == [.reoffer(rig.leg, sdp: sdp("other"))] && rig.heard().isEmpty)
            rig.fromSIP(.reofferAnswered(rig.leg, sdp: sdp("caller")))
            #expect(rig.heard() == [.reofferAnswered(rig.leg, sdp: sdp("caller"))])
        case 1:
            #expect(rig.heard() == [.reoffered(rig.leg, sdp: sdp("caller", 0))] && rig.said().isEmpty)
            rig.fromCalls(.answerReoffer(rig.leg, sdp: sdp("agent", 0)))
            #expect(rig.said() == [.answerReoffer(rig.leg, sdp: sdp("agent", 0))])
        case 2:
            #expect(rig.heard() == [.reofferAnswered(rig.leg, sdp: sdp("caller", 0))])
            #expect(rig.said() == [.reoffer(rig.leg, sdp: sdp("other", 0))])
            rig.fromSIP(.reofferAnswered(rig.leg, sdp: sdp("caller", 0)))
        default:
            #expect(rig.said() == [.answerReoffer(rig.leg, sdp: sdp("agent", 0))])
            #expect(rig.heard() == [.reoffered(rig.leg, sdp: sdp("caller", 0))])
            rig.fromCalls(.answerReoffer(rig.leg, sdp: sdp("agent", 0)))
        }
        #expect(rig.anchor.count == 0 && rig.requests.last == "end")
    }

    @Test("A caller's change that crosses ours meets 491, and ours is not lost")
    func crossing() {
        var rig = talking()
        goes(&rig)
        _ = (rig.said(), rig.heard())
        rig.fromSIP(.reoffered(rig.leg, sdp: sdp("caller", 0)))
        #expect(rig.said() == [.rejectReoffer(rig.leg, status: 491)] && rig.heard().isEmpty)
        rig.fromSIP(.reofferAnswered(rig.leg, sdp: sdp("caller")))
        rig.fromCalls(.answerReoffer(rig.leg, sdp: sdp("agent")))
        #expect(rig.anchor.count == 0)
    }

    @Test("Whom only the queue has answered stays until an agent does; then both are told")
    func waiting() {
        var rig = MediaRig()
        rig.arrives()
        rig.does { $0.answerQueue(MediaRig.leg, early: false, now: $1) }
        _ = (rig.said(), rig.heard())
        goes(&rig)
        #expect(rig.said().isEmpty && rig.heard().isEmpty && rig.anchor.count == 1)
        // A session that is only refreshed must not fail for it.
        rig.fromSIP(.reoffered(rig.leg, sdp: sdp("caller")))
        guard case .answerReoffer? = rig.said().first else { return #expect(Bool(false)) }
        rig.does { $0.relay(isUp: true, now: $1) }
        rig.fromCalls(.answer(rig.leg, sdp: sdp("agent")))
        #expect(rig.said() == [.reoffer(rig.leg, sdp: sdp("agent"))])
        #expect(rig.heard() == [.reoffered(rig.leg, sdp: sdp("caller"))])
    }

    @Test("Who is back in a queue leaves without a word, and the next agent's session reaches the phone as it is")
    func waitingAgain() {
        var rig = talking()
        rig.does { $0.answerQueue(MediaRig.leg, early: false, now: $1) }
        goes(&rig)
        #expect(rig.said().isEmpty && rig.heard().isEmpty && rig.anchor.count == 0)
        rig.fromCalls(.reoffer(rig.leg, sdp: sdp("other")))
        #expect(rig.said() == [.reoffer(rig.leg, sdp: sdp("other"))])
    }

    @Test("Thousands do not ask their phones in one moment, and all have left in the end")
    func paced() {
        let count = 1_000
        var anchor = MediaAnchor()
        var now = Moment(instant: .zero, wall: WallTime(milliseconds: 0))
        var jobs: [MediaJob] = []
        func take(_ outputs: [MediaOutput]) -> Int {
            for case .job(let job) in outputs { jobs.append(job) }
            return outputs.count { if case .command(.reoffer) = $0 { true } else { false } }
        }
        _ = anchor.relay(isUp: true, now: now)
        for number in 1...count {
            let leg = SIPLegID(UInt64(number))
            let isAnchored = anchor.anchor(leg, session: MediaSession("\(number)"))
            #expect(isAnchored)
            let call = SIPIncomingCall(
                leg: leg,
                dialled: "100",
                caller: CallerIdentity(number: "\(number)"),
                sdp: sdp("caller"),
                source: SIPAddress(host: "10.0.0.9", port: 5060),
                transport: .udp,
                callID: "\(number)"
            )
            _ = take(anchor.fromSIP(.incomingCall(call), now: now))
            _ = take(anchor.done(jobs[jobs.count - 1].number, .session(sdp("relay")), now: now))
            _ = take(anchor.fromCalls(.answer(leg, sdp: sdp("agent")), now: now))
            _ = take(anchor.done(jobs[jobs.count - 1].number, .session(sdp("relay")), now: now))
        }
        var asked = take(anchor.relay(isUp: false, now: now))
        #expect(asked == 1)
        let started = now.instant
        while asked < count, let next = anchor.nextDeadline {
            now.instant = max(next, now.instant)
            let more = take(anchor.advance(now: now))
            #expect(more <= 1)
            asked += more
        }
        #expect(asked == count)
        #expect(now.instant - started == Limits.mediaLeaveEvery * Int64(count - 1))
    }
}
