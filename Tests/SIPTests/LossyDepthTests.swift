import Kernel
import SIP
import TestKit
import Testing

/// Everything within calls at once, over a wire that loses 10 % and doubles some.
@Suite struct LossyDepthTests {
    private let calling = SIPLegID(2)
    private let called = SIPLegID(3)

    /// A call that endpoint 1 answers; new offers are answered, referrals taken on.
    private func wire(seed: UInt64) -> VirtualWire {
        var wire = VirtualWire(seed: seed)
        wire.react = { wire, index, event in
            switch event {
            case .incomingCall(let call):
                wire.perform(index, .ring(call.leg, status: 183, sdp: sdp("early")))
                wire.perform(index, .answer(call.leg, sdp: sdp("a")))
            case .reoffered(let leg, _): wire.perform(index, .answerReoffer(leg, sdp: sdp("re")))
            case .referred(let leg, _):
                wire.perform(index, .acceptReferral(leg))
                wire.later(1_000, index, .referralProgress(leg, status: 180))
                wire.later(4_000, index, .referralProgress(leg, status: 200))
            default: break
            }
        }
        let target = SIPInvitation.Target.address(user: "1", VirtualWire.address(1), .udp)
        wire.perform(0, .invite(calling, SIPInvitation(target: target, from: "2", sdp: sdp("o"))))
        wire.run(for: .seconds(5))
        wire.lossPercent = 10
        wire.doublePercent = 10
        return wire
    }

    /// A REFER of endpoint 1 in its call with endpoint 0.
    private func refer(_ wire: VirtualWire) -> String {
        let invite = wire.texts(from: 0).first { $0.hasPrefix("INVITE") } ?? ""
        let answer = wire.texts(from: 1).first { $0.hasPrefix("SIP/2.0 200") } ?? ""
        let changes: [String: String?] = [
            "Via": "SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKrefer", "From": Messages.header("To", in: answer),
            "To": Messages.header("From", in: invite), "Call-ID": Messages.header("Call-ID", in: invite),
            "CSeq": "1000 REFER", "Refer-To": "<sip:77@10.0.0.1>",
        ]
        return Messages.request("REFER", "sip:2@10.0.0.1", changes)
    }

    @Test("A phone learns how its transfer went before it hears the hang-up")
    func referral() {
        var told = 0
        for seed in Seeds.first(40) {
            var wire = wire(seed: seed)
            for output in wire.inject(refer(wire), to: 0, from: VirtualWire.address(1)) {
                if let event = output.event { wire.react(&wire, 0, event) }
            }
            wire.later(4_001, 0, .hangUp(calling, reason: nil))
            wire.run(for: .seconds(120))
            let answers = wire.texts(from: 1).filter { $0.hasPrefix("SIP/2.0 200") }
            let last = wire.texts(from: 0).last { $0.hasSuffix("SIP/2.0 200 OK\r\n") } ?? ""
            let number = Messages.header("CSeq", in: last)
            if number != nil, answers.contains(where: { Messages.header("CSeq", in: $0) == number }) { told += 1 }
            #expect(wire.events[1].last == .ended(called, .remoteHangUp(nil)), "seed \(seed)")
            for endpoint in wire.endpoints { #expect(endpoint.load == (0, 0), "seed \(seed)") }
        }
        #expect(told >= 39)
    }

    @Test("Digits, holds and refreshes in any order leave a call that ends", arguments: Seeds.first(60))
    func storm(seed: UInt64) {
        var wire = wire(seed: seed)
        var random = SeededRandom(seed: seed &+ 77)
        var digits = [0, 0]
        for _ in 0..<60 {
            let side = Int(random.next() % 2)
            let leg = side == 0 ? calling : called
            switch random.next() % 6 {
            case 0, 1:
                digits[side] += 1
                wire.perform(side, .info(leg, SIPInfo(contentType: "application/dtmf", body: [5])))
            case 2: wire.perform(side, .reoffer(leg, sdp: sdp("\(random.next() % 3)")))
            case 3: wire.perform(side, .rejectReoffer(leg, status: 488))
            case 4: wire.run(for: .seconds(Int64(random.next() % 2_000)))
            default: wire.run(for: .milliseconds(Int64(random.next() % 3_000)))
            }
        }
        wire.run(for: .seconds(60))
        for index in 0..<2 {
            let ends = wire.events[index].filter { if case .ended = $0 { true } else { false } }
            #expect(ends.isEmpty, "seed \(seed): \(ends)")
            let heard = wire.events[1 - index].filter { if case .info = $0 { true } else { false } }
            #expect(heard.count == digits[index], "seed \(seed)")
        }
        wire.perform(Int(seed % 2), .hangUp(seed % 2 == 0 ? calling : called, reason: nil))
        wire.run(for: .seconds(120))
        for endpoint in wire.endpoints { #expect(endpoint.load == (0, 0), "seed \(seed)") }
    }
}
