import Kernel
import SIP
import TestKit
import Testing

/// Provisional responses that we send reliably (RFC 3262 §3).
@Suite struct ReliableProgressTests {
    private let required: [String: String?] = ["Require": "100rel"]
    private let supported: [String: String?] = ["Supported": "100rel"]

    private func rack(_ response: String) -> String {
        "\(Messages.header("RSeq", in: response) ?? "0") 7 INVITE"
    }

    @Test("A caller that requires it gets each response reliably, one at a time")
    func oneAtATime() {
        var call = ScriptedCall(required)
        call.wire.perform(0, .ring(call.leg, status: 180, sdp: nil))
        call.wire.perform(0, .ring(call.leg, status: 182, sdp: nil))
        #expect(call.sent("SIP/2.0 182").isEmpty)
        let first = call.sent("SIP/2.0 180")[0]
        #expect(Messages.header("Require", in: first) == "100rel")
        // T1 and twice T1 later.
        call.wire.run(for: .milliseconds(1_600))
        #expect(call.sent("SIP/2.0 180").count == 3)
        #expect(call.send("PRACK", ["RAck": rack(first)]).compactMap(\.status) == [200, 182])
        let second = call.sent("SIP/2.0 182")[0]
        let numbers = [first, second].compactMap { Messages.header("RSeq", in: $0).flatMap { Int($0) } }
        #expect(numbers.count == 2 && numbers[1] == numbers[0] + 1)
        #expect(call.send("PRACK", ["RAck": rack(first)]).compactMap(\.status) == [481])
        #expect(call.send("PRACK").compactMap(\.status) == [481])
        #expect(call.send("PRACK", ["RAck": "\(numbers[1]) 8 INVITE"]).compactMap(\.status) == [481])
        #expect(call.send("PRACK", ["RAck": rack(second)]).compactMap(\.status) == [200])
        let before = call.wire.sent.count
        call.wire.run(for: .seconds(20))
        #expect(call.wire.sent.count == before)
    }

    @Test("A caller that only supports it gets those with a session reliably")
    func onlyWithSession() {
        var call = ScriptedCall(supported)
        call.wire.perform(0, .ring(call.leg, status: 180, sdp: nil))
        #expect(Messages.header("RSeq", in: call.last) == nil)
        call.wire.perform(0, .ring(call.leg, status: 183, sdp: sdp("early")))
        #expect(Messages.header("RSeq", in: call.last) != nil)
        var plain = ScriptedCall()
        plain.wire.perform(0, .ring(plain.leg, status: 183, sdp: sdp("early")))
        #expect(Messages.header("RSeq", in: plain.last) == nil && plain.last.hasSuffix("s=early\r\n"))
    }

    @Test("The answer waits for the session before it, and does not repeat it")
    func answerWaits() {
        var call = ScriptedCall(supported)
        call.wire.perform(0, .ring(call.leg, status: 183, sdp: sdp("early")))
        let early = call.last
        call.wire.perform(0, .answer(call.leg, sdp: sdp("early")))
        #expect(call.sent("SIP/2.0 200").isEmpty)
        _ = call.send("PRACK", ["RAck": rack(early)])
        let answer = call.last
        #expect(Messages.header("CSeq", in: answer) == "7 INVITE")
        #expect(answer.hasSuffix("Content-Length: 0\r\n\r\n"))
        _ = call.send("ACK", ["CSeq": "7 ACK"])
        call.wire.run(for: .seconds(5))
        #expect(call.wire.events[0].isEmpty && call.sent("INVITE").isEmpty)
    }

    @Test("Another session than the early one is offered as soon as the call stands, and nobody hears of it")
    func anotherSession() {
        var call = ScriptedCall(supported)
        call.wire.perform(0, .ring(call.leg, status: 183, sdp: sdp("music")))
        _ = call.send("PRACK", ["RAck": rack(call.last)])
        call.wire.perform(0, .answer(call.leg, sdp: sdp("agent")))
        #expect(call.sent("INVITE").isEmpty)
        _ = call.send("ACK", ["CSeq": "7 ACK"])
        #expect(call.sent("INVITE").first?.hasSuffix("s=agent\r\n") == true)
        #expect(call.reply(200, body: "v=0\r\n").compactMap(\.event).isEmpty)
        #expect(call.sent("ACK").count == 1)
    }

    @Test("A caller that never confirms is given up with 504", arguments: [false, true])
    func givenUp(isAnswered: Bool) {
        var call = ScriptedCall(required)
        call.wire.perform(0, .ring(call.leg, status: 183, sdp: sdp("early")))
        if isAnswered { call.wire.perform(0, .answer(call.leg, sdp: sdp("early"))) }
        call.wire.run(for: .seconds(33))
        let end: SIPEvent = isAnswered ? .ended(call.leg, .notAcknowledged) : .cancelled(call.leg, reason: nil)
        #expect(call.wire.events[0] == [end])
        #expect(!call.sent("SIP/2.0 504").isEmpty)
        // 0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5
        #expect(call.sent("SIP/2.0 183").count == 7)
    }

    @Test("A caller who gives up while the answer waits ended an answered call")
    func cancelledWhileWaiting() {
        var call = ScriptedCall(required)
        call.wire.perform(0, .ring(call.leg, status: 183, sdp: sdp("early")))
        call.wire.perform(0, .answer(call.leg, sdp: sdp("early")))
        let outputs = call.wire.inject(Messages.request("CANCEL", "sip:5550100@10.0.0.1"))
        #expect(outputs.compactMap(\.event) == [.ended(call.leg, .remoteHangUp(nil))])
    }

    @Test("The queue of unconfirmed responses is bounded and keeps the session")
    func bounded() {
        var call = ScriptedCall(required)
        call.wire.perform(0, .ring(call.leg, status: 180, sdp: nil))
        call.wire.perform(0, .ring(call.leg, status: 183, sdp: sdp("early")))
        for _ in 0..<50 { call.wire.perform(0, .ring(call.leg, status: 182, sdp: nil)) }
        var seen: [Int] = []
        for _ in 0..<20 {
            let statuses = call.send("PRACK", ["RAck": rack(call.sent("SIP/2.0 18").last ?? "")]).compactMap(\.status)
            seen += statuses.filter { $0 < 200 }
        }
        #expect(seen == [183, 182, 182, 182])
    }

    @Test("An UPDATE before the answer: without an offer 200, with one the caller must wait")
    func earlyUpdate() {
        var call = ScriptedCall(supported)
        call.wire.perform(0, .ring(call.leg, status: 180, sdp: nil))
        #expect(call.send("UPDATE").compactMap(\.status) == [200])
        let offer = call.send("UPDATE", body: "v=0\r\n")
        #expect(offer.compactMap(\.status) == [500])
        #expect(Messages.header("Retry-After", in: offer.first?.text ?? "") != nil)
        // Requests between do not confuse the number of the ACK that is awaited.
        call.answer()
        call.wire.run(for: .seconds(40))
        #expect(call.wire.events[0].isEmpty)
    }

    @Test("Early sessions reach the caller at 10 % loss, and the call is answered", arguments: Seeds.first(40))
    func lossy(seed: UInt64) {
        var wire = VirtualWire(seed: seed)
        wire.lossPercent = 10
        wire.doublePercent = 10
        wire.react = { wire, index, event in
            guard case .incomingCall(let call) = event else { return }
            wire.perform(index, .ring(call.leg, status: 180, sdp: nil))
            wire.perform(index, .ring(call.leg, status: 183, sdp: sdp("early")))
            let isQuick = seed % 2 == 0
            wire.later(isQuick ? 1 : 9_000, index, .answer(call.leg, sdp: sdp(seed % 3 == 0 ? "other" : "early")))
        }
        let target = SIPInvitation.Target.address(user: "1", VirtualWire.address(1), .udp)
        var invitation = SIPInvitation(target: target, from: "2", sdp: sdp("o"))
        if seed % 4 == 0 { invitation.headers = [SIPExtraHeader(name: "Require", value: "100rel")] }
        wire.perform(0, .invite(SIPLegID(2), invitation))
        wire.react = { [react = wire.react] wire, index, event in
            react(&wire, index, event)
            if case .reoffered(let leg, _) = event { wire.perform(index, .answerReoffer(leg, sdp: sdp("mine"))) }
        }
        wire.run(for: .seconds(60))
        let sessions = wire.events[0].filter { if case .ringing(_, 183, _) = $0 { true } else { false } }
        #expect(sessions == [.ringing(SIPLegID(2), status: 183, sdp: sdp("early"))], "seed \(seed)")
        #expect(wire.events[0].contains(.answered(SIPLegID(2), sdp: sdp("early"))), "seed \(seed)")
        let isMoved = wire.events[0].contains(.reoffered(SIPLegID(2), sdp: sdp("other")))
        #expect(isMoved == (seed % 3 == 0), "seed \(seed)")
        wire.perform(0, .hangUp(SIPLegID(2), reason: nil))
        wire.run(for: .seconds(100))
        for endpoint in wire.endpoints { #expect(endpoint.load == (0, 0), "seed \(seed)") }
    }
}
