import Kernel
import SIP
import Testing

/// Every leg sends sessions under an origin of its own (RFC 3264 §8).
@Suite struct SessionOriginTests {
    private func session(_ origin: String, _ rest: String) -> [UInt8] {
        Array("v=0\r\no=\(origin)\r\ns=-\r\n\(rest)".utf8)
    }

    private func origins(_ call: ScriptedCall) -> [String] {
        call.wire.texts(from: 0).compactMap { text in
            text.split(separator: "\r\n").first { $0.hasPrefix("o=") }.map(String.init)
        }
    }

    @Test("The origin stays, its version rises by one exactly when the session changes")
    func version() {
        var call = ScriptedCall()
        call.wire.perform(0, .ring(call.leg, status: 183, sdp: session("one 1 1 IN IP4 1.1.1.1", "m=x\r\n")))
        // Another agent's origin around the same session is no change.
        call.answer(sdp: session("two 2 9 IN IP4 2.2.2.2", "m=x\r\n"))
        call.wire.perform(0, .reoffer(call.leg, sdp: session("two 2 9 IN IP4 2.2.2.2", "m=y\r\n")))
        let parts = origins(call).map { $0.split(separator: " ").map(String.init) }
        #expect(parts.map { $0[2] } == ["1", "1", "2"])
        #expect(Set(parts.map { $0[1] }).count == 1)
        #expect(parts.allSatisfy { $0[0] == "o=-" && $0[3...] == ["IN", "IP4", "10.0.0.1"] })
        #expect(UInt64(parts[0][1]).map { $0 < 1 << 63 } == true)
    }

    @Test("All other bytes stay, and a session without an origin stays whole")
    func untouched() {
        var call = ScriptedCall()
        call.answer(sdp: Array("v=0\no=a b c\ns=o=x\nm=audio\no=kept\n".utf8))
        let body = call.sent("SIP/2.0 200")[0].split(separator: "\r\n\r\n", maxSplits: 1).last.map(String.init) ?? ""
        #expect(body.hasPrefix("v=0\no=- ") && body.hasSuffix(" IN IP4 10.0.0.1\ns=o=x\nm=audio\no=kept\n"))
        for odd in ["no session", "v=0\r\nm=a\r\no=late\r\n", "o", "\n\n"] {
            var call = ScriptedCall()
            call.answer(sdp: Array(odd.utf8))
            #expect(call.sent("SIP/2.0 200")[0].hasSuffix("\r\n\r\n\(odd)"))
        }
    }

    @Test("An answer that goes out in the ACK carries it too")
    func acknowledged() {
        var call = ScriptedCall(calling: ScriptedCall.invitation(sdp: nil))
        _ = call.reply(200, body: "v=0\r\n")
        call.wire.perform(0, .acknowledge(call.leg, sdp: session("a 1 1 IN IP4 1.1.1.1", "m=x\r\n")))
        #expect(origins(call).count == 1 && origins(call)[0].hasSuffix(" 1 IN IP4 10.0.0.1"))
    }

    @Test("What we offer in a call carries it too")
    func offered() {
        let offer = session("a 1 1 IN IP4 1.1.1.1", "m=x\r\n")
        let call = ScriptedCall(calling: ScriptedCall.invitation(sdp: offer))
        #expect(origins(call).count == 1 && origins(call)[0].hasSuffix(" 1 IN IP4 10.0.0.1"))
    }
}
