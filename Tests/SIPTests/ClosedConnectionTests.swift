import Kernel
import SIP
import Testing

/// A carrier over TCP: what a closed connection means for the calls that it carried.
@Suite("A connection that is closed")
struct ClosedConnectionTests {
    private let carrier = SIPAddress(host: "192.0.2.9", port: 5_060)
    /// The port of the connection that the carrier made.
    private let source = SIPAddress(host: "192.0.2.9", port: 41_234)
    private let leg = SIPLegID(3)

    private func wire(_ trunk: SIPTrunk? = nil) -> VirtualWire {
        VirtualWire(seed: 1, endpoints: 1) { _, configuration in
            configuration.trunks = trunk.map { [$0] } ?? []
        }
    }

    /// A call from the carrier over connection 5, answered and, if nothing else is said, acknowledged.
    private func called(
        _ wire: inout VirtualWire,
        contact: String,
        routes: [String] = [],
        isAcknowledged: Bool = true
    ) {
        var headers: [String: String?] = [
            "Via": "SIP/2.0/TCP 192.0.2.9:5060;branch=z9hG4bKcall;rport", "Contact": contact,
            "Content-Type": "application/sdp", "CSeq": "7 INVITE",
        ]
        if !routes.isEmpty { headers["Record-Route"] = .some(routes.joined(separator: ", ")) }
        let invite = Messages.request("INVITE", "sip:100@10.0.0.1", headers, body: "v=0\r\n")
        var party = ""
        for output in wire.inject(invite, from: source, flow: 5) {
            if let text = output.text, let to = Messages.header("To", in: text), to.contains("tag") { party = to }
        }
        wire.perform(0, .answer(leg, sdp: sdp("answer")))
        if party.isEmpty { party = Messages.header("To", in: wire.texts(from: 0).last ?? "") ?? "" }
        guard isAcknowledged else { return }
        headers["CSeq"] = "7 ACK"
        headers["Content-Type"] = .some(nil)
        headers["Record-Route"] = .some(nil)
        headers["To"] = .some(party)
        _ = wire.inject(Messages.request("ACK", "sip:100@10.0.0.1", headers), from: source, flow: 5)
    }

    private func close(_ wire: inout VirtualWire, flow: UInt64 = 5) -> [SIPEvent] {
        let at = wire.moment
        var events = wire.endpoints[0].flowClosed(flow, now: at).compactMap(\.event)
        let count = wire.events[0].count
        wire.run(for: .minutes(2))
        events += wire.events[0][count...]
        return events
    }

    private func hangUp(_ wire: inout VirtualWire) -> SIPPacket? {
        wire.perform(0, .hangUp(leg, reason: nil))
        return wire.sent.last?.packet
    }

    @Test("ends no call: the next request goes to the Contact, by a new connection")
    func toTheContact() {
        var wire = wire()
        called(&wire, contact: "<sip:100@192.0.2.9;transport=tcp>")
        #expect(close(&wire).isEmpty)
        let bye = hangUp(&wire)
        #expect(bye.map { String(decoding: $0.bytes, as: UTF8.self).hasPrefix("BYE ") } == true)
        #expect(bye?.remote == carrier)
        #expect(bye?.transport == .tcp)
        #expect(bye.map { $0.flow == nil } == true)
    }

    @Test("with a proxy between leads to the first route")
    func toTheRoute() {
        var wire = wire()
        called(&wire, contact: "<sip:100@10.8.8.8;transport=tcp>", routes: ["<sip:198.51.100.7:5070;lr;transport=tcp>"])
        #expect(close(&wire).isEmpty)
        #expect(hangUp(&wire)?.remote == SIPAddress(host: "198.51.100.7", port: 5_070))
    }

    @Test("takes an answer that waits for its ACK to nobody whom the peer names")
    func unacknowledged() {
        var wire = wire()
        let route = "<sip:198.51.100.7:5070;lr;transport=tcp>"
        called(&wire, contact: "<sip:100@10.8.8.8;transport=tcp>", routes: [route], isAcknowledged: false)
        let before = wire.sent.count
        _ = close(&wire)
        #expect(wire.sent.count > before)
        #expect(wire.sent.allSatisfy { $0.packet.remote == source })
    }

    @Test("of somebody behind address translation leaves ten seconds to come back")
    func behindTranslation() {
        var wire = wire()
        called(&wire, contact: "<sip:100@10.8.8.8;transport=tcp>")
        #expect(close(&wire) == [.ended(leg, .connectionLost)])
    }

    @Test("of a trunk whose Contact is a name leads to the trunk's own address")
    func toTheTrunk() throws {
        let range = try #require(SIPAddressRange("192.0.2.0/24"))
        var wire = wire(SIPTrunk(name: "carrier", sources: [range], transport: .tcp))
        let hop = SIPAddress(host: "192.0.2.77", port: 5_060)
        wire.perform(0, .aimTrunk("carrier", [hop]))
        called(&wire, contact: "<sip:100@sbc.carrier.example;transport=tcp>")
        #expect(close(&wire).filter { if case .ended = $0 { true } else { false } }.isEmpty)
        #expect(hangUp(&wire)?.remote == hop)
    }

    @Test("by which we called leads to the same address, and its next request is taken from another connection")
    func ours() throws {
        var wire = wire(SIPTrunk(name: "carrier", transport: .tcp))
        wire.perform(0, .aimTrunk("carrier", [carrier]))
        let own = SIPLegID(2)
        let invitation = SIPInvitation(target: .trunk("carrier", number: "1"), from: "2", sdp: sdp("offer"))
        wire.perform(0, .invite(own, invitation))
        let invite = wire.texts(from: 0).last ?? ""
        var answer = "SIP/2.0 200 OK\r\n"
        for name in ["Via", "From", "Call-ID", "CSeq"] {
            answer += "\(name): \(Messages.header(name, in: invite) ?? "")\r\n"
        }
        let to = "\(Messages.header("To", in: invite) ?? "");tag=c"
        answer += "To: \(to)\r\nContact: <sip:1@10.8.8.8;transport=tcp>\r\n"
        let body = "v=0\r\n"
        answer += "Content-Type: application/sdp\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body
        #expect(
            wire.inject(answer, from: carrier, flow: 9).compactMap(\.event) == [.answered(own, sdp: Array(body.utf8))]
        )
        #expect(close(&wire, flow: 9).isEmpty)
        wire.perform(0, .reoffer(own, sdp: sdp("hold")))
        #expect(wire.sent.last?.packet.remote == carrier)
        #expect(wire.sent.last.map { $0.packet.flow == nil } == true)
        let bye = Messages.request(
            "BYE",
            "sip:2@10.0.0.1",
            [
                "Via": "SIP/2.0/TCP 192.0.2.9:5060;branch=z9hG4bKbye;rport", "From": to,
                "To": Messages.header("From", in: invite) ?? "",
                "Call-ID": Messages.header("Call-ID", in: invite) ?? "",
                "CSeq": "1 BYE",
            ]
        )
        #expect(wire.inject(bye, from: source, flow: 11).compactMap(\.event) == [.ended(own, .remoteHangUp(nil))])
    }

    @Test("The port that a peer speaks with is the one that it is told, of several")
    func severalPorts() {
        let second = SIPAddress(host: "10.0.1.1", port: 5_080)
        let told = SIPAddress(host: "203.0.113.5", port: 5_080)
        var configuration = SIPConfiguration(advertised: [.udp: VirtualWire.address(0)], secret: Array("0123".utf8))
        configuration.advertisedAt = [.udp: [second: told]]
        var endpoint = SIPEndpoint(configuration, random: SeededRandom(seed: 1))
        let now = Moment(instant: .zero, wall: WallTime(milliseconds: 1))
        func contact(_ local: SIPAddress?, _ number: Int) -> String? {
            let invite = Messages.request(
                "INVITE",
                "sip:100@10.0.0.1",
                ["Via": "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK\(number)", "Call-ID": "c\(number)"],
                body: ""
            )
            let packet = SIPPacket(transport: .udp, local: local, remote: carrier, bytes: Array(invite.utf8))
            let events = endpoint.receive(packet, now: now).compactMap(\.event)
            guard case .incomingCall(let call)? = events.first else { return nil }
            let outputs = endpoint.perform(.ring(call.leg, status: 180, sdp: nil), now: now)
            return outputs.compactMap(\.text).first.flatMap { Messages.header("Contact", in: $0) }
        }
        #expect(contact(second, 1)?.contains("203.0.113.5:5080") == true)
        #expect(contact(nil, 2)?.contains("10.0.0.1:5060") == true)
    }

    @Test("The mark of the process stands in answers to OPTIONS and in progress, and nowhere else")
    func mark() {
        var wire = VirtualWire(seed: 1, endpoints: 1) { _, configuration in configuration.startMark = "abc" }
        let answers = wire.inject(Messages.request("OPTIONS", "sip:10.0.0.1")).compactMap(\.text)
        #expect(answers.compactMap { Messages.header("X-Tandem-Start", in: $0) } == ["abc"])
        let call = wire.inject(Messages.request("INVITE", "sip:100@10.0.0.1", body: ""))
        #expect(call.compactMap(\.text).compactMap { Messages.header("X-Tandem-Start", in: $0) } == ["abc"])
        wire.perform(0, .ring(leg, status: 180, sdp: nil))
        wire.perform(0, .answer(leg, sdp: sdp("answer")))
        let marks = wire.texts(from: 0).map { Messages.header("X-Tandem-Start", in: $0) }
        #expect(marks == ["abc", nil])
    }
}
