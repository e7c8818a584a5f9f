import Kernel
import SIP
import Testing

/// Endpoint 0 sends requests that are too large for a datagram.
@Suite struct LargeRequestTests {
    private let leg = SIPLegID(2)
    private let large = sdp(String(repeating: "x", count: 1_400))

    private func wire(_ change: (inout SIPConfiguration) -> Void = { _ in }) -> VirtualWire {
        var wire = VirtualWire(seed: 1) { index, configuration in if index == 0 { change(&configuration) } }
        wire.react = { wire, index, event in
            if index == 1, case .incomingCall(let call) = event {
                wire.later(500, index, .answer(call.leg, sdp: sdp("answer")))
            }
            if index == 1, case .reoffered(let leg, _) = event {
                wire.later(50, index, .answerReoffer(leg, sdp: sdp("again")))
            }
        }
        return wire
    }

    private func call(_ leg: SIPLegID, _ sdp: [UInt8], to address: SIPAddress = VirtualWire.address(1)) -> SIPCommand {
        .invite(leg, SIPInvitation(target: .address(user: "1", address, .udp), from: "7", sdp: sdp))
    }

    private func ways(_ wire: VirtualWire) -> [String] {
        wire.sent.filter { $0.from == 0 }.map { entry in
            let method = String(decoding: entry.packet.bytes, as: UTF8.self).prefix { $0 != " " }
            return "\(method) \(entry.packet.transport)"
        }
    }

    @Test("A large INVITE goes by TCP, and its call stays with UDP")
    func byTCP() {
        var wire = wire()
        wire.perform(0, call(leg, large))
        let invite = wire.texts(from: 0).last ?? ""
        #expect(Messages.header("Via", in: invite)?.hasPrefix("SIP/2.0/TCP 10.0.0.1:5060;rport;branch=") == true)
        #expect(Messages.header("Contact", in: invite) == "<sip:7@10.0.0.1:5060>")
        #expect(Messages.header("Content-Type", in: invite) == "application/sdp")
        wire.run(for: .seconds(5))
        #expect(wire.events[0].last == .answered(leg, sdp: sdp("answer")))
        wire.perform(0, .reoffer(leg, sdp: sdp("small")))
        wire.run(for: .seconds(2))
        wire.perform(0, .hangUp(leg, reason: nil))
        wire.run(for: .seconds(60))
        #expect(ways(wire) == ["INVITE tcp", "ACK udp", "INVITE udp", "ACK udp", "BYE udp"])
        #expect(wire.endpoints.map(\.load.legs) == [0, 0])
        #expect(wire.endpoints.map(\.load.transactions) == [0, 0])
    }

    @Test("What fits into a datagram is sent as one; so is all when no TCP port is open")
    func byUDP() {
        var wire = wire()
        wire.perform(0, call(leg, sdp("small")))
        #expect(ways(wire) == ["INVITE udp"])
        var closed = self.wire { $0.advertised[.tcp] = nil }
        closed.perform(0, call(leg, large))
        #expect(ways(closed) == ["INVITE udp"])
    }

    @Test("A peer that takes no connection gets the same request by UDP at once, and the next one too")
    func refused() {
        var wire = wire()
        wire.perform(0, call(leg, large))
        guard let first = wire.sent.last?.packet else { return }
        let at = wire.moment
        guard case .send(let second)? = wire.endpoints[0].notSent(first, now: at).first else {
            Issue.record("nothing sent again")
            return
        }
        #expect(second.transport == .udp)
        let texts = [first, second].map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(texts[1] == texts[0].replacing("SIP/2.0/TCP", with: "SIP/2.0/UDP"))
        // Late news of the connection changes nothing.
        #expect(wire.endpoints[0].notSent(first, now: at).isEmpty)
        wire.perform(0, call(SIPLegID(4), large))
        #expect(wire.sent.last?.packet.transport == .udp)
        wire.perform(0, .cancel(SIPLegID(4)))
        wire.run(for: Limits.sipWithoutTCPTime)
        wire.perform(0, call(SIPLegID(6), large))
        #expect(wire.sent.last?.packet.transport == .tcp)
    }

    @Test("Silence after a connection ends in UDP too, in two seconds")
    func silent() {
        var wire = wire()
        let nobody = SIPAddress(host: "203.0.113.1", port: 5_060)
        wire.perform(0, call(leg, large, to: nobody))
        wire.run(for: Limits.sipLargeTime + .seconds(2))
        #expect(ways(wire) == ["INVITE tcp", "INVITE udp", "INVITE udp", "INVITE udp"])
        wire.run(for: Limits.sipTransactionTime)
        #expect(wire.events[0] == [.failed(leg, status: 408, reason: "Request Timeout")])
        #expect(wire.endpoints[0].load == (0, 0))
    }

    @Test("A call that is given up before anything was heard is not placed a second time")
    func cancelled() {
        var wire = wire()
        wire.perform(0, call(leg, large, to: SIPAddress(host: "203.0.113.1", port: 5_060)))
        wire.perform(0, .cancel(leg))
        wire.run(for: .minutes(1))
        #expect(ways(wire) == ["INVITE tcp"])
        #expect(wire.endpoints[0].load == (0, 0))
    }

    @Test("A phone is called by the way on which it registered")
    func phone() {
        var wire = wire { $0.phoneProbeInterval = .zero }
        let phone = DigestPhone()
        wire.endpoints[0].setCredential(user: phone.user, ha1: phone.ha1)
        _ = phone.registerAt(&wire)
        wire.perform(0, .invite(leg, SIPInvitation(target: .user(phone.user), from: "7", sdp: large)))
        #expect(ways(wire) == ["INVITE udp"])
    }
}
