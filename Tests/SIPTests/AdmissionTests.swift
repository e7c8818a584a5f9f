import Kernel
import SIP
import TestKit
import Testing

@Suite struct AdmissionTests {
    private let phone = DigestPhone()
    private let dialled = "sip:5550100@10.0.0.1"

    private func trunk(_ name: String, _ sources: [String], _ incoming: SIPTrunk.Credential? = nil) -> SIPTrunk {
        SIPTrunk(name: name, sources: sources.compactMap { SIPAddressRange($0) }, incoming: incoming)
    }

    private func wire(_ trunks: [SIPTrunk] = [], _ change: (inout SIPConfiguration) -> Void = { _ in }) -> VirtualWire {
        var wire = VirtualWire(seed: 1) { _, configuration in
            configuration.phoneProbeInterval = .zero
            configuration.trunks = trunks
            change(&configuration)
        }
        wire.endpoints[0].setCredential(user: phone.user, ha1: phone.ha1)
        return wire
    }

    @Test("Without a trunk everybody may call, and is a stranger")
    func stranger() {
        var wire = wire()
        #expect(wire.inject(Messages.invite()).origin == .stranger)
        // The name of a registered user proves nothing, from another address it harms nobody either.
        _ = phone.registerAt(&wire)
        let elsewhere = SIPAddress(host: "203.0.113.1", port: 5_060)
        #expect(wire.inject(phone.invite(1), from: elsewhere).origin == .stranger)
    }

    @Test("A registered phone must prove by digest that it is the one; the proof serves once")
    func phoneDigest() {
        var wire = wire()
        _ = phone.registerAt(&wire)
        let challenge = wire.inject(phone.invite(1))
        #expect(challenge.compactMap(\.status) == [401])
        let nonce = DigestPhone.nonce(challenge.first?.text)
        let answer = phone.authorization("INVITE", nonce, uri: dialled)
        #expect(wire.inject(phone.invite(2, ["Authorization": answer])).origin == .phone(user: "agent1"))
        let replayed = wire.inject(phone.invite(3, ["Authorization": answer]))
        #expect(replayed.compactMap(\.status) == [401])
        #expect(replayed.first?.text?.contains("stale=true") == true)
        var liar = phone
        liar.password = "guess"
        let guess = liar.authorization("INVITE", DigestPhone.nonce(replayed.first?.text), uri: dialled)
        #expect(wire.inject(phone.invite(4, ["Authorization": guess])).compactMap(\.status) == [403])
        #expect(wire.endpoints[0].load.legs == 1)
    }

    @Test("The connection on which a phone registered is proof enough, unless a proxy shares it")
    func phoneConnection() {
        var wire = wire([trunk("carrier", ["198.51.100.0/24"])])
        _ = phone.registerAt(&wire, flow: 4)
        #expect(wire.inject(phone.invite(1), flow: 4).origin == .phone(user: "agent1"))
        #expect(wire.inject(phone.invite(2, from: "agent2"), flow: 4).compactMap(\.status) == [403])
        #expect(wire.inject(phone.invite(3), flow: 5).compactMap(\.status) == [401])
        let twice = "SIP/2.0/TCP 192.0.2.9;branch=z9hG4bKa, SIP/2.0/UDP 10.1.1.1;branch=z9hG4bKb"
        #expect(wire.inject(phone.invite(4, ["Via": twice]), flow: 4).compactMap(\.status) == [401])
    }

    @Test("With trunks only they and registered phones may call; others hear 403 and cost nothing")
    func trunks() {
        var wire = wire([trunk("first", ["198.51.100.0/24"]), trunk("second", ["2001:db8::/32"])])
        let first = SIPAddress(host: "198.51.100.7", port: 5_060)
        let second = SIPAddress(host: "2001:db8::7", port: 5_060)
        #expect(wire.inject(phone.invite(1), from: first).origin == .trunk("first"))
        #expect(wire.inject(phone.invite(2), from: second).origin == .trunk("second"))
        let before = wire.endpoints[0].load
        #expect(wire.inject(phone.invite(3)).compactMap(\.status) == [403])
        #expect(wire.endpoints[0].load == before)
        _ = phone.registerAt(&wire)
        #expect(wire.inject(phone.invite(4)).compactMap(\.status) == [401])
    }

    @Test("The addresses to which a trunk's name leads are its sources too, as long as it leads there")
    func aimedTrunk() {
        var wire = wire([trunk("first", []), trunk("second", ["198.51.100.0/24"])])
        let hops = ["203.0.113.7", "2001:db8::7"].map { SIPAddress(host: $0, port: 5_080) }
        #expect(wire.inject(phone.invite(1), from: hops[0]).compactMap(\.status) == [403])
        wire.perform(0, .aimTrunk("first", hops))
        // A carrier's calls come from any port.
        #expect(wire.inject(phone.invite(2), from: SIPAddress(host: hops[0].host, port: 1)).origin == .trunk("first"))
        let spelled = SIPAddress(host: "2001:db8:0::7", port: 5_080)
        #expect(wire.inject(phone.invite(3), from: spelled).origin == .trunk("first"))
        wire.perform(0, .aimTrunk("first", [hops[1]]))
        #expect(wire.inject(phone.invite(4), from: hops[0]).compactMap(\.status) == [403])
    }

    @Test(
        "A digest serves only for what it was made for, as far as both sides name it",
        arguments: [
            ("sip:5550100@10.0.0.1", true), ("sip:5550100@10.0.0.1:5060;transport=udp", true),
            ("sips:%35550100@10.0.0.1", true), ("sip:10.0.0.1:5060", true), ("sip:900@10.0.0.1", false),
            ("sip:5550100@192.0.2.1", false), ("x:nonsense", false),
        ]
    )
    func otherURI(uri: String, isTaken: Bool) {
        var wire = wire()
        _ = phone.registerAt(&wire)
        let nonce = DigestPhone.nonce(wire.inject(phone.invite(1)).first?.text)
        let call = phone.invite(2, ["Authorization": phone.authorization("INVITE", nonce, uri: uri)])
        let outputs = wire.inject(call)
        #expect(outputs.origin == (isTaken ? .phone(user: "agent1") : nil))
        if !isTaken { #expect(outputs.compactMap(\.status) == [400]) }
    }

    @Test("A trunk's digest is demanded on top of its address", arguments: SIPDigest.Algorithm.allCases)
    func trunkDigest(algorithm: SIPDigest.Algorithm) {
        var account = DigestPhone(user: "carrier")
        let md5 = account.ha1
        account.algorithm = .sha256
        let credential = SIPTrunk.Credential(user: "carrier", md5: md5, sha256: account.ha1)
        account.algorithm = algorithm
        var wire = wire([trunk("first", ["198.51.100.0/24"], credential)])
        let source = SIPAddress(host: "198.51.100.7", port: 5_060)
        let challenge = wire.inject(account.invite(1), from: source).first?.text ?? ""
        #expect(challenge.hasPrefix("SIP/2.0 401 "))
        #expect(challenge.ranges(of: "WWW-Authenticate: ").count == 2)
        #expect(Messages.header("WWW-Authenticate", in: challenge)?.contains("algorithm=SHA-256") == true)
        let answer = account.authorization("INVITE", DigestPhone.nonce(challenge), uri: dialled)
        let call = account.invite(2, ["Authorization": answer])
        #expect(wire.inject(call).compactMap(\.status) == [403])
        #expect(wire.inject(call, from: source).origin == .trunk("first"))
    }

    @Test("A trunk without a fixed address is known by its digest")
    func roamingTrunk() {
        let account = DigestPhone(user: "carrier")
        let credential = SIPTrunk.Credential(user: "carrier", md5: account.ha1)
        var wire = wire([trunk("fixed", ["198.51.100.0/24"]), trunk("roaming", [], credential)])
        let challenge = wire.inject(account.invite(1)).first?.text
        let answer = account.authorization("INVITE", DigestPhone.nonce(challenge), uri: dialled)
        #expect(wire.inject(account.invite(2, ["Authorization": answer])).origin == .trunk("roaming"))
    }

    @Test(
        "Hundreds of a trunk's calls may be challenged at one time and answered in any order",
        arguments: Seeds.first(3)
    )
    func manyNonces(seed: UInt64) {
        let account = DigestPhone(user: "carrier")
        let credential = SIPTrunk.Credential(user: "carrier", md5: account.ha1)
        var wire = wire([trunk("first", ["192.0.2.0/24"], credential)])
        var random = SeededRandom(seed: seed)
        let nonces = (0..<300).map { DigestPhone.nonce(wire.inject(account.invite($0)).first?.text) }
        for (number, nonce) in nonces.enumerated().shuffled(using: &random) {
            let answer = account.authorization("INVITE", nonce, uri: dialled)
            let call = account.invite(1_000 + number, ["Authorization": answer])
            #expect(wire.inject(call).origin == .trunk("first"))
            #expect(
                wire.inject(account.invite(2_000 + number, ["Authorization": answer])).compactMap(\.status) == [401]
            )
        }
    }

    @Test("Requests within a call are not challenged again")
    func withinCall() {
        var wire = wire()
        _ = phone.registerAt(&wire)
        let nonce = DigestPhone.nonce(wire.inject(phone.invite(1)).first?.text)
        let answer = phone.authorization("INVITE", nonce, uri: dialled)
        let outputs = wire.inject(phone.invite(2, ["Authorization": answer]))
        guard case .incomingCall(let call)? = outputs.compactMap(\.event).first else {
            Issue.record("no call")
            return
        }
        wire.perform(0, .answer(call.leg, sdp: sdp("a")))
        let to = Messages.header("To", in: wire.texts(from: 0).last ?? "") ?? ""
        let changes: [String: String?] = ["To": to, "From": "<sip:agent1@10.0.0.1>;tag=c2", "Call-ID": "callagent12"]
        let ack = Messages.request("ACK", dialled, changes.merging(["CSeq": "2 ACK"]) { $1 })
        _ = wire.inject(ack.replacing("z9hG4bKfixed1", with: "z9hG4bKack"))
        let bye = Messages.request("BYE", dialled, changes.merging(["CSeq": "3 BYE"]) { $1 })
        #expect(wire.inject(bye.replacing("z9hG4bKfixed1", with: "z9hG4bKbye")).compactMap(\.status) == [200])
    }
}
