import Kernel
import SIP
import Testing

/// A call of ours that rings at several phones, with reliable responses (RFC 3262 §4, 3261 §12.1.2).
@Suite struct EarlyDialogTests {
    private let leg = SIPLegID(2)

    private func reliable(_ number: Int) -> [String: String?] {
        ["Require": "100rel", "RSeq": "\(number)"]
    }

    @Test("Each reliable response is confirmed once, in order, in the dialog of its phone")
    func confirmed() {
        var call = ScriptedCall(calling: ScriptedCall.invitation())
        #expect(Messages.header("Supported", in: call.last)?.contains("100rel") == true)
        let contact: [String: String?] = ["Contact": "<sip:desk@192.0.2.9:5071>"]
        let first = call.reply(183, reliable(10).merging(contact) { _, new in new }, body: "v=0\r\n")
        #expect(first.compactMap(\.event) == [.ringing(leg, status: 183, sdp: Array("v=0\r\n".utf8))])
        let prack = call.sent("PRACK")[0]
        #expect(prack.hasPrefix("PRACK sip:desk@192.0.2.9:5071 SIP/2.0"))
        #expect(Messages.header("RAck", in: prack) == "10 1 INVITE")
        #expect(Messages.header("CSeq", in: prack) == "2 PRACK")
        #expect(Messages.header("To", in: prack)?.hasSuffix(";tag=phone1") == true)
        // A copy, and one that overtook another, are dropped.
        #expect(call.reply(183, reliable(10)).isEmpty)
        #expect(call.reply(180, reliable(12)).isEmpty)
        #expect(call.reply(180, reliable(11)).compactMap(\.event).count == 1)
        #expect(call.sent("PRACK").count == 2)
        // Another phone counts for itself.
        #expect(call.reply(180, reliable(500), tag: "phone2").compactMap(\.event).count == 1)
        let other = call.sent("PRACK")[2]
        #expect(Messages.header("CSeq", in: other) == "2 PRACK")
        #expect(Messages.header("To", in: other)?.hasSuffix(";tag=phone2") == true)
        // The answer need not repeat the session, and later requests count on.
        let answered = call.reply(200)
        #expect(answered.compactMap(\.event) == [.answered(leg, sdp: Array("v=0\r\n".utf8))])
        call.wire.perform(0, .hangUp(leg, reason: nil))
        #expect(Messages.header("CSeq", in: call.sent("BYE")[0]) == "4 BYE")
    }

    @Test("No more phones are followed than the bound")
    func bounded() {
        var call = ScriptedCall(calling: ScriptedCall.invitation())
        for phone in 0..<30 { _ = call.reply(180, reliable(1), tag: "phone\(phone)") }
        #expect(call.sent("PRACK").count == Limits.sipForksMax)
        let answered = call.reply(200, tag: "phone29", body: "v=0\r\n")
        #expect(answered.compactMap(\.event).count == 1)
        #expect(call.sent("ACK").count == 1)
    }

    @Test("A call without an offer does not ask for reliable responses")
    func lateOffer() {
        let call = ScriptedCall(calling: ScriptedCall.invitation(sdp: nil))
        #expect(Messages.header("Supported", in: call.last)?.contains("100rel") == false)
    }

    @Test("An UPDATE of a ringing phone is answered when it offers nothing")
    func update() {
        var call = ScriptedCall(calling: ScriptedCall.invitation())
        _ = call.reply(180, reliable(1))
        #expect(call.send("UPDATE").compactMap(\.status) == [200])
        #expect(call.send("UPDATE", body: "v=0\r\n").compactMap(\.status) == [491])
        #expect(call.send("UPDATE", tag: "stranger").compactMap(\.status) == [481])
        #expect(call.send("UPDATE", ["CSeq": "3 UPDATE"]).compactMap(\.status) == [500])
    }
}
