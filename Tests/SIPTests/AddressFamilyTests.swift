import Kernel
import SIP
import Testing

@Suite struct AddressFamilyTests {
    private func endpoint() -> SIPEndpoint {
        var configuration = SIPConfiguration(
            advertised: [.udp: SIPAddress(host: "10.0.0.1", port: 5_060)],
            secret: [1, 2, 3]
        )
        configuration.advertisedV6 = [.udp: SIPAddress(host: "2001:db8::1", port: 5_060)]
        return SIPEndpoint(configuration, random: SeededRandom(seed: 1))
    }

    private let now = Moment(instant: .zero, wall: WallTime(milliseconds: 0))

    @Test(
        "A peer hears the address of its own family",
        arguments: [("192.0.2.5", "10.0.0.1:5060"), ("2001:db8::5", "[2001:db8::1]:5060")]
    )
    func families(peer: String, own: String) {
        var endpoint = endpoint()
        let target = SIPInvitation.Target.address(user: "1", SIPAddress(host: peer, port: 5_060), .udp)
        let outputs = endpoint.perform(
            .invite(SIPLegID(2), SIPInvitation(target: target, from: "7", sdp: nil)),
            now: now
        )
        let invite = outputs.compactMap(\.text).first ?? ""
        #expect(Messages.header("Via", in: invite)?.hasPrefix("SIP/2.0/UDP \(own);") == true)
        #expect(Messages.header("Contact", in: invite) == "<sip:7@\(own)>")
        #expect(Messages.header("From", in: invite)?.hasPrefix("<sip:7@\(own)>;tag=") == true)
    }

    @Test(
        "A call from an IPv6 peer is answered and ended there, however its Contact writes the address",
        arguments: ["[2001:db8::5]:5071", "[2001:DB8:0:0:0:0:0:5]:5071"]
    )
    func callFromV6(contact: String) {
        var endpoint = endpoint()
        func receive(_ text: String) -> [SIPOutput] {
            let source = SIPAddress(host: "2001:db8::5", port: 5_070)
            return endpoint.receive(SIPPacket(transport: .udp, remote: source, bytes: Array(text.utf8)), now: now)
        }
        let changes: [String: String?] = [
            "Via": "SIP/2.0/UDP [2001:db8::5]:5070;branch=z9hG4bKv6;rport", "Contact": "<sip:me@\(contact)>",
        ]
        let call = receive(Messages.invite(changes, uri: "sip:5550100@[2001:db8::1]"))
        guard case .incomingCall(let call)? = call.compactMap(\.event).first else {
            Issue.record("no call")
            return
        }
        let offer = Array("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=x\r\n".utf8)
        let answer = endpoint.perform(.answer(call.leg, sdp: offer), now: now).compactMap(\.text).first ?? ""
        #expect(Messages.header("Contact", in: answer)?.hasSuffix("[2001:db8::1]:5060>") == true)
        #expect(answer.contains(" IN IP6 2001:db8::1\r\n"))
        let to = Messages.header("To", in: answer) ?? ""
        let ack = Messages.request("ACK", "sip:5550100@[2001:db8::1]", changes.merging(["To": to]) { $1 })
        _ = receive(ack.replacing("z9hG4bKv6", with: "z9hG4bKack"))
        guard case .send(let bye)? = endpoint.perform(.hangUp(call.leg, reason: nil), now: now).first else {
            Issue.record("no BYE")
            return
        }
        #expect(SIPAddressRange("2001:db8::5")?.contains(bye.remote.host) == true)
        #expect(bye.remote.port == 5_071)
        let text = String(decoding: bye.bytes, as: UTF8.self)
        #expect(Messages.header("Via", in: text)?.hasPrefix("SIP/2.0/UDP [2001:db8::1]:5060;") == true)
    }
}
