import Kernel
import SIP
import TestKit
import Testing

/// Session timers (RFC 4028).
@Suite struct SessionTimerTests {
    private let leg = SIPLegID(2)
    private let timer: [String: String?] = ["Supported": "timer"]

    @Test("A caller that knows timers refreshes itself and is told so")
    func callerRefreshes() {
        var call = ScriptedCall(timer)
        call.answer()
        let answer = call.sent("SIP/2.0 200")[0]
        #expect(Messages.header("Session-Expires", in: answer) == "1800;refresher=uac")
        #expect(Messages.header("Require", in: answer) == "timer")
        call.wire.run(for: .seconds(1_500))
        let update = call.send("UPDATE", ["Session-Expires": "1800;refresher=uac", "Supported": "timer"])
        #expect(update.compactMap(\.status) == [200])
        #expect(Messages.header("Session-Expires", in: update.first?.text ?? "") == "1800;refresher=uac")
        call.wire.run(for: .seconds(1_700))
        #expect(call.wire.events[0].isEmpty)
        // A third of the time, at most 32 s, before the end.
        call.wire.run(for: .seconds(67))
        #expect(call.wire.events[0].isEmpty)
        call.wire.run(for: .seconds(2))
        #expect(call.wire.events[0] == [.ended(call.leg, .notRefreshed)])
        #expect(!call.sent("BYE").isEmpty)
    }

    @Test("For a caller without timers we refresh, by UPDATE when it takes that, else by the session last sent")
    func weRefresh() {
        var plain = ScriptedCall()
        plain.answer(sdp: Array("v=0\r\no=a 1 1 IN IP4 1.2.3.4\r\n".utf8))
        #expect(Messages.header("Session-Expires", in: plain.sent("SIP/2.0 200")[0]) == "1800;refresher=uas")
        #expect(Messages.header("Require", in: plain.sent("SIP/2.0 200")[0]) == nil)
        plain.wire.run(for: .seconds(901))
        let texts = [plain.sent("SIP/2.0 200")[0], plain.sent("INVITE")[0]]
        #expect(Set(texts.map { $0.split(separator: "\r\n\r\n").last }).count == 1)
        _ = plain.reply(200, body: "v=0\r\n")
        #expect(plain.sent("ACK").count == 1 && plain.wire.events[0].isEmpty)
        plain.wire.run(for: .seconds(901))
        #expect(plain.sent("INVITE").count > 1 && plain.wire.events[0].isEmpty)

        var modern = ScriptedCall(["Allow": "INVITE, UPDATE"])
        modern.answer()
        modern.wire.run(for: .seconds(901))
        let update = modern.sent("UPDATE")[0]
        #expect(Messages.header("Session-Expires", in: update) == "1800;refresher=uac")
        #expect(update.hasSuffix("Content-Length: 0\r\n\r\n") && Messages.header("Contact", in: update) != nil)
        _ = modern.reply(200, to: update)
        modern.wire.run(for: .seconds(890))
        #expect(Set(modern.sent("UPDATE")).count == 1)
        modern.wire.run(for: .seconds(20))
        #expect(Set(modern.sent("UPDATE")).count == 2)
    }

    @Test("A refresh that nobody answers ends the call")
    func lost() {
        var call = ScriptedCall(["Allow": "UPDATE"])
        call.answer()
        call.wire.run(for: .seconds(935))
        #expect(call.wire.events[0] == [.ended(call.leg, .lost(status: 408))])
    }

    @Test("A refresh that is refused is tried in other words, and the call goes on")
    func refused() {
        var call = ScriptedCall(["Allow": "UPDATE"])
        call.answer()
        call.wire.run(for: .seconds(901))
        _ = call.reply(405, to: call.sent("UPDATE")[0])
        call.wire.run(for: .seconds(1))
        #expect(!call.sent("INVITE").isEmpty)
        _ = call.reply(488)
        call.wire.run(for: .seconds(230))
        #expect(Set(call.sent("INVITE")).count == 2)
        _ = call.reply(422, ["Min-SE": "3600"])
        call.wire.run(for: .seconds(2))
        let longer = call.sent("INVITE").last ?? ""
        #expect(Messages.header("Session-Expires", in: longer) == "3600;refresher=uac")
        #expect(Messages.header("Min-SE", in: longer) == "3600")
        _ = call.reply(200, ["Session-Expires": "3600;refresher=uac"], body: "v=0\r\n")
        call.wire.run(for: .seconds(1_700))
        #expect(call.wire.events[0].isEmpty)
    }

    @Test("What we ask for, and what the called side makes of it")
    func called() {
        var theirs = ScriptedCall(calling: ScriptedCall.invitation())
        let invite = theirs.sent("INVITE")[0]
        #expect(Messages.header("Session-Expires", in: invite) == "1800;refresher=uac")
        #expect(Messages.header("Supported", in: invite)?.contains("timer") == true)
        _ = theirs.reply(200, ["Session-Expires": "600;refresher=uas", "Require": "timer"], body: "v=0\r\n")
        theirs.wire.run(for: .seconds(567))
        #expect(theirs.sent("BYE").isEmpty)
        theirs.wire.run(for: .seconds(2))
        #expect(theirs.wire.events[0] == [.ended(leg, .notRefreshed)])

        var ours = ScriptedCall(calling: ScriptedCall.invitation())
        _ = ours.reply(200, ["Session-Expires": "600;refresher=uac", "Allow": "UPDATE"], body: "v=0\r\n")
        ours.wire.run(for: .seconds(301))
        #expect(!ours.sent("UPDATE").isEmpty)

        var none = ScriptedCall(calling: ScriptedCall.invitation())
        _ = none.reply(200, body: "v=0\r\n")
        none.wire.run(for: .seconds(20_000))
        #expect(none.wire.events[0].isEmpty && none.sent("INVITE").count == 1 && none.sent("UPDATE").isEmpty)
    }

    @Test("Too short an interval is refused with 422 and Min-SE; a caller that would not understand is let be")
    func tooShort() {
        let short = ScriptedCall(["Supported": "timer", "x": "60"])
        #expect(short.first.compactMap(\.status) == [422])
        #expect(Messages.header("Min-SE", in: short.first.first?.text ?? "") == "90")
        #expect(ScriptedCall(["Session-Expires": "60"]).first.compactMap(\.status) == [100])
        var call = ScriptedCall(timer)
        call.answer()
        let update = call.send("UPDATE", ["Supported": "timer", "Session-Expires": "89"])
        #expect(update.compactMap(\.status) == [422])
    }

    @Test("A 422 to our INVITE is followed by one INVITE that asks for enough, in the same call")
    func retried() {
        var call = ScriptedCall(calling: ScriptedCall.invitation())
        let first = call.sent("INVITE")[0]
        let outputs = call.reply(422, ["Min-SE": "3600"])
        #expect(outputs.compactMap(\.event).isEmpty)
        let second = call.sent("INVITE")[1]
        #expect(Messages.header("Session-Expires", in: second) == "3600;refresher=uac")
        #expect(Messages.header("Min-SE", in: second) == "3600")
        #expect(Messages.header("CSeq", in: second) == "2 INVITE")
        for name in ["Call-ID", "From", "To", "Contact", "Supported"] {
            #expect(Messages.header(name, in: second) == Messages.header(name, in: first), "\(name)")
        }
        #expect(Messages.header("Via", in: second) != Messages.header("Via", in: first))
        #expect(second.split(separator: "\r\n\r\n").last == first.split(separator: "\r\n\r\n").last)
        let again = call.reply(422, ["Min-SE": "7200"])
        #expect(again.compactMap(\.event) == [.failed(leg, status: 422, reason: "Whatever")])
    }

    @Test("A peer that asks for next to nothing is not asked every second")
    func hasty() {
        var call = ScriptedCall(calling: ScriptedCall.invitation())
        _ = call.reply(200, ["Session-Expires": "1;refresher=uac", "Allow": "UPDATE"], body: "v=0\r\n")
        call.wire.run(for: .seconds(44))
        #expect(call.sent("UPDATE").isEmpty)
        call.wire.run(for: .seconds(2))
        #expect(!call.sent("UPDATE").isEmpty)
    }

    @Test("An offer that the peer refuses does not make its refresh ours")
    func refusedOffer() {
        var call = ScriptedCall(timer)
        call.answer()
        call.wire.perform(0, .reoffer(call.leg, sdp: sdp("hold")))
        #expect(call.reply(488).compactMap(\.event) == [.reofferRejected(call.leg, status: 488)])
        call.wire.run(for: .seconds(1_700))
        #expect(call.sent("UPDATE").isEmpty && call.sent("INVITE").count == 1)
    }

    @Test("A call that is being hung up when its time runs out just ends")
    func hungUp() {
        var call = ScriptedCall(timer)
        call.answer()
        call.wire.run(for: .seconds(1_760))
        call.wire.perform(0, .hangUp(call.leg, reason: nil))
        call.wire.run(for: .seconds(60))
        #expect(call.wire.events[0].isEmpty && call.wire.endpoints[0].load == (0, 0))
        #expect(Set(call.sent("BYE")).count == 1)

        var told = ScriptedCall(timer)
        told.answer()
        told.wire.run(for: .seconds(1_767))
        _ = told.send("REFER", ["Refer-To": "<sip:1@10.0.0.1>"])
        told.wire.perform(0, .acceptReferral(told.leg))
        told.wire.perform(0, .hangUp(told.leg, reason: nil))
        told.wire.run(for: .seconds(60))
        #expect(told.wire.events[0].isEmpty && told.wire.endpoints[0].load == (0, 0))
    }

    @Test("An offer of the owner that meets a refresh goes out after it")
    func offerMeetsRefresh() {
        var call = ScriptedCall()
        call.answer()
        call.wire.run(for: .seconds(901))
        call.wire.perform(0, .reoffer(call.leg, sdp: sdp("hold")))
        _ = call.reply(200, body: "v=0\r\n")
        // Not in one breath with the ACK of the first.
        call.wire.run(for: .seconds(1))
        #expect(Set(call.sent("INVITE")).count == 2)
        let outputs = call.reply(200, body: "held")
        #expect(outputs.compactMap(\.event) == [.reofferAnswered(call.leg, sdp: Array("held".utf8))])
    }

    @Test("Calls of hours live through 10 % loss, whoever refreshes", arguments: Seeds.first(10))
    func lossy(seed: UInt64) {
        var wire = VirtualWire(seed: seed)
        wire.react = { wire, index, event in
            if case .incomingCall(let call) = event { wire.perform(index, .answer(call.leg, sdp: sdp("a"))) }
        }
        let target = SIPInvitation.Target.address(user: "1", VirtualWire.address(1), .udp)
        wire.perform(0, .invite(leg, SIPInvitation(target: target, from: "2", sdp: sdp("o"))))
        wire.run(for: .seconds(5))
        wire.lossPercent = 10
        wire.run(for: .seconds(20_000))
        #expect(wire.events[0].count == 1 && wire.events[1].count == 1, "seed \(seed): \(wire.events)")
        #expect(wire.texts(from: 0).filter { $0.hasPrefix("UPDATE") }.count >= 20)
        // One side vanishes: the other notices.
        wire.lossPercent = 100
        wire.run(for: .seconds(2_000))
        for index in 0..<2 {
            let ends = wire.events[index].filter { if case .ended = $0 { true } else { false } }
            #expect(ends.count == 1, "seed \(seed), endpoint \(index)")
            #expect(wire.endpoints[index].load == (0, 0), "seed \(seed), endpoint \(index)")
        }
    }
}
