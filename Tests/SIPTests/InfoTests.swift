import Kernel
import SIP
import TestKit
import Testing

/// INFO within a call (RFC 6086).
@Suite struct InfoTests {
    @Test("An INFO with a body is answered 200 and told with its type and body")
    func received() {
        var call = ScriptedCall()
        call.answer()
        let outputs = call.send("INFO", ["Content-Type": "application/dtmf-relay"], body: "Signal=5\r\nDuration=160")
        #expect(outputs.compactMap(\.status) == [200])
        let info = SIPInfo(contentType: "application/dtmf-relay", body: Array("Signal=5\r\nDuration=160".utf8))
        #expect(outputs.compactMap(\.event) == [.info(call.leg, info)])
        let empty = call.send("INFO")
        #expect(empty.compactMap(\.status) == [200] && empty.compactMap(\.event).isEmpty)
    }

    @Test(
        "An INFO that makes no sense gets the code for it and is not told",
        arguments: [
            (["Content-Type": nil], 5, 415), (["Content-Type": "digits"], 5, 415), (["Content-Type": "/x"], 5, 415),
            (["Content-Type": "a/b", "Content-Encoding": "gzip"], 5, 415), (["Content-Type": "a/b"], 4_097, 413),
            (["Info-Package": "nosuch"], 0, 469),
        ] as [([String: String?], Int, Int)]
    )
    func refused(headers: [String: String?], size: Int, status: Int) {
        var call = ScriptedCall()
        call.answer()
        let outputs = call.send("INFO", headers, body: String(repeating: "x", count: size))
        #expect(outputs.compactMap(\.status) == [status] && outputs.compactMap(\.event).isEmpty)
    }

    @Test("An INFO for a call that is gone, or outside any call, is told 481")
    func outside() {
        var call = ScriptedCall()
        call.answer()
        #expect(call.send("INFO", ["Call-ID": "other"]).compactMap(\.status) == [481])
        #expect(call.wire.inject(Messages.request("INFO", "sip:1@10.0.0.1")).compactMap(\.status) == [481])
    }

    @Test("What is too large, has no type, or belongs to no answered call is not sent")
    func notSent() {
        var call = ScriptedCall()
        let info = SIPInfo(contentType: "a/b", body: [1])
        call.wire.perform(0, .info(call.leg, info))
        #expect(call.sent("INFO").isEmpty)
        call.answer()
        call.wire.perform(0, .info(call.leg, SIPInfo(contentType: "", body: [1])))
        let large = [UInt8](repeating: 1, count: Limits.sipInfoBytesMax + 1)
        call.wire.perform(0, .info(call.leg, SIPInfo(contentType: "a/b", body: large)))
        #expect(call.sent("INFO").isEmpty)
        for _ in 0..<100 { call.wire.perform(0, .info(call.leg, info)) }
        #expect(call.sent("INFO").count == 1)
        _ = call.reply(481, to: call.sent("INFO")[0])
        #expect(call.sent("BYE").count == 1)
    }

    @Test("Digits arrive once each and in order at 10 % loss", arguments: Seeds.first(20))
    func lossy(seed: UInt64) {
        var wire = VirtualWire(seed: seed)
        wire.react = { wire, index, event in
            if case .incomingCall(let call) = event { wire.perform(index, .answer(call.leg, sdp: sdp("a"))) }
        }
        let target = SIPInvitation.Target.address(user: "1", VirtualWire.address(1), .udp)
        wire.perform(0, .invite(SIPLegID(2), SIPInvitation(target: target, from: "2", sdp: sdp("o"))))
        wire.run(for: .seconds(3))
        wire.lossPercent = 10
        wire.doublePercent = 10
        let digits = (0..<10).map { SIPInfo(contentType: "application/dtmf", body: [UInt8(48 + $0)]) }
        for digit in digits { wire.perform(0, .info(SIPLegID(2), digit)) }
        wire.run(for: .seconds(60))
        let told = wire.events[1].compactMap { if case .info(_, let info) = $0 { info } else { nil } }
        #expect(told == digits)
    }
}
