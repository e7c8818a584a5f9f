import Kernel
import SIP
import TestKit
import Testing

/// Endpoint 0 calls by a trunk, endpoint 1, that wants to know who calls.
@Suite struct TrunkDigestTests {
    private let leg = SIPLegID(2)
    private let account = DigestPhone(user: "acct", password: "pw")

    private func wire(
        seed: UInt64 = 1,
        password: String = "pw",
        algorithm: SIPDigest.Algorithm = .md5,
        _ change: @escaping (inout SIPTrunk) -> Void = { _ in }
    ) -> VirtualWire {
        let strong = DigestPhone(user: "acct", password: "pw", algorithm: .sha256).ha1
        let md5 = account.ha1
        var wire = VirtualWire(seed: seed) { index, configuration in
            if index == 0 {
                var trunk = SIPTrunk(name: "carrier", domain: "carrier.example")
                trunk.outgoing = SIPTrunk.Login(user: "acct", password: password)
                change(&trunk)
                configuration.trunks = [trunk]
            } else {
                var pbx = SIPTrunk(name: "pbx", sources: [SIPAddressRange("10.0.0.1")].compactMap { $0 })
                // With a wrong MD5 only SHA-256 leads in.
                pbx.incoming =
                    algorithm == .md5
                    ? SIPTrunk.Credential(user: "acct", md5: md5)
                    : SIPTrunk.Credential(user: "acct", md5: "none", sha256: strong)
                configuration.trunks = [pbx]
            }
        }
        wire.react = { wire, index, event in
            if index == 1, case .incomingCall(let call) = event {
                wire.later(100, 1, .answer(call.leg, sdp: sdp("answer")))
            }
        }
        wire.perform(0, .aimTrunk("carrier", [VirtualWire.address(1)]))
        return wire
    }

    private var call: SIPCommand {
        let target = SIPInvitation.Target.trunk("carrier", number: "5550100")
        return .invite(leg, SIPInvitation(target: target, from: "7", sdp: sdp("offer")))
    }

    @Test("A call is challenged, answered with the account, and taken", arguments: SIPDigest.Algorithm.allCases)
    func answered(algorithm: SIPDigest.Algorithm) {
        var wire = wire(algorithm: algorithm)
        wire.perform(0, call)
        wire.run(for: .seconds(2))
        #expect(wire.events[0].last == .answered(leg, sdp: sdp("answer")))
        let invites = wire.texts(from: 0).filter { $0.hasPrefix("INVITE ") }
        #expect(invites.compactMap { Messages.header("CSeq", in: $0) } == ["1 INVITE", "2 INVITE"])
        #expect(Set(invites.compactMap { Messages.header("Call-ID", in: $0) }).count == 1)
        #expect(invites.last?.hasSuffix("s=offer\r\n") == true)
        guard case .incomingCall(let incoming)? = wire.events[1].first else {
            Issue.record("no call")
            return
        }
        #expect(incoming.origin == .trunk("pbx"))
    }

    @Test("The same over a wire that loses and doubles", arguments: Seeds.first(10))
    func loss(seed: UInt64) {
        var wire = wire(seed: seed, algorithm: .sha256)
        wire.lossPercent = 20
        wire.doublePercent = 10
        wire.perform(0, call)
        wire.run(for: .seconds(40))
        #expect(wire.events[0].last == .answered(leg, sdp: sdp("answer")))
        wire.perform(0, .hangUp(leg, reason: nil))
        wire.run(for: .minutes(3))
        #expect(wire.endpoints.map(\.load.legs) == [0, 0])
        #expect(wire.endpoints.map(\.load.transactions) == [0, 0])
    }

    @Test("A wrong password is the end of a call, without a second try")
    func wrongPassword() {
        var wire = wire(password: "guess")
        wire.perform(0, call)
        wire.run(for: .seconds(5))
        #expect(wire.events[0].last == .failed(leg, status: 403, reason: "Forbidden"))
        #expect(wire.texts(from: 0).filter { $0.hasPrefix("INVITE ") }.count == 2)
    }

    /// A refusal of a request of endpoint 0, as a proxy might write it.
    private func refusal(_ request: String, _ status: String, _ header: String) -> String {
        var text = "SIP/2.0 \(status)\r\n"
        for name in ["Via", "From", "To", "Call-ID", "CSeq"] {
            text += "\(name): \(Messages.header(name, in: request) ?? "")\r\n"
        }
        return text + header + "\r\nContent-Length: 0\r\n\r\n"
    }

    @Test("BYE and re-INVITE are answered when a proxy challenges them, once more when the nonce was stale")
    func withinCall() {
        var wire = wire()
        wire.perform(0, call)
        wire.run(for: .seconds(2))
        let digest = "Proxy-Authenticate: Digest realm=\"edge\", nonce=\"n\", opaque=\"o\", qop=\"auth\", algorithm="
        for command in [SIPCommand.reoffer(leg, sdp: sdp("new")), .hangUp(leg, reason: nil)] {
            wire.perform(0, command)
            var request = wire.texts(from: 0).last ?? ""
            let first = Int(Messages.header("CSeq", in: request)?.prefix { $0 != " " } ?? "") ?? 0
            for step in 1...3 {
                let stale = step == 2 ? ", stale=true" : ""
                let text = refusal(request, "407 Proxy", digest + "MD5\(stale)\r\n" + digest + "SHA-256\(stale)")
                let outputs = wire.inject(text, from: VirtualWire.address(1))
                let next = outputs.compactMap(\.text).last { !$0.hasPrefix("ACK ") }
                guard step < 3 else {
                    #expect(next == nil)
                    break
                }
                request = next ?? ""
                let answer = Messages.header("Proxy-Authorization", in: request) ?? ""
                #expect(answer.contains("algorithm=SHA-256, opaque=\"o\", qop=auth, nc=00000001"))
                #expect(request.ranges(of: "Proxy-Authorization").count == 1)
                #expect(Messages.header("CSeq", in: request)?.hasPrefix("\(first + step) ") == true)
            }
        }
        #expect(wire.endpoints[0].load.legs == 0)
    }

    @Test("A trunk that wants it gets our registration, at its next address when the first is silent")
    func registration() {
        var wire = wire { $0.registers = true }
        #expect(wire.texts(from: 0).last?.hasPrefix("REGISTER sip:carrier.example SIP/2.0\r\n") == true)
        wire.run(for: .seconds(2))
        wire.endpoints[1].setCredential(user: "acct", ha1: account.ha1)
        #expect(wire.events[0].contains(.registrationResult(user: "acct", status: 403)))
        wire.run(for: .seconds(40))
        #expect(wire.events[0].last == .registrationResult(user: "acct", status: 200))
        #expect(wire.endpoints[1].isRegistered("acct"))
        let dead = SIPAddress(host: "203.0.113.1", port: 5_060)
        wire.perform(0, .aimTrunk("carrier", [dead]))
        #expect(wire.sent.last?.packet.remote == dead)
        wire.perform(0, .aimTrunk("carrier", [dead, VirtualWire.address(1)]))
        wire.run(for: .seconds(70))
        #expect(
            wire.events[0].suffix(2) == [
                .registrationResult(user: "acct", status: 408), .registrationResult(user: "acct", status: 200),
            ]
        )
    }

    @Test("A phone of ours that registered answers the challenge to its calls with the same password")
    func phoneCalls() {
        var wire = VirtualWire(seed: 1)
        let phone = DigestPhone()
        wire.endpoints[0].setCredential(user: phone.user, ha1: phone.ha1)
        wire.perform(
            1,
            .register(
                SIPRegistration(
                    user: phone.user,
                    password: phone.password,
                    registrar: VirtualWire.address(0),
                    expires: .minutes(10)
                )
            )
        )
        wire.run(for: .seconds(1))
        let target = SIPInvitation.Target.address(user: "5550100", VirtualWire.address(0), .udp)
        wire.perform(1, .invite(leg, SIPInvitation(target: target, from: phone.user, sdp: sdp("offer"))))
        wire.run(for: .seconds(1))
        guard case .incomingCall(let call)? = wire.events[0].last else {
            Issue.record("no call")
            return
        }
        #expect(call.origin == .phone(user: phone.user))
    }
}
