import Kernel
import SIP
import Testing

@Suite struct AddressFamilyTests {
    @Test(
        "A peer hears the address of its own family",
        arguments: [("192.0.2.5", "10.0.0.1:5060"), ("2001:db8::5", "[2001:db8::1]:5060")]
    )
    func families(peer: String, own: String) {
        var configuration = SIPConfiguration(
            advertised: [.udp: SIPAddress(host: "10.0.0.1", port: 5_060)],
            secret: [1, 2, 3]
        )
        configuration.advertisedV6 = [.udp: SIPAddress(host: "2001:db8::1", port: 5_060)]
        var endpoint = SIPEndpoint(configuration, random: SeededRandom(seed: 1))
        let target = SIPInvitation.Target.address(user: "1", SIPAddress(host: peer, port: 5_060), .udp)
        let now = Moment(instant: .zero, wall: WallTime(milliseconds: 0))
        let outputs = endpoint.perform(
            .invite(SIPLegID(2), SIPInvitation(target: target, from: "7", sdp: nil)),
            now: now
        )
        let invite = outputs.compactMap(\.text).first ?? ""
        #expect(Messages.header("Via", in: invite)?.hasPrefix("SIP/2.0/UDP \(own);") == true)
        #expect(Messages.header("Contact", in: invite) == "<sip:7@\(own)>")
        #expect(Messages.header("From", in: invite)?.hasPrefix("<sip:7@\(own)>;tag=") == true)
    }
}
