import Kernel
import SIP
import Testing

@Suite struct RegistrarDepthTests {
    private let phone = DigestPhone()

    private func wire(strong: Bool = true) -> VirtualWire {
        var wire = VirtualWire(seed: 1, endpoints: 1) { $1.phoneProbeInterval = .zero }
        let strongPhone = DigestPhone(algorithm: .sha256)
        wire.endpoints[0].setCredential(
            user: phone.user,
            ha1: phone.ha1,
            sha256: strong ? strongPhone.ha1 : nil
        )
        return wire
    }

    @Test("HA1 with SHA-256 is the hash of RFC 7616's example")
    func ha1() {
        // RFC 7616 §3.9.1: user Mufasa, realm http-auth@example.org; its response needs this HA1.
        let hash = SIPDigest.ha1(
            user: "Mufasa",
            realm: "http-auth@example.org",
            password: "Circle of Life",
            algorithm: .sha256
        )
        #expect(hash == "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232")
    }

    @Test(
        "Both hashes are offered, the stronger one first, and either is taken",
        arguments: SIPDigest.Algorithm.allCases
    )
    func bothHashes(algorithm: SIPDigest.Algorithm) {
        var wire = wire()
        let challenge = wire.inject(phone.register(1)).first?.text ?? ""
        let offers = challenge.split(separator: "\r\n").filter { $0.hasPrefix("WWW-Authenticate: ") }
        #expect(offers.map { $0.contains("algorithm=SHA-256") } == [true, false])
        #expect(offers.allSatisfy { $0.contains("qop=\"auth\"") })
        let outputs = DigestPhone(algorithm: algorithm).registerAt(&wire, number: 2)
        #expect(outputs.compactMap(\.status) == [200])
    }

    @Test("A strong hash is not taken where only MD5 is known, nor one that is mislabelled")
    func noStrongSecret() {
        var wire = wire(strong: false)
        let challenge = wire.inject(phone.register(1)).first?.text ?? ""
        #expect(!challenge.contains("SHA-256"))
        let strong = DigestPhone(algorithm: .sha256)
        #expect(strong.registerAt(&wire, number: 2).compactMap(\.status) == [401])
        let nonce = DigestPhone.nonce(wire.inject(phone.register(4)).first?.text)
        let odd = phone.authorization("REGISTER", nonce).replacing("=MD5", with: "=SHA-512-256")
        #expect(wire.inject(phone.register(5, ["Authorization": odd])).compactMap(\.status) == [401])
    }

    @Test("Whether a name exists does not show in the challenge")
    func unknownName() {
        var wire = wire()
        let known = wire.inject(phone.register(1)).first?.text ?? ""
        let unknown = wire.inject(DigestPhone(user: "nobody").register(1)).first?.text ?? ""
        #expect(known.ranges(of: "WWW-Authenticate").count == unknown.ranges(of: "WWW-Authenticate").count)
        let guess = DigestPhone(user: "nobody").registerAt(&wire, number: 4)
        #expect(guess.compactMap(\.status) == [403])
    }

    @Test("Calls go by the proxies that Path named, and the phone is told so")
    func path() {
        var wire = wire()
        let path = "<sip:edge.example;lr>, <sip:10.1.1.1:5080;lr>"
        let outputs = phone.registerAt(&wire, ["Path": path, "Supported": "path, outbound"])
        let reply = outputs.compactMap(\.text).first ?? ""
        #expect(reply.contains("\r\nPath: <sip:edge.example;lr>\r\nPath: <sip:10.1.1.1:5080;lr>\r\n"))
        wire.perform(0, .invite(SIPLegID(2), SIPInvitation(target: .user(phone.user), from: "7", sdp: sdp("o"))))
        let invite = wire.texts(from: 0).last ?? ""
        #expect(invite.hasPrefix("INVITE sip:agent1@10.9.9.9:5060 SIP/2.0\r\n"))
        #expect(invite.contains("\r\nRoute: <sip:edge.example;lr>\r\nRoute: <sip:10.1.1.1:5080;lr>\r\n"))
        let broken = phone.registerAt(&wire, number: 3, ["Path": "<edge>"])
        #expect(broken.compactMap(\.status) == [400])
    }

    @Test("A phone that came back under another Contact takes the place of its former self")
    func instance() {
        var wire = wire()
        let instance = ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\";reg-id=1"
        _ = phone.registerAt(&wire, ["Contact": "<sip:agent1@10.9.9.9:5060>\(instance)"])
        let again = phone.registerAt(&wire, number: 3, ["Contact": "<sip:agent1@10.9.9.9:6060>;q=0.5\(instance)"])
        let reply = again.compactMap(\.text).first ?? ""
        #expect(reply.ranges(of: "\r\nContact: ").count == 1)
        #expect(reply.contains("10.9.9.9:6060"))
        let second = phone.registerAt(&wire, number: 5, ["Contact": "<sip:a@h>\(instance.dropLast())2"])
        #expect((second.compactMap(\.text).first ?? "").ranges(of: "\r\nContact: ").count == 2)
    }
}
