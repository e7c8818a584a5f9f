import Kernel
import SIP
import Testing

@Suite struct RegistrarTests {
    private let user = "agent1"

    /// A registrar that knows one user; the phone is written by hand.
    private func wire() -> VirtualWire {
        // This phone answers no probes.
        var wire = VirtualWire(seed: 1) { _, configuration in configuration.phoneProbeInterval = .zero }
        wire.endpoints[0].setCredential(
            user: user,
            ha1: SIPDigest.ha1(user: user, realm: "tandem", password: "secret")
        )
        return wire
    }

    private func register(
        _ number: Int,
        _ changes: [String: String?] = [:]
    ) -> String {
        var all: [String: String?] = [
            "Via": "SIP/2.0/UDP 10.9.9.9:5060;branch=z9hG4bKreg\(number);rport",
            "From": "<sip:agent1@10.0.0.1>;tag=p\(number)", "To": "<sip:agent1@10.0.0.1>", "Call-ID": "reg",
            "CSeq": "\(number) REGISTER", "Contact": "<sip:agent1@10.9.9.9:5060>", "Expires": "600",
        ]
        all.merge(changes) { $1 }
        return Messages.request("REGISTER", "sip:10.0.0.1", all)
    }

    private func nonce(_ wire: inout VirtualWire, _ number: Int) -> String {
        let reply = wire.inject(register(number)).first?.text ?? ""
        let challenge = Messages.header("WWW-Authenticate", in: reply) ?? ""
        return String(challenge.split(separator: "nonce=\"").last?.prefix { $0 != "\"" } ?? "")
    }

    private func authorization(_ nonce: String, password: String = "secret", count: Int = 1) -> String {
        let ha1 = SIPDigest.ha1(user: user, realm: "tandem", password: password)
        let counter = "0000000\(count)"
        func md5(_ text: String) -> String {
            let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            return SIPDigest.ha1(user: parts[0], realm: parts[1], password: parts[2])
        }
        let ha2 = md5("REGISTER:sip:10.0.0.1")
        let response = md5("\(ha1):\(nonce):\(counter):cn:auth:\(ha2)")
        return "Digest username=\"\(user)\", realm=\"tandem\", nonce=\"\(nonce)\", uri=\"sip:10.0.0.1\", "
            + "response=\"\(response)\", algorithm=MD5, qop=auth, nc=\(counter), cnonce=\"cn\""
    }

    @Test("HA1 is the hash of RFC 2617")
    func ha1() {
        let hash = SIPDigest.ha1(user: "Mufasa", realm: "testrealm@host.com", password: "Circle Of Life")
        #expect(hash == "939e7578ed9e3c518a452acee763bce9")
    }

    @Test("A phone with the right password is registered, refreshed, listed and removed")
    func goodPassword() {
        var wire = wire()
        let nonce = nonce(&wire, 1)
        let outputs = wire.inject(register(2, ["Authorization": authorization(nonce)]))
        #expect(outputs.compactMap(\.status) == [200])
        let reply = outputs.compactMap(\.text).first ?? ""
        #expect(Messages.header("Contact", in: reply) == "<sip:agent1@10.9.9.9:5060>;expires=600")
        let expiry = wire.now + .seconds(600)
        let contact = "sip:agent1@10.9.9.9:5060"
        #expect(outputs.compactMap(\.event) == [.registered(user: user, contact: contact, expiresAt: expiry)])
        #expect(wire.endpoints[0].isRegistered(user))
        let gone = wire.inject(
            register(3, ["Authorization": authorization(nonce, count: 2), "Contact": "*", "Expires": "0"])
        )
        #expect(gone.compactMap(\.event) == [.unregistered(user: user)])
        #expect(!wire.endpoints[0].isRegistered(user))
    }

    @Test("A wrong password, another user's name and an unknown user are refused alike")
    func badPassword() {
        var wire = wire()
        let wrong = authorization(nonce(&wire, 1), password: "guess")
        #expect(wire.inject(register(2, ["Authorization": wrong])).compactMap(\.status) == [403])
        let right = authorization(nonce(&wire, 3))
        let other = register(4, ["Authorization": right, "To": "<sip:agent2@10.0.0.1>"])
        #expect(wire.inject(other).compactMap(\.status) == [403])
        #expect(!wire.endpoints[0].isRegistered(user))
    }

    @Test("A replayed response is not accepted, a repeated datagram is answered again")
    func replay() {
        var wire = wire()
        let authorization = authorization(nonce(&wire, 1))
        let good = register(2, ["Authorization": authorization])
        #expect(wire.inject(good).compactMap(\.status) == [200])
        #expect(wire.inject(good).compactMap(\.status) == [200])
        let replayed = wire.inject(register(3, ["Authorization": authorization]))
        #expect(replayed.compactMap(\.status) == [401])
        let challenge = Messages.header("WWW-Authenticate", in: replayed.first?.text ?? "") ?? ""
        #expect(challenge.contains("stale=true"))
    }

    @Test("Counters may arrive out of order, but each only once")
    func counters() {
        var wire = wire()
        let nonce = nonce(&wire, 1)
        var statuses: [Int] = []
        for (step, count) in [3, 1, 2, 2, 3, 4].enumerated() {
            let header = authorization(nonce, count: count)
            statuses += wire.inject(register(10 + step, ["Authorization": header])).compactMap(\.status)
        }
        #expect(statuses == [200, 200, 200, 401, 401, 200])
    }

    @Test("A nonce gets old and a foreign one is not taken")
    func staleNonce() {
        var wire = wire()
        let nonce = nonce(&wire, 1)
        wire.run(for: .minutes(6))
        let stale = wire.inject(register(2, ["Authorization": authorization(nonce)]))
        #expect(stale.first?.text?.contains("stale=true") == true)
        let foreign = String(nonce.dropLast()) + (nonce.last == "0" ? "1" : "0")
        let forged = wire.inject(register(3, ["Authorization": authorization(foreign)]))
        #expect(forged.compactMap(\.status) == [401])
        #expect(forged.first?.text?.contains("stale=true") == false)
    }

    @Test("Too short times, too many contacts and a star without Expires 0 are refused")
    func badRequests() {
        var wire = wire()
        let nonce = nonce(&wire, 1)
        let short = wire.inject(register(2, ["Authorization": authorization(nonce, count: 1), "Expires": "5"]))
        #expect(short.compactMap(\.status) == [423])
        #expect(Messages.header("Min-Expires", in: short.first?.text ?? "") == "30")
        let star = register(3, ["Authorization": authorization(nonce, count: 2), "Contact": "*"])
        #expect(wire.inject(star).compactMap(\.status) == [400])
        let many = (0..<9).map { "<sip:a\($0)@h>" }.joined(separator: ", ")
        let crowd = register(4, ["Authorization": authorization(nonce, count: 3), "Contact": many])
        #expect(wire.inject(crowd).compactMap(\.status) == [400])
    }

    @Test("The ninth phone of a user takes the place of the one that registered longest ago")
    func contactLimit() {
        var wire = wire()
        var last = ""
        for number in 1...9 {
            let nonce = nonce(&wire, 2 * number)
            let contact = "<sip:agent1@10.9.9.\(number):5060>"
            let text = register(2 * number + 1, ["Authorization": authorization(nonce), "Contact": contact])
            last = wire.inject(text).compactMap(\.text).first ?? ""
        }
        #expect(last.components(of: "\r\nContact: ") == Limits.sipContactsMax)
        #expect(!last.contains("10.9.9.1:5060>"))
        #expect(last.contains("10.9.9.9:5060>"))
    }

    @Test("A registration runs out")
    func expiry() {
        var wire = wire()
        _ = wire.inject(register(2, ["Authorization": authorization(nonce(&wire, 1))]))
        wire.run(for: .seconds(599))
        #expect(wire.endpoints[0].isRegistered(user))
        wire.run(for: .seconds(2))
        #expect(wire.events[0] == [.unregistered(user: user)])
    }

    @Test("A call to a user goes where the REGISTER came from, not where the Contact points")
    func natTraversal() {
        var wire = wire()
        _ = wire.inject(register(2, ["Authorization": authorization(nonce(&wire, 1))]))
        wire.perform(0, .invite(SIPLegID(2), SIPInvitation(target: .user(user), from: "77", sdp: sdp("o"))))
        let packet = wire.sent.last?.packet
        #expect(packet?.remote == SIPAddress(host: "192.0.2.9", port: 5_070))
        let text = String(decoding: packet?.bytes ?? [], as: UTF8.self)
        #expect(text.hasPrefix("INVITE sip:agent1@10.9.9.9:5060 SIP/2.0\r\n"))
        wire.perform(0, .invite(SIPLegID(4), SIPInvitation(target: .user("nobody"), from: "77", sdp: sdp("o"))))
        #expect(wire.events[0] == [.failed(SIPLegID(4), status: 480, reason: "Not Registered")])
    }

    @Test("A phone is reached over its own connection, and is gone with it")
    func connection() {
        var wire = wire()
        let challenge = wire.inject(register(1), flow: 6).first?.text ?? ""
        let nonce = String(challenge.split(separator: "nonce=\"").last?.prefix { $0 != "\"" } ?? "")
        _ = wire.inject(register(2, ["Authorization": authorization(nonce)]), flow: 6)
        wire.perform(0, .invite(SIPLegID(2), SIPInvitation(target: .user(user), from: "77", sdp: sdp("o"))))
        #expect(wire.sent.last?.packet.flow == 6)
        let at = wire.moment
        let events = wire.endpoints[0].flowClosed(6, now: at).compactMap(\.event)
        #expect(
            events == [
                .unregistered(user: user), .failed(SIPLegID(2), status: 503, reason: "Connection Lost"),
            ]
        )
        #expect(!wire.endpoints[0].isRegistered(user))
    }

    @Test("An endpoint registers with another, keeps the registration alive through loss, and ends it")
    func endpointAsPhone() {
        var wire = wire()
        wire.lossPercent = 20
        let registration = SIPRegistration(
            user: user,
            password: "secret",
            registrar: VirtualWire.address(0),
            expires: .seconds(60)
        )
        wire.perform(1, .register(registration))
        wire.run(for: .minutes(10))
        #expect(wire.events[1].allSatisfy { $0 == .registrationResult(user: user, status: 200) })
        #expect(wire.events[1].count >= 10)
        #expect(wire.endpoints[0].isRegistered(user))
        wire.lossPercent = 0
        var ending = registration
        ending.expires = .zero
        wire.perform(1, .register(ending))
        wire.run(for: .minutes(5))
        #expect(!wire.endpoints[0].isRegistered(user))
        #expect(wire.endpoints[1].load == (0, 0))
    }

    @Test("A wrong password of ours is reported and tried again later, not in a loop")
    func endpointRefused() {
        var wire = wire()
        wire.perform(
            1,
            .register(
                SIPRegistration(
                    user: user,
                    password: "wrong",
                    registrar: VirtualWire.address(0),
                    expires: .seconds(60)
                )
            )
        )
        wire.run(for: .seconds(20))
        #expect(wire.events[1] == [.registrationResult(user: user, status: 403)])
        #expect(wire.texts(from: 1).count == 2)
    }
}

extension String {
    /// How often a piece occurs.
    fileprivate func components(of piece: String) -> Int {
        ranges(of: piece).count
    }
}
