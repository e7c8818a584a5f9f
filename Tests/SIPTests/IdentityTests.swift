import Kernel
import SIP
import Testing

/// Who calls, whom, why, and in whose place.
@Suite struct IdentityTests {
    private func arrived(_ changes: [String: String?]) -> SIPIncomingCall? {
        let events = ScriptedCall(changes).first.compactMap(\.event)
        if case .incomingCall(let call) = events.first { return call }
        return nil
    }

    private func invite(_ change: (inout SIPInvitation) -> Void) -> String {
        var invitation = ScriptedCall.invitation()
        invitation.displayName = "Ada"
        change(&invitation)
        return ScriptedCall(calling: invitation).last
    }

    @Test("The numbers dialled before come from History-Info or Diversion, the first one first")
    func history() {
        let entries = "<sip:+49-1@a?Reason=SIP>;index=1, <sip:2@a>;index=1.1, <sip:5550100@10.0.0.1>;index=1.1.1"
        #expect(arrived(["History-Info": entries])?.history == ["+491", "2"])
        let diversions = "<sip:2@a>;reason=no-answer, <tel:1>;reason=unconditional, nonsense<"
        #expect(arrived(["Diversion": diversions])?.history == ["1", "2"])
        #expect(arrived([:])?.history == [])
        let loop = (0..<100).map { "<sip:\($0)@a>" }.joined(separator: ",")
        #expect(arrived(["History-Info": loop])?.history.count == Limits.sipHistoryMax)
    }

    @Test("A call in another's place names its leg; an unknown one is refused with 481")
    func replaces() {
        var call = ScriptedCall()
        call.wire.perform(0, .ring(call.leg, status: 180, sdp: nil))
        let tag = Messages.tag(Messages.header("To", in: call.last) ?? "")
        func second(_ replaces: String, _ number: Int) -> [SIPOutput] {
            let headers = [
                "Via": "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKr\(number)", "Call-ID": "r\(number)",
                "Replaces": replaces, "Require": "replaces",
            ]
            return call.wire.inject(Messages.invite(headers))
        }
        let known = "call-1@192.0.2.9;to-tag=\(tag);from-tag=caller1"
        // Only a call that stands, or one that we placed, can be taken over (RFC 3891 §3).
        #expect(second(known, 1).compactMap(\.status) == [481])
        call.answer()
        #expect(second("call-2;to-tag=\(tag);from-tag=caller1", 2).compactMap(\.status) == [481])
        #expect(second("call-1@192.0.2.9;to-tag=\(tag);from-tag=other", 3).compactMap(\.status) == [481])
        #expect(second("call-1@192.0.2.9", 4).compactMap(\.status) == [400])
        #expect(second(known + ";early-only", 5).compactMap(\.status) == [486])
        guard case .incomingCall(let arrived) = second(known, 6).compactMap(\.event).first else {
            Issue.record("no call")
            return
        }
        #expect(arrived.replaces == call.leg)
    }

    @Test("A caller who is not to be shown stands only where carriers read it")
    func isPrivate() {
        let hidden = invite { $0.isPrivate = true }
        let from = Messages.header("From", in: hidden)
        #expect(from?.hasPrefix("\"Anonymous\" <sip:anonymous@anonymous.invalid>") == true)
        #expect(Messages.header("Privacy", in: hidden) == "id")
        #expect(Messages.header("P-Asserted-Identity", in: hidden) == "\"Ada\" <sip:+4930@10.0.0.1:5060>")
        #expect(Messages.header("Contact", in: hidden) == "<sip:10.0.0.1:5060>")
        let open = invite { _ in }
        #expect(Messages.header("Privacy", in: open) == nil)
        #expect(Messages.header("From", in: open)?.contains("+4930") == true)
    }

    @Test("Diverted calls say where they have been, and phones are asked to answer by themselves")
    func furtherHeaders() {
        let diverted = invite { $0.firstDialled = "0800" }
        let history = Messages.header("History-Info", in: diverted)
        #expect(history == "<sip:0800@10.0.0.1:5060>;index=1, <sip:me@192.0.2.9:5070>;index=1.1;mp=1")
        let automatic = invite { $0.answersItself = true }
        #expect(Messages.header("Call-Info", in: automatic)?.hasSuffix(">;answer-after=0") == true)
        #expect(Messages.header("Alert-Info", in: automatic) == "<http://localhost>;info=alert-autoanswer;delay=0")
        let plain = invite { _ in }
        for name in ["History-Info", "Call-Info", "Alert-Info"] { #expect(Messages.header(name, in: plain) == nil) }
    }

    @Test("The reason of a hang-up stands in the CANCEL, also when it had to wait for the first response")
    func reasonOfCancel() {
        let elsewhere = SIPReason(cause: 200, text: "Call completed elsewhere")
        for isEarly in [false, true] {
            var call = ScriptedCall(calling: ScriptedCall.invitation())
            if !isEarly { _ = call.reply(180) }
            call.wire.perform(0, .hangUp(call.leg, reason: elsewhere))
            if isEarly { _ = call.reply(180) }
            let cancel = call.sent("CANCEL")[0]
            #expect(Messages.header("Reason", in: cancel) == "SIP;cause=200;text=\"Call completed elsewhere\"")
        }
    }

    @Test("The called side hears the reason of the CANCEL")
    func reasonHeard() {
        var wire = VirtualWire(seed: 4)
        let target = SIPInvitation.Target.address(user: "1", VirtualWire.address(1), .udp)
        wire.perform(0, .invite(SIPLegID(2), SIPInvitation(target: target, from: "2", sdp: sdp("o"))))
        wire.run(for: .seconds(1))
        let reason = SIPReason(cause: 200, text: "Call completed elsewhere")
        wire.perform(0, .hangUp(SIPLegID(2), reason: reason))
        wire.run(for: .seconds(1))
        #expect(wire.events[1].last == .cancelled(SIPLegID(3), reason: reason))
    }

    @Test("A redirect is reported, not followed")
    func redirected() {
        var call = ScriptedCall(calling: ScriptedCall.invitation())
        let outputs = call.reply(302, ["Contact": "<sip:1900@premium.example>"])
        #expect(outputs.compactMap(\.event) == [.failed(call.leg, status: 302, reason: "Whatever")])
        #expect(call.sent("INVITE").count == 1)
    }

    @Test("An INVITE of ours that comes back is a loop; one without hops left is refused")
    func loops() {
        var call = ScriptedCall(calling: ScriptedCall.invitation())
        let back = call.last.replacing("Via: ", with: "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKback\r\nVia: ")
        #expect(call.wire.inject(back).compactMap(\.status) == [482])
        _ = call.reply(200, body: "v=0\r\n")
        #expect(call.send("INFO", ["Max-Forwards": "0"]).compactMap(\.status) == [483])
    }
}
