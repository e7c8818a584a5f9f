import Kernel
import SIP
import Testing

/// Calls over a wire that loses nothing.
@Suite struct CallFlowTests {
    /// Endpoint 0 calls endpoint 1, which rings at once and answers as told.
    private func wire(answerAfter delay: Int64? = 500, seed: UInt64 = 1) -> VirtualWire {
        var wire = VirtualWire(seed: seed)
        wire.react = { wire, index, event in
            guard case .incomingCall(let call) = event else { return }
            wire.perform(index, .ring(call.leg, status: 180, sdp: nil))
            if let delay { wire.later(delay, index, .answer(call.leg, sdp: sdp("answer"))) }
        }
        return wire
    }

    private func call(ringTimeout: Span? = nil, sdp offer: [UInt8]? = sdp("offer")) -> SIPCommand {
        .invite(
            SIPLegID(2),
            SIPInvitation(
                target: .address(user: "5550100", VirtualWire.address(1), .udp),
                from: "+49-30 1234",
                displayName: "Ada \"A\" B",
                headers: [SIPExtraHeader(name: "X-Note", value: "a\r\nEvil: b")],
                sdp: offer,
                ringTimeout: ringTimeout
            )
        )
    }

    private let incoming = SIPLegID(3)

    @Test("A call is set up, answered and hung up by the caller")
    func callerHangsUp() {
        var wire = wire()
        wire.perform(0, call())
        wire.run(for: .seconds(2))
        guard case .incomingCall(let arrived) = wire.events[1].first else {
            Issue.record("no call")
            return
        }
        #expect(arrived.leg == incoming)
        #expect(arrived.dialled == "5550100")
        #expect(arrived.caller == CallerIdentity(number: "+49301234", displayName: "Ada \"A\" B"))
        #expect(arrived.sdp == sdp("offer"))
        #expect(
            wire.events[0] == [
                .ringing(SIPLegID(2), status: 180, sdp: nil), .answered(SIPLegID(2), sdp: sdp("answer")),
            ]
        )
        wire.perform(0, .hangUp(SIPLegID(2), reason: SIPReason(space: "Q.850", cause: 16, text: "bye \"now\"")))
        wire.run(for: .seconds(1))
        let reason = SIPReason(space: "Q.850", cause: 16, text: "bye now")
        #expect(wire.events[1].last == .ended(incoming, .remoteHangUp(reason)))
        wire.run(for: .seconds(64))
        for endpoint in wire.endpoints { #expect(endpoint.load == (0, 0)) }
    }

    @Test("Text from outside cannot add headers")
    func noInjection() {
        var wire = wire()
        wire.perform(0, call())
        let invite = wire.texts(from: 0).first ?? ""
        #expect(Messages.header("X-Note", in: invite) == "aEvil: b")
        #expect(Messages.header("Evil", in: invite) == nil)
    }

    @Test("The called side hangs up, even before the ACK has come")
    func calledHangsUp() {
        var wire = VirtualWire(seed: 3)
        wire.react = { wire, index, event in
            guard case .incomingCall(let call) = event else { return }
            wire.perform(index, .answer(call.leg, sdp: sdp("answer")))
            wire.perform(index, .hangUp(call.leg, reason: nil))
        }
        wire.perform(0, call())
        wire.run(for: .seconds(2))
        #expect(
            wire.events[0] == [
                .answered(SIPLegID(2), sdp: sdp("answer")), .ended(SIPLegID(2), .remoteHangUp(nil)),
            ]
        )
        let called = wire.texts(from: 1)
        #expect(called.filter { $0.hasPrefix("BYE") }.count == 1)
        wire.run(for: .seconds(64))
        for endpoint in wire.endpoints { #expect(endpoint.load == (0, 0)) }
    }

    @Test("A caller who gives up while it rings is told to the called side, with the reason of nobody else")
    func cancelled() {
        var wire = wire(answerAfter: nil)
        wire.perform(0, call())
        wire.run(for: .seconds(1))
        wire.perform(0, .cancel(SIPLegID(2)))
        wire.run(for: .seconds(1))
        #expect(wire.events[1].last == .cancelled(incoming, reason: nil))
        #expect(wire.events[0].count == 1)
        wire.run(for: .seconds(64))
        for endpoint in wire.endpoints { #expect(endpoint.load == (0, 0)) }
    }

    @Test("A CANCEL that crosses the answer ends in ACK and BYE")
    func cancelCrossesAnswer() {
        var wire = wire(answerAfter: 1_000)
        wire.perform(0, call())
        wire.later(1_046, 0, .cancel(SIPLegID(2)))
        wire.run(for: .seconds(3))
        #expect(
            wire.events[1].contains { if case .ended(_, .remoteHangUp) = $0 { true } else { false } }
                || wire.events[1].last == .cancelled(incoming, reason: nil)
        )
        wire.run(for: .seconds(64))
        for endpoint in wire.endpoints { #expect(endpoint.load == (0, 0)) }
    }

    @Test("Nobody answers in time: the caller hears 408 and the called side stops ringing")
    func ringTimeout() {
        var wire = wire(answerAfter: nil)
        wire.perform(0, call(ringTimeout: .seconds(5)))
        wire.run(for: .seconds(6))
        #expect(wire.events[0].last == .failed(SIPLegID(2), status: 408, reason: "No Answer"))
        #expect(wire.events[1].last == .cancelled(incoming, reason: nil))
    }

    @Test("A refused call says why, and its headers arrive")
    func refused() {
        var wire = VirtualWire(seed: 1)
        wire.react = { wire, index, event in
            guard case .incomingCall(let call) = event else { return }
            let retry = SIPExtraHeader(name: "Retry-After", value: "60")
            wire.perform(index, .reject(call.leg, status: 486, reason: "Not \r\nNow", headers: [retry]))
        }
        wire.perform(0, call())
        wire.run(for: .seconds(1))
        #expect(wire.events[0] == [.failed(SIPLegID(2), status: 486, reason: "Not Now")])
        #expect(wire.texts(from: 1).contains { Messages.header("Retry-After", in: $0) == "60" })
    }

    @Test("A caller in a queue is reminded each minute")
    func queued() {
        var wire = VirtualWire(seed: 1)
        wire.react = { wire, index, event in
            guard case .incomingCall(let call) = event else { return }
            wire.perform(index, .ring(call.leg, status: 182, sdp: nil))
        }
        wire.perform(0, call())
        wire.run(for: .seconds(190))
        #expect(wire.events[0] == Array(repeating: .ringing(SIPLegID(2), status: 182, sdp: nil), count: 4))
    }

    @Test("A new offer goes either way and its answer comes back")
    func reoffers() {
        var wire = wire()
        let accept = wire.react
        wire.react = { wire, index, event in
            accept(&wire, index, event)
            if case .reoffered(let leg, let offer) = event {
                wire.perform(index, .answerReoffer(leg, sdp: (offer ?? []) + sdp("back")))
            }
        }
        wire.perform(0, call())
        wire.run(for: .seconds(2))
        wire.perform(0, .reoffer(SIPLegID(2), sdp: sdp("hold")))
        wire.run(for: .seconds(2))
        wire.perform(1, .reoffer(incoming, sdp: sdp("resume")))
        wire.run(for: .seconds(2))
        #expect(wire.events[0].contains(.reofferAnswered(SIPLegID(2), sdp: sdp("hold") + sdp("back"))))
        #expect(wire.events[1].contains(.reofferAnswered(incoming, sdp: sdp("resume") + sdp("back"))))
    }

    @Test("Two offers that cross are both answered in the end", arguments: [1, 2, 3, 4, 5] as [UInt64])
    func glare(seed: UInt64) {
        var wire = wire(seed: seed)
        let accept = wire.react
        wire.react = { wire, index, event in
            accept(&wire, index, event)
            if case .reoffered(let leg, _) = event { wire.perform(index, .answerReoffer(leg, sdp: sdp("ok"))) }
        }
        wire.perform(0, call())
        wire.run(for: .seconds(2))
        wire.perform(0, .reoffer(SIPLegID(2), sdp: sdp("a")))
        wire.perform(1, .reoffer(incoming, sdp: sdp("b")))
        wire.run(for: .seconds(20))
        #expect(wire.sent.contains { String(decoding: $0.packet.bytes, as: UTF8.self).hasPrefix("SIP/2.0 491") })
        #expect(wire.events[0].contains(.reofferAnswered(SIPLegID(2), sdp: sdp("ok"))))
        #expect(wire.events[1].contains(.reofferAnswered(incoming, sdp: sdp("ok"))))
    }

    @Test("A refused or unanswered new offer leaves the call as it was")
    func reofferRefused() {
        var wire = wire()
        let accept = wire.react
        wire.react = { wire, index, event in
            accept(&wire, index, event)
            if case .reoffered(let leg, let offer) = event, offer == sdp("bad") {
                wire.perform(index, .rejectReoffer(leg, status: 488))
            }
        }
        wire.perform(0, call())
        wire.run(for: .seconds(2))
        wire.perform(0, .reoffer(SIPLegID(2), sdp: sdp("bad")))
        wire.run(for: .seconds(1))
        #expect(wire.events[0].last == .reofferRejected(SIPLegID(2), status: 488))
        wire.perform(0, .reoffer(SIPLegID(2), sdp: sdp("forgotten")))
        wire.run(for: .seconds(30))
        #expect(wire.events[0].last == .reofferRejected(SIPLegID(2), status: 500))
        #expect(wire.endpoints[0].load.legs == 1)
    }

    @Test("An INVITE without an offer gets one in the 200, and the answer travels in the ACK")
    func lateOffer() {
        var wire = wire()
        let accept = wire.react
        wire.react = { wire, index, event in
            accept(&wire, index, event)
            if case .answered(let leg, _) = event { wire.later(3_000, index, .acknowledge(leg, sdp: sdp("mine"))) }
        }
        wire.perform(0, call(sdp: nil))
        wire.run(for: .seconds(8))
        #expect(wire.events[1].last == .acknowledged(incoming, sdp: sdp("mine")))
        wire.perform(0, .hangUp(SIPLegID(2), reason: nil))
        wire.run(for: .seconds(64))
        for endpoint in wire.endpoints { #expect(endpoint.load == (0, 0)) }
    }

    @Test("A peer that never acknowledges loses the call after 32 seconds")
    func neverAcknowledged() {
        var wire = VirtualWire(seed: 1)
        let outputs = wire.inject(Messages.invite())
        guard case .incomingCall(let call) = outputs.compactMap(\.event).first else {
            Issue.record("no call")
            return
        }
        wire.perform(0, .answer(call.leg, sdp: sdp("x")))
        wire.run(for: .seconds(33))
        #expect(wire.events[0] == [.ended(call.leg, .notAcknowledged)])
        // 0.5, 1.5, 3.5, 7.5, then every 4 s until 31.5.
        #expect(wire.texts(from: 0).filter { $0.hasPrefix("SIP/2.0 200") }.count == 1 + 10)
        #expect(wire.texts(from: 0).contains { $0.hasPrefix("BYE") })
    }

    @Test("A command for an unknown or ended leg does nothing")
    func unknownLegs() {
        var wire = VirtualWire(seed: 1)
        let leg = SIPLegID(9)
        for command: SIPCommand in [
            .ring(leg, status: 180, sdp: nil), .answer(leg, sdp: []), .cancel(leg), .hangUp(leg, reason: nil),
            .reject(leg, status: 486, reason: nil, headers: []), .reoffer(leg, sdp: []),
            .answerReoffer(leg, sdp: []), .rejectReoffer(leg, status: 488), .acknowledge(leg, sdp: []),
        ] {
            wire.perform(0, command)
        }
        #expect(wire.sent.isEmpty && wire.events[0].isEmpty)
    }
}
