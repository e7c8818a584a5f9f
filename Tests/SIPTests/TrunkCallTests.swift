import Kernel
import SIP
import TestKit
import Testing

/// Endpoint 0 calls by a trunk whose hops are the endpoints 1 and 2.
@Suite struct TrunkCallTests {
    private let leg = SIPLegID(2)

    private func wire(seed: UInt64 = 1, _ change: @escaping (inout SIPTrunk) -> Void = { _ in }) -> VirtualWire {
        var wire = VirtualWire(seed: seed, endpoints: 3) { index, configuration in
            guard index == 0 else { return }
            var trunk = SIPTrunk(name: "carrier", domain: "carrier.example")
            change(&trunk)
            configuration.trunks = [trunk]
        }
        wire.react = { wire, index, event in
            if case .incomingCall(let call) = event, index > 0 {
                wire.later(200, index, .answer(call.leg, sdp: sdp("answer \(index)")))
            }
        }
        return wire
    }

    private func call(_ leg: SIPLegID = SIPLegID(2)) -> SIPCommand {
        let target = SIPInvitation.Target.trunk("carrier", number: "+85225550100")
        return .invite(leg, SIPInvitation(target: target, from: "85231234567", sdp: sdp("offer")))
    }

    private var hops: [SIPAddress] { [VirtualWire.address(1), VirtualWire.address(2)] }

    @Test("A number is called at the first hop, under the trunk's domain")
    func firstHop() {
        var wire = wire()
        wire.perform(0, .aimTrunk("carrier", hops))
        #expect(wire.events[0] == [.trunk("carrier", isUp: true)])
        wire.perform(0, call())
        let invite = wire.texts(from: 0).last ?? ""
        #expect(invite.hasPrefix("INVITE sip:+85225550100@carrier.example SIP/2.0\r\n"))
        #expect(Messages.header("To", in: invite) == "<sip:+85225550100@carrier.example>")
        #expect(Messages.header("From", in: invite)?.hasPrefix("<sip:85231234567@carrier.example>;tag=") == true)
        wire.run(for: .seconds(2))
        #expect(wire.events[0].last == .answered(leg, sdp: sdp("answer 1")))
        wire.perform(0, .hangUp(leg, reason: nil))
        wire.run(for: .seconds(60))
        #expect(wire.endpoints.map(\.load.legs) == [0, 0, 0])
        #expect(wire.endpoints.map(\.load.transactions) == [0, 0, 0])
    }

    @Test("A trunk without a way fails a call at once")
    func nowhere() {
        var wire = wire()
        wire.perform(0, call())
        #expect(wire.events[0] == [.failed(leg, status: 503, reason: "Trunk Unreachable")])
        wire.perform(0, .aimTrunk("carrier", hops))
        wire.perform(0, .aimTrunk("carrier", []))
        wire.perform(0, call())
        #expect(
            wire.events[0].suffix(3) == [
                .trunk("carrier", isUp: true), .trunk("carrier", isUp: false),
                .failed(leg, status: 503, reason: "Trunk Unreachable"),
            ]
        )
        let other = SIPInvitation(target: .trunk("other", number: "1"), from: "7", sdp: nil)
        wire.perform(0, .invite(SIPLegID(4), other))
        #expect(wire.events[0].last == .failed(SIPLegID(4), status: 503, reason: "No Such Trunk"))
        #expect(wire.endpoints[0].load == (0, 0))
    }

    @Test(
        "A hop that says nothing is passed over in seconds, and the next call does not wait for it",
        arguments: Seeds.first(5)
    )
    func silentHop(seed: UInt64) {
        var wire = wire(seed: seed) { $0.domain = "" }
        wire.lossPercent = 10
        let dead = SIPAddress(host: "203.0.113.1", port: 5_060)
        wire.perform(0, .aimTrunk("carrier", [dead, hops[1]]))
        wire.perform(0, call())
        wire.run(for: Limits.sipHopTime + .seconds(8))
        #expect(wire.events[0].last == .answered(leg, sdp: sdp("answer 2")))
        let invites = wire.texts(from: 0).filter { $0.hasPrefix("INVITE ") }
        #expect(invites.first?.hasPrefix("INVITE sip:+85225550100@203.0.113.1:5060 ") == true)
        #expect(invites.last?.hasPrefix("INVITE sip:+85225550100@10.0.0.3:5060 ") == true)
        #expect(Set(invites.compactMap { Messages.header("Call-ID", in: $0) }).count == 1)
        #expect(Set(invites.compactMap { Messages.header("CSeq", in: $0) }) == ["1 INVITE", "2 INVITE"])
        wire.perform(0, call(SIPLegID(4)))
        #expect(wire.sent.last?.packet.remote == hops[1])
        wire.run(for: .seconds(20))
        wire.perform(0, .hangUp(leg, reason: nil))
        wire.perform(0, .hangUp(SIPLegID(4), reason: nil))
        wire.run(for: .minutes(2))
        #expect(wire.endpoints[0].load == (0, 0))
    }

    @Test("A hop that answers only after the call went on is hung up")
    func lateHop() {
        var wire = wire { $0.domain = "" }
        let slow = SIPAddress(host: "203.0.113.1", port: 5_060)
        wire.perform(0, .aimTrunk("carrier", [slow, hops[1]]))
        wire.perform(0, call())
        let first = wire.texts(from: 0).last ?? ""
        wire.run(for: Limits.sipHopTime + .seconds(3))
        #expect(wire.events[0].last == .answered(leg, sdp: sdp("answer 2")))
        var answer = "SIP/2.0 200 OK\r\n"
        for name in ["Via", "From", "Call-ID", "CSeq"] {
            answer += "\(name): \(Messages.header(name, in: first) ?? "")\r\n"
        }
        answer += "To: \(Messages.header("To", in: first) ?? "");tag=late\r\nContact: <sip:x@203.0.113.1>\r\n"
        let outputs = wire.inject(answer + "Content-Length: 0\r\n\r\n", from: slow)
        let methods = outputs.compactMap(\.text).map { $0.prefix { $0 != " " } }
        #expect(methods == ["ACK", "BYE"])
        #expect(outputs.compactMap(\.event).isEmpty)
    }

    @Test("503 sends the call to the next hop; after ringing it is the answer")
    func busyHop() {
        var wire = wire()
        wire.react = { wire, index, event in
            guard case .incomingCall(let call) = event else { return }
            if index == 1 { wire.later(50, 1, .reject(call.leg, status: 503, reason: nil, headers: [])) }
            if index == 2 {
                wire.later(50, 2, .ring(call.leg, status: 180, sdp: nil))
                wire.later(900, 2, .reject(call.leg, status: 503, reason: nil, headers: []))
            }
        }
        wire.perform(0, .aimTrunk("carrier", hops))
        wire.perform(0, call())
        wire.run(for: .seconds(3))
        #expect(
            wire.events[0].dropFirst() == [
                .ringing(leg, status: 180, sdp: nil), .failed(leg, status: 503, reason: "Service Unavailable"),
            ]
        )
    }

    @Test("A hop to which no connection can be made is passed over at once")
    func noConnection() {
        var wire = wire { $0.transport = .tcp }
        wire.perform(0, .aimTrunk("carrier", hops))
        wire.perform(0, call())
        guard let first = wire.sent.last?.packet else {
            Issue.record("nothing sent")
            return
        }
        #expect(first.transport == .tcp)
        let at = wire.moment
        guard case .send(let next)? = wire.endpoints[0].notSent(first, now: at).first else {
            Issue.record("nothing sent again")
            return
        }
        #expect(next.remote == hops[1])
        // Said twice, it changes nothing.
        #expect(wire.endpoints[0].notSent(first, now: at).isEmpty)
        let last = wire.endpoints[0].notSent(next, now: at)
        #expect(last == [.event(.failed(leg, status: 503, reason: "Connection Failed"))])
    }

    @Test("Calls both ways fill a trunk")
    func full() {
        var wire = wire {
            $0.callsMax = 1
            $0.sources = [SIPAddressRange("10.0.0.2")].compactMap { $0 }
        }
        wire.perform(0, .aimTrunk("carrier", hops))
        wire.perform(0, call())
        wire.perform(0, call(SIPLegID(4)))
        #expect(wire.events[0].last == .failed(SIPLegID(4), status: 503, reason: "Trunk Full"))
        let target = SIPInvitation.Target.address(user: "1", VirtualWire.address(0), .udp)
        wire.perform(1, .invite(SIPLegID(2), SIPInvitation(target: target, from: "7", sdp: nil)))
        wire.run(for: .seconds(1))
        #expect(wire.events[1].contains(.failed(SIPLegID(2), status: 503, reason: "Service Unavailable")))
        wire.perform(0, .hangUp(leg, reason: nil))
        wire.run(for: .seconds(2))
        wire.perform(1, .invite(SIPLegID(4), SIPInvitation(target: target, from: "7", sdp: nil)))
        wire.run(for: .seconds(1))
        guard case .incomingCall(let call)? = wire.events[0].last else {
            Issue.record("no call")
            return
        }
        #expect(call.origin == .trunk("carrier"))
    }

    @Test("Probes tell when a trunk goes and comes, and calls leave out the hop that is gone")
    func probes() {
        var wire = wire { $0.probeInterval = .seconds(20) }
        let dead = SIPAddress(host: "203.0.113.1", port: 5_060)
        wire.perform(0, .aimTrunk("carrier", [dead, hops[0]]))
        #expect(wire.events[0].isEmpty)
        wire.run(for: .seconds(1))
        #expect(wire.events[0] == [.trunk("carrier", isUp: true)])
        wire.run(for: .seconds(20))
        wire.perform(0, call())
        #expect(wire.sent.last?.packet.remote == hops[0])
        wire.lossPercent = 100
        wire.run(for: .seconds(60))
        #expect(wire.events[0].contains(.trunk("carrier", isUp: false)))
        wire.perform(0, call(SIPLegID(4)))
        #expect(wire.events[0].last == .failed(SIPLegID(4), status: 503, reason: "Trunk Unreachable"))
        wire.lossPercent = 0
        wire.run(for: .seconds(21))
        #expect(wire.events[0].last == .trunk("carrier", isUp: true))
    }
}
