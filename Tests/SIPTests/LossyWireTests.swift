import Kernel
import SIP
import TestKit
import Testing

/// What may happen to a call, besides the losses.
enum Story: CaseIterable, Sendable {
    case callerHangsUp, calledHangsUp, bothHangUp, cancelled, cancelNearAnswer, refused, reoffered, glare
}

/// Calls over a wire that loses up to 30 % and doubles some.
@Suite struct LossyWireTests {
    @Test("Every story ends properly on a lossy wire and leaves nothing behind", arguments: Seeds.first(40))
    func stories(seed: UInt64) {
        for story in Story.allCases { play(story, seed: seed) }
    }

    private func play(_ story: Story, seed: UInt64) {
        var wire = VirtualWire(seed: seed)
        wire.lossPercent = 10 + seed % 21
        wire.doublePercent = seed % 3 * 10
        let called = SIPLegID(3)
        let calling = SIPLegID(2)
        wire.react = { wire, index, event in
            switch event {
            case .incomingCall(let call):
                wire.perform(index, .ring(call.leg, status: 180, sdp: nil))
                switch story {
                case .cancelled: break
                case .refused: wire.perform(index, .reject(call.leg, status: 486, reason: nil, headers: []))
                default: wire.later(1_000, index, .answer(call.leg, sdp: sdp("answer")))
                }
            case .reoffered(let leg, _): wire.perform(index, .answerReoffer(leg, sdp: sdp("re")))
            default: break
            }
        }
        let target = SIPInvitation.Target.address(user: "1", VirtualWire.address(1), .udp)
        wire.perform(0, .invite(calling, SIPInvitation(target: target, from: "2", sdp: sdp("offer"))))
        switch story {
        case .cancelled: wire.later(3_000, 0, .cancel(calling))
        case .cancelNearAnswer: wire.later(1_000 + Int64(seed % 10) * 20, 0, .cancel(calling))
        case .reoffered: wire.later(40_000, 1, .reoffer(called, sdp: sdp("new")))
        case .glare:
            wire.later(40_000, 0, .reoffer(calling, sdp: sdp("new")))
            wire.later(40_000, 1, .reoffer(called, sdp: sdp("new")))
        default: break
        }
        wire.run(for: .seconds(150))
        let isAnswered = wire.events[0].contains { if case .answered = $0 { true } else { false } }
        if story == .reoffered || story == .glare, isAnswered { checkReoffers(story, wire, seed) }
        switch story {
        case .calledHangsUp: wire.perform(1, .hangUp(called, reason: nil))
        case .bothHangUp:
            wire.perform(1, .hangUp(called, reason: nil))
            wire.perform(0, .hangUp(calling, reason: nil))
        default: wire.perform(0, .hangUp(calling, reason: nil))
        }
        wire.run(for: .seconds(100))
        for index in 0..<2 {
            #expect(wire.endpoints[index].load == (0, 0), "\(story), seed \(seed), endpoint \(index)")
            checkOneEnd(wire.events[index], "\(story), seed \(seed), endpoint \(index)")
        }
    }

    private func checkReoffers(_ story: Story, _ wire: VirtualWire, _ seed: UInt64) {
        for (index, events) in wire.events.enumerated() where story == .glare || index == 1 {
            let isSettled = events.contains {
                switch $0 {
                case .reofferAnswered, .reofferRejected, .ended: true
                default: false
                }
            }
            #expect(isSettled, "\(story), seed \(seed), endpoint \(index)")
        }
    }

    /// Each leg ends at most once, and says nothing afterwards.
    private func checkOneEnd(_ events: [SIPEvent], _ comment: String) {
        let ends = events.indices.filter {
            switch events[$0] {
            case .failed, .cancelled, .ended: true
            default: false
            }
        }
        #expect(ends.count <= 1, "\(comment): \(events)")
        if let end = ends.first { #expect(end == events.count - 1, "\(comment): \(events)") }
    }

    @Test("At 10 % loss nearly all calls are set up, and both sides agree")
    func agreement() {
        var answered = 0
        for seed in Seeds.first(100) {
            var wire = VirtualWire(seed: seed)
            wire.lossPercent = 10
            wire.react = { wire, index, event in
                if case .incomingCall(let call) = event { wire.perform(index, .answer(call.leg, sdp: sdp("a"))) }
            }
            let target = SIPInvitation.Target.address(user: "1", VirtualWire.address(1), .udp)
            wire.perform(0, .invite(SIPLegID(2), SIPInvitation(target: target, from: "2", sdp: sdp("o"))))
            wire.run(for: .seconds(40))
            if wire.events[0].contains(where: { if case .answered = $0 { true } else { false } }) {
                answered += 1
                #expect(wire.endpoints[1].load.legs == 1, "seed \(seed)")
            }
        }
        #expect(answered >= 98)
    }

    @Test("Equal seeds give equal bytes")
    func deterministic() {
        func trace() -> [[UInt8]] {
            var wire = VirtualWire(seed: 12)
            wire.lossPercent = 20
            wire.react = { wire, index, event in
                if case .incomingCall(let call) = event { wire.later(700, index, .answer(call.leg, sdp: sdp("a"))) }
            }
            let target = SIPInvitation.Target.address(user: "1", VirtualWire.address(1), .udp)
            wire.perform(0, .invite(SIPLegID(2), SIPInvitation(target: target, from: "2", sdp: sdp("o"))))
            wire.run(for: .seconds(20))
            return wire.sent.map(\.packet.bytes)
        }
        #expect(trace() == trace())
    }
}
