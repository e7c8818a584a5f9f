import Calls
import Kernel
import SIP
import TestKit
import Testing

@Suite("A leg whose media passes the relay: laws")
struct MediaLawTests {
    /// One anchored call: a caller, a call machine and an owner that do anything in any order that is allowed to each,
    /// and a relay that works, fails, is silent, goes and comes back.
    private struct Walk {
        enum Line { case ringing, answered, over }

        var rig = MediaRig()
        var random: SeededRandom
        var isUp = true
        var line = Line.ringing
        /// An offer of ours at the caller, and one of the caller's at us, without an answer.
        var ours = false
        var theirs = false
        /// What the call machine knows: the call, its answer, its end, its own offer, one that it owes an answer.
        var knows = false
        var joined = false
        var isOver = false
        var wants = false
        var owes = false
        /// The session that each party has of the other, and the one that it is offered.
        var callerHas: [UInt8]?
        var callerIsOffered: [UInt8]?
        var agentHas: [UInt8]?
        var agentIsOffered: [UInt8]?

        init(seed: UInt64) {
            random = SeededRandom(seed: seed)
            rig.mood = .silent
            rig.arrives()
            react()
        }

        mutating func luck(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

        private mutating func session(_ who: String) -> [UInt8] {
            MediaRig.sdp(who, luck(2) * 8, version: luck(100), luck(3) == 0 ? "sendonly" : "sendrecv")
        }

        /// Endpoint and call machine take what was said to them, and hold it against what may be said.
        mutating func react() {
            while !(rig.toEndpoint.isEmpty && rig.toCalls.isEmpty) {
                for command in rig.said() { endpoint(command) }
                for event in rig.heard() { calls(event) }
            }
        }

        private mutating func endpoint(_ command: SIPCommand) {
            guard line != .over else { return }
            switch command {
            case .ring(_, _, let session):
                #expect(line == .ringing)
                callerHas = session ?? callerHas
            case .answer(_, let session):
                #expect(line == .ringing)
                line = .answered
                callerHas = session
            case .reoffer(_, let session):
                #expect(line == .answered && !ours, "two offers at once")
                ours = true
                callerIsOffered = session
            case .answerReoffer, .rejectReoffer:
                #expect(theirs, "an answer to no offer")
                theirs = false
                if case .answerReoffer(_, let session) = command { callerHas = session }
            case .reject:
                #expect(line == .ringing, "refused after the answer")
                line = .over
            case .hangUp: line = .over
            default: Issue.record("\(command)")
            }
        }

        private mutating func calls(_ event: SIPEvent) {
            guard !isOver else { return }
            switch event {
            case .incomingCall(let call):
                #expect(!knows)
                knows = true
                agentHas = call.sdp
            case .reoffered(_, let session):
                #expect(knows)
                if joined, !wants, !owes {
                    owes = true
                    agentIsOffered = session
                } else {
                    rig.fromCalls(.rejectReoffer(rig.leg, status: 491))
                }
            case .reofferAnswered, .reofferRejected:
                #expect(wants, "an answer to no offer")
                wants = false
                if case .reofferAnswered(_, let session) = event, !session.isEmpty { agentHas = session }
            case .cancelled, .ended:
                #expect(knows, "ended before it began")
                isOver = true
            default: Issue.record("\(event)")
            }
        }

        mutating func step() {
            switch luck(20) {
            case 0...6: if !rig.open.isEmpty { rig.answer(at: 0, works: luck(8) > 0) }
            case 7: rig.pass(.milliseconds(Int64(luck(2_500))))
            case 8:
                guard luck(4) == 0 else { return }
                isUp.toggle()
                let isUp = isUp
                rig.does { $0.relay(isUp: isUp, now: $1) }
            case 9: owner()
            case 10:
                let early = luck(2) == 0
                if !joined { rig.does { $0.answerQueue(MediaRig.leg, early: early, now: $1) } }
            case 11...14: callMachine()
            case 15...18: caller()
            default: if luck(12) == 0 { end() }
            }
            react()
        }

        private mutating func owner() {
            let (leg, choice) = (rig.leg, luck(6))
            rig.does { anchor, now in
                switch choice {
                case 0: anchor.play(leg, [.music], isRepeated: true, now: now)
                case 1: anchor.stopPlaying(leg, now: now)
                case 2: anchor.record(leg, now: now)
                case 3: anchor.pauseRecording(leg, now: now)
                case 4: anchor.mute(leg, .inner, true, now: now)
                default: anchor.endRecording(leg, now: now)
                }
            }
        }

        mutating func callMachine() {
            guard knows, !isOver else { return }
            if !joined {
                guard luck(3) == 0 else { return rig.fromCalls(.ring(rig.leg, status: 182, sdp: nil)) }
                joined = true
                rig.fromCalls(.answer(rig.leg, sdp: session("agent")))
            } else if owes {
                owes = false
                let answer = session("agent")
                let isRefused = luck(4) == 0
                if !isRefused { agentHas = agentIsOffered }
                rig.fromCalls(
                    isRefused ? .rejectReoffer(rig.leg, status: 488) : .answerReoffer(rig.leg, sdp: answer)
                )
            } else if !wants, luck(2) == 0 {
                wants = true
                rig.fromCalls(.reoffer(rig.leg, sdp: session("agent")))
            }
        }

        mutating func caller() {
            guard line == .answered else { return }
            if ours {
                ours = false
                let answer = session("caller")
                let isRefused = luck(5) == 0
                if !isRefused { callerHas = callerIsOffered }
                rig.fromSIP(
                    isRefused ? .reofferRejected(rig.leg, status: 488) : .reofferAnswered(rig.leg, sdp: answer)
                )
            } else if !theirs, luck(2) == 0 {
                theirs = true
                rig.fromSIP(.reoffered(rig.leg, sdp: session("caller")))
            }
        }

        mutating func end() {
            if luck(2) == 0, knows, !isOver {
                isOver = true
                rig.fromCalls(
                    joined ? .hangUp(rig.leg, reason: nil) : .reject(rig.leg, status: 480, reason: nil, headers: [])
                )
            } else if line != .over {
                let isAnswered = line == .answered
                line = .over
                rig.fromSIP(isAnswered ? .ended(rig.leg, .connectionLost) : .cancelled(rig.leg, reason: nil))
            }
            react()
        }

        /// Everybody answers what is open.
        mutating func settle() {
            for _ in 0..<12 {
                while !rig.open.isEmpty { rig.answer(at: 0, works: luck(6) > 0) }
                react()
                if owes { callMachine() }
                if ours { caller() }
                react()
                rig.pass(Limits.mediaJobMax)
                react()
            }
        }
    }

    @Test("Whatever comes in whatever order, nothing is said that may not be said then", arguments: Seeds.first(400))
    func anything(seed: UInt64) {
        var walk = Walk(seed: seed)
        for _ in 0..<80 { walk.step() }
        walk.settle()
        #expect(walk.knows, "the call is lost")
        let isUp = walk.line != .over && !walk.isOver
        if isUp {
            #expect(!walk.ours && !walk.theirs && !walk.wants && !walk.owes, "an offer without an answer")
            #expect(!walk.joined || walk.line == .answered, "the agent's answer is lost")
            let isGivenUp = walk.rig.notes.contains {
                if case .failed(_, .session, let reason) = $0 { reason.hasPrefix("a party refused") } else { false }
            }
            if walk.joined, !walk.rig.anchor.isAnchored(walk.rig.leg), !isGivenUp {
                #expect(MediaRig.host(walk.callerHas) == "agent", "the caller sends to a relay that it has left")
                #expect(MediaRig.host(walk.agentHas) == "caller", "the agent sends to a relay that the caller has left")
            }
        }
        #expect((walk.line == .over) == walk.isOver, "one side knows nothing of the end")
        if isUp {
            for _ in 0..<40 where walk.line != .over { walk.end() }
            walk.settle()
        }
        #expect(walk.rig.anchor.count == 0 && walk.rig.anchor.nextDeadline == nil)
        // What the relay was told of ends once, after all else, and a recording before it.
        let requests = walk.rig.requests
        #expect(requests.count { $0 == "end" } == (requests.isEmpty ? 0 : 1))
        #expect(requests.isEmpty || requests.last == "end")
        let isRecorded = requests.reduce(false) { $1 == "record" ? true : $1 == "endRecording" ? false : $0 }
        #expect(!isRecorded, "a recording without an end")
        #expect(Set(walk.rig.jobs.map(\.number)).count == walk.rig.jobs.count)
    }

    @Test("What a leg's endpoint and call machine say arrives in order", arguments: Seeds.first(100))
    func order(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var rig = MediaRig()
        rig.mood = .silent
        rig.arrives()
        rig.fromCalls(.answer(rig.leg, sdp: MediaRig.sdp("agent")))
        var sent: [UInt8] = [], told: [UInt8] = []
        for number in UInt8(0)..<60 {
            let info = SIPInfo(contentType: "text/plain", body: [number])
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                rig.fromSIP(.info(rig.leg, info))
                sent.append(number)
            case 1:
                rig.fromCalls(.info(rig.leg, info))
                told.append(number)
            case 2: rig.fromSIP(.reoffered(rig.leg, sdp: MediaRig.sdp("caller", 0)))
            default: if !rig.open.isEmpty { rig.answer(at: 0, works: Bool.random(using: &random)) }
            }
        }
        for _ in 0..<200 {
            rig.pass(Limits.mediaJobMax)
            rig.fromCalls(.rejectReoffer(rig.leg, status: 488))
        }
        #expect(rig.heard().compactMap { if case .info(_, let info) = $0 { info.body.first } else { nil } } == sent)
        #expect(rig.said().compactMap { if case .info(_, let info) = $0 { info.body.first } else { nil } } == told)
    }

    @Test("Without an anchor every event and command passes as it is", arguments: Seeds.first(20))
    func transparent(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var rig = MediaRig(isUp: Bool.random(using: &random))
        let session = MediaRig.sdp("x")
        let events: [SIPEvent] = [
            .incomingCall(rig.call()), .reoffered(rig.leg, sdp: session), .reofferAnswered(rig.leg, sdp: session),
            .answered(rig.leg, sdp: session), .ended(rig.leg, .connectionLost), .trunk("t", isUp: true),
        ].shuffled(using: &random)
        let commands: [SIPCommand] = [
            .answer(rig.leg, sdp: session), .ring(rig.leg, status: 183, sdp: session), .hangUp(rig.leg, reason: nil),
            .reoffer(rig.leg, sdp: session), .answerReoffer(rig.leg, sdp: session), .cancel(rig.leg),
        ].shuffled(using: &random)
        for event in events { rig.fromSIP(event) }
        for command in commands { rig.fromCalls(command) }
        #expect(rig.heard() == events && rig.said() == commands && rig.jobs.isEmpty && rig.notes.isEmpty)
    }
}
