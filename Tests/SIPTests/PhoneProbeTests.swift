import Kernel
import SIP
import TestKit
import Testing

@Suite struct PhoneProbeTests {
    private let phone = DigestPhone()
    private let source = SIPAddress(host: "192.0.2.9", port: 5_070)

    private func wire(seed: UInt64 = 1, endpoints: Int = 1) -> VirtualWire {
        var wire = VirtualWire(seed: seed, endpoints: endpoints)
        wire.endpoints[0].setCredential(user: phone.user, ha1: phone.ha1)
        return wire
    }

    private func probes(_ wire: VirtualWire) -> [String] {
        wire.texts(from: 0).filter { $0.hasPrefix("OPTIONS ") }
    }

    /// The answer of a phone to a request.
    private func answer(_ request: String, _ status: String) -> String {
        var text = "SIP/2.0 \(status)\r\n"
        for name in ["Via", "From", "To", "Call-ID", "CSeq"] {
            text += "\(name): \(Messages.header(name, in: request) ?? "")\r\n"
        }
        return text + "Content-Length: 0\r\n\r\n"
    }

    @Test("A phone that no longer answers is gone after two probes, kept, and back with any packet")
    func vanishes() {
        var wire = wire()
        _ = phone.registerAt(&wire)
        #expect(wire.endpoints[0].isRegistered(phone.user))
        wire.run(for: Limits.sipPhoneProbeInterval + Limits.sipProbeTime * 2 + .seconds(1))
        #expect(wire.events[0] == [.unregistered(user: phone.user)])
        #expect(!wire.endpoints[0].isRegistered(phone.user))
        #expect(probes(wire).first?.hasPrefix("OPTIONS sip:agent1@10.9.9.9:5060 SIP/2.0\r\n") == true)
        // The binding is still there to be tried.
        wire.perform(0, .invite(SIPLegID(2), SIPInvitation(target: .user(phone.user), from: "7", sdp: sdp("o"))))
        #expect(wire.sent.last?.packet.remote == source)
        let back = wire.inject("\r\n\r\n", from: source).compactMap(\.event)
        guard case .registered(user: phone.user, contact: _, expiresAt: _)? = back.first, back.count == 1 else {
            Issue.record("not back: \(back)")
            return
        }
        #expect(wire.endpoints[0].isRegistered(phone.user))
    }

    @Test("Any answer is a sign of life", arguments: ["200 OK", "404 Not Found", "405 Method Not Allowed", "481 No"])
    func anyAnswer(status: String) {
        var wire = wire()
        _ = phone.registerAt(&wire)
        var answered = 0
        for _ in 0..<100 {
            wire.run(for: .seconds(3))
            let new = probes(wire)
            for request in new[answered...] { _ = wire.inject(answer(request, status), from: source) }
            answered = new.count
        }
        #expect(answered >= 9)
        #expect(wire.events[0].isEmpty)
        #expect(wire.endpoints[0].isRegistered(phone.user))
    }

    @Test(
        "Phones that answer are never called gone, though a fifth of all datagrams is lost",
        arguments: Seeds.first(5)
    )
    func loss(seed: UInt64) {
        var wire = wire(seed: seed, endpoints: 2)
        wire.lossPercent = 20
        let registration = SIPRegistration(
            user: phone.user,
            password: phone.password,
            registrar: VirtualWire.address(0),
            expires: .minutes(60)
        )
        wire.perform(1, .register(registration))
        wire.run(for: .minutes(30))
        #expect(!wire.events[0].contains(.unregistered(user: phone.user)))
        #expect(wire.endpoints[0].isRegistered(phone.user))
        #expect(probes(wire).count > 55)
    }

    @Test("Probes of many phones are spread over the interval")
    func spread() {
        var wire = wire()
        for number in 0..<60 {
            let other = DigestPhone(user: "agent\(number)x")
            wire.endpoints[0].setCredential(user: other.user, ha1: other.ha1)
            _ = other.registerAt(&wire, from: SIPAddress(host: "10.5.0.\(number)", port: 5_060))
        }
        var perSecond: [Int] = []
        for _ in 0..<30 {
            let before = Set(probes(wire).compactMap { Messages.header("Call-ID", in: $0) }).count
            wire.run(for: .seconds(1))
            perSecond.append(Set(probes(wire).compactMap { Messages.header("Call-ID", in: $0) }).count - before)
        }
        #expect(perSecond.reduce(0, +) >= 60)
        #expect((perSecond.max() ?? 0) <= 12)
    }

    @Test("A call that hears nothing at all shows that the phone is gone; of two phones the one that answers is called")
    func silentCall() {
        var wire = VirtualWire(seed: 1, endpoints: 1) { $1.phoneProbeInterval = .zero }
        wire.endpoints[0].setCredential(user: phone.user, ha1: phone.ha1)
        let other = SIPAddress(host: "192.0.2.8", port: 5_060)
        _ = phone.registerAt(&wire, from: other, number: 1, ["Contact": "<sip:agent1@192.0.2.8>"])
        _ = phone.registerAt(&wire, from: source, number: 3)
        wire.perform(0, .invite(SIPLegID(2), SIPInvitation(target: .user(phone.user), from: "7", sdp: sdp("o"))))
        #expect(wire.sent.last?.packet.remote == source)
        wire.run(for: .seconds(33))
        #expect(wire.events[0] == [.failed(SIPLegID(2), status: 408, reason: "Request Timeout")])
        wire.perform(0, .invite(SIPLegID(4), SIPInvitation(target: .user(phone.user), from: "7", sdp: sdp("o"))))
        #expect(wire.sent.last?.packet.remote == other)
        // Given up before the time was over: the silence counts all the same.
        wire.later(5_000, 0, .cancel(SIPLegID(4)))
        wire.run(for: .seconds(33))
        #expect(wire.events[0].last == .unregistered(user: phone.user))
        #expect(wire.endpoints[0].load == (0, 0))
    }

    @Test("Without probes nobody is asked, and over connections neither")
    func never() {
        var wire = VirtualWire(seed: 1, endpoints: 1)
        wire.endpoints[0].setCredential(user: phone.user, ha1: phone.ha1)
        _ = phone.registerAt(&wire, flow: 3)
        wire.run(for: .minutes(9))
        #expect(probes(wire).isEmpty)
        #expect(wire.endpoints[0].isRegistered(phone.user))
    }
}
