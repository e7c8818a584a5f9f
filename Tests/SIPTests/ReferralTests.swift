import Kernel
import SIP
import TestKit
import Testing

/// REFER of a phone, and what it is told (RFC 3515, 3891, 4488).
@Suite struct ReferralTests {
    private func answered() -> ScriptedCall {
        var call = ScriptedCall()
        call.answer()
        return call
    }

    @Test("A referral is told, taken on with 202 and reported until its end")
    func accepted() {
        var call = answered()
        let outputs = call.send("REFER", ["Refer-To": "\"Ben\" <sip:%2B49-30-77@10.0.0.1;user=phone>"])
        #expect(outputs.compactMap(\.event) == [.referred(call.leg, SIPReferral(target: "+493077", host: "10.0.0.1"))])
        #expect(outputs.compactMap(\.status).isEmpty)
        #expect(call.send("REFER", ["Refer-To": "<sip:1@10.0.0.1>"]).compactMap(\.status) == [491])
        call.wire.perform(0, .acceptReferral(call.leg))
        #expect(call.sent("SIP/2.0 202").count == 1)
        let trying = call.sent("NOTIFY")[0]
        #expect(trying.hasSuffix("\r\n\r\nSIP/2.0 100 Trying\r\n"))
        #expect(Messages.header("Event", in: trying) == "refer")
        #expect(Messages.header("Subscription-State", in: trying)?.hasPrefix("active;expires=") == true)
        #expect(Messages.header("Content-Type", in: trying) == "message/sipfrag;version=2.0")
        call.wire.perform(0, .referralProgress(call.leg, status: 180))
        call.wire.perform(0, .referralProgress(call.leg, status: 200))
        #expect(call.sent("NOTIFY").count == 1)
        _ = call.reply(200, to: trying)
        _ = call.reply(200, to: call.sent("NOTIFY")[1])
        let end = call.sent("NOTIFY")[2]
        #expect(end.hasSuffix("SIP/2.0 200 OK\r\n"))
        #expect(Messages.header("Subscription-State", in: end) == "terminated;reason=noresource")
        _ = call.reply(200, to: end)
        // The next referral in the call is told apart by its number.
        #expect(call.send("REFER", ["Refer-To": "<sip:2@10.0.0.1>"]).compactMap(\.event).count == 1)
        call.wire.perform(0, .acceptReferral(call.leg))
        #expect(Messages.header("Event", in: call.sent("NOTIFY")[3])?.hasPrefix("refer;id=") == true)
    }

    @Test(
        "A referral that cannot be read is refused",
        arguments: [
            ([:], 400), (["Refer-To": "<sip:1@10.0.0.1>, <sip:2@10.0.0.1>"], 400), (["Refer-To": "<sip:1@>"], 400),
            (["Refer-To": "<sip:10.0.0.1>"], 400), (["Refer-To": "<sip:1@10.0.0.1;method=BYE>"], 400),
            (["Refer-To": "<sip:1@10.0.0.1?Replaces=nosense>"], 400),
            (["Refer-To": "<sip:1@10.0.0.1?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>"], 404),
        ] as [([String: String?], Int)]
    )
    func unreadable(headers: [String: String?], status: Int) {
        var call = answered()
        let outputs = call.send("REFER", headers)
        #expect(outputs.compactMap(\.status) == [status] && outputs.compactMap(\.event).isEmpty)
    }

    @Test("A referral before the answer or outside a call is refused")
    func tooEarly() {
        var call = ScriptedCall()
        call.wire.perform(0, .ring(call.leg, status: 180, sdp: nil))
        #expect(call.send("REFER", ["Refer-To": "<sip:1@10.0.0.1>"]).compactMap(\.status) == [403])
        let outside = Messages.request("REFER", "sip:1@10.0.0.1", ["Refer-To": "<sip:1@10.0.0.1>"])
        #expect(call.wire.inject(outside).compactMap(\.status) == [403])
    }

    @Test("The call that a consulted transfer replaces is found by its tags, in either order")
    func replaces() {
        for isSwapped in [false, true] {
            var call = answered()
            // The same phone holds a second call with us.
            let second = ["Via": "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKsecond", "Call-ID": "second@phone"]
            let arrived = call.wire.inject(Messages.invite(second))
            guard case .incomingCall(let other) = arrived.compactMap(\.event).first else {
                Issue.record("no second call")
                return
            }
            call.wire.perform(0, .answer(other.leg, sdp: sdp("x")))
            let ours = Messages.tag(Messages.header("To", in: call.last) ?? "")
            let tags = isSwapped ? ["caller1", ours] : [ours, "caller1"]
            let replaces = "second%40phone%3Bto-tag%3D\(tags[0])%3Bfrom-tag%3D\(tags[1])"
            let ack = Messages.header("To", in: call.sent("SIP/2.0 200")[0]) ?? ""
            let headers = ["Refer-To": "<sip:77@10.0.0.1?Replaces=\(replaces)&X=y>", "To": ack]
            let outputs = call.send("REFER", headers)
            let referral = SIPReferral(target: "77", host: "10.0.0.1", replaces: other.leg)
            #expect(outputs.compactMap(\.event) == [.referred(call.leg, referral)])
        }
    }

    @Test("A phone that asks not to be told is not told")
    func untold() {
        var call = answered()
        _ = call.send("REFER", ["Refer-To": "<sip:1@10.0.0.1>", "Refer-Sub": "false", "Require": "norefersub"])
        call.wire.perform(0, .acceptReferral(call.leg))
        call.wire.perform(0, .referralProgress(call.leg, status: 200))
        #expect(Messages.header("Refer-Sub", in: call.sent("SIP/2.0 202")[0]) == "false")
        #expect(call.sent("NOTIFY").isEmpty)
    }

    @Test("A 481 to a NOTIFY ends the telling, not the call")
    func unsubscribed() {
        var call = answered()
        _ = call.send("REFER", ["Refer-To": "<sip:1@10.0.0.1>"])
        call.wire.perform(0, .acceptReferral(call.leg))
        call.wire.perform(0, .referralProgress(call.leg, status: 180))
        _ = call.reply(481, to: call.sent("NOTIFY")[0])
        call.wire.perform(0, .referralProgress(call.leg, status: 200))
        #expect(call.sent("NOTIFY").count == 1 && call.sent("BYE").isEmpty && call.wire.events[0].isEmpty)
    }

    @Test("A refused referral gets the owner's status, a forgotten one 500 while the phone still listens")
    func refused() {
        var call = answered()
        _ = call.send("REFER", ["Refer-To": "<sip:1@10.0.0.1>"])
        call.wire.perform(0, .rejectReferral(call.leg, status: 603))
        #expect(call.sent("SIP/2.0 603").count == 1)
        _ = call.send("REFER", ["Refer-To": "<sip:1@10.0.0.1>"])
        call.wire.run(for: .seconds(30))
        #expect(call.sent("SIP/2.0 500").count == 1)
        call.wire.perform(0, .acceptReferral(call.leg))
        #expect(call.sent("NOTIFY").isEmpty)
    }

    @Test("A hang-up waits until the phone knows how its transfer went, but not for long")
    func hangUpAfterNotify() {
        var call = answered()
        _ = call.send("REFER", ["Refer-To": "<sip:1@10.0.0.1>"])
        call.wire.perform(0, .acceptReferral(call.leg))
        call.wire.perform(0, .referralProgress(call.leg, status: 200))
        call.wire.perform(0, .hangUp(call.leg, reason: nil))
        #expect(call.sent("BYE").isEmpty)
        _ = call.reply(200, to: call.sent("NOTIFY")[0])
        #expect(call.sent("BYE").isEmpty)
        _ = call.reply(200, to: call.sent("NOTIFY")[1])
        #expect(call.sent("BYE").count == 1)

        var silent = answered()
        _ = silent.send("REFER", ["Refer-To": "<sip:1@10.0.0.1>"])
        silent.wire.perform(0, .acceptReferral(silent.leg))
        silent.wire.perform(0, .hangUp(silent.leg, reason: nil))
        silent.wire.run(for: .seconds(3))
        #expect(!silent.sent("BYE").isEmpty)
    }

    @Test("A NOTIFY about a referral is welcome, any other is refused with 489")
    func notify() {
        var call = answered()
        #expect(call.send("NOTIFY", ["Event": "refer;id=3"]).compactMap(\.status) == [200])
        let other = call.send("NOTIFY", ["Event": "presence"])
        #expect(other.compactMap(\.status) == [489])
        #expect(Messages.header("Allow-Events", in: other.first?.text ?? "") == "refer")
        #expect(call.send("NOTIFY").compactMap(\.status) == [489])
    }
}
