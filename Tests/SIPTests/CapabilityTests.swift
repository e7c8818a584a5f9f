import Kernel
import SIP
import Testing

/// What we say that we can do.
@Suite struct CapabilityTests {
    private let methods = [
        "ACK", "BYE", "CANCEL", "INFO", "INVITE", "NOTIFY", "OPTIONS", "PRACK", "REFER", "REGISTER", "UPDATE",
    ]

    private func list(_ name: String, _ text: String) -> [String] {
        (Messages.header(name, in: text) ?? "").split(separator: ", ").map(String.init).sorted()
    }

    @Test("OPTIONS lists every method and extension that is served; path only where phones register")
    func options() {
        for isRegistrar in [true, false] {
            var wire = VirtualWire(seed: 1) { $1.isRegistrar = isRegistrar }
            let reply = wire.inject(Messages.request("OPTIONS", "sip:10.0.0.1")).compactMap(\.text).first ?? ""
            #expect(reply.hasPrefix("SIP/2.0 200 "))
            #expect(list("Allow", reply) == methods)
            let path = isRegistrar ? ["path"] : []
            #expect(list("Supported", reply) == ["100rel", "norefersub"] + path + ["replaces", "timer"])
        }
    }

    @Test("A call says the same, without what only a registrar does")
    func invite() {
        var wire = VirtualWire(seed: 1)
        let target = SIPInvitation.Target.address(user: "1", VirtualWire.address(1), .udp)
        wire.perform(0, .invite(SIPLegID(2), SIPInvitation(target: target, from: "7", sdp: sdp("offer"))))
        let invite = wire.texts(from: 0).last ?? ""
        #expect(list("Allow", invite) == methods)
        #expect(list("Supported", invite) == ["100rel", "norefersub", "replaces", "timer"])
    }

    @Test(
        "An extension may be required where it is served, else its name comes back with 420",
        arguments: [
            ("INVITE", "timer", true), ("INVITE", "replaces", true), ("INVITE", "path", false),
            ("REGISTER", "path", true), ("REGISTER", "gruu", false),
        ]
    )
    func required(method: String, option: String, isServed: Bool) {
        var wire = VirtualWire(seed: 1)
        let outputs = wire.inject(Messages.request(method, "sip:5550100@10.0.0.1", ["Require": option]))
        let refusal = outputs.compactMap(\.text).first { $0.hasPrefix("SIP/2.0 420 ") }
        #expect((refusal == nil) == isServed)
        if let refusal { #expect(Messages.header("Unsupported", in: refusal) == option) }
    }
}
