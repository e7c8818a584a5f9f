import Kernel
import SIP
import Testing

@Suite struct RefusalTests {
    private func statuses(_ text: String) -> [Int] {
        var wire = VirtualWire(seed: 1)
        return wire.inject(text).compactMap(\.status)
    }

    @Test(
        "A request that breaks a rule gets the code of that rule",
        arguments: [
            (["Content-Length": "500"], 400), (["CSeq": "7 BYE"], 400), (["CSeq": "x INVITE"], 400),
            (["CSeq": "2147483648 INVITE"], 400), (["From": "<sip:a@b>"], 400), (["From": nil], 400),
            (["To": nil], 400), (["Call-ID": nil], 400), (["Call-ID": "a b"], 400), (["CSeq": nil], 400),
            (["f": "<sip:c@d>;tag=2"], 400), (["Max-Forwards": "0"], 483), (["Max-Forwards": "x"], 400),
            (["Max-Forwards": "300"], 400), (["Contact": nil], 400), (["Contact": "<nonsense>"], 400),
            (["Require": "100rel, nosuch"], 420), (["Content-Length": "two"], 400), (["Bad Header": "x"], 400),
            (["l": "0"], 400), (["To": "<sip:5550100@10.0.0.1>;tag=0123456789abcdef"], 481),
        ] as [([String: String?], Int)]
    )
    func rules(changes: [String: String?], status: Int) {
        #expect(statuses(Messages.invite(changes)) == [status])
    }

    @Test("What a 420 and a 503 say helps the peer on")
    func helpfulHeaders() {
        var wire = VirtualWire(seed: 1)
        let reply = wire.inject(Messages.invite(["Require": "100rel, nosuch"])).first?.text ?? ""
        #expect(Messages.header("Unsupported", in: reply) == "nosuch")
        let wrong = wire.inject(Messages.request("SUBSCRIBE", "sip:1@10.0.0.1")).first?.text ?? ""
        #expect(Messages.header("Allow", in: wrong)?.contains("INVITE") == true)
    }

    @Test("Scheme, version, method and body are each refused with their own code")
    func otherCodes() {
        #expect(statuses(Messages.invite(uri: "soap:1@10.0.0.1")) == [416])
        #expect(statuses(Messages.invite(uri: "sip:1@10.0.0.1:70000")) == [400])
        let version = Messages.invite().replacing(" SIP/2.0\r\nVia", with: " SIP/3.0\r\nVia")
        #expect(statuses(version) == [505])
        #expect(statuses(Messages.request("SUBSCRIBE", "sip:1@10.0.0.1")) == [405])
        #expect(statuses(Messages.request("NEWMETHOD", "sip:1@10.0.0.1")) == [501])
        #expect(statuses(Messages.request("BYE", "sip:1@10.0.0.1")) == [481])
        #expect(statuses(Messages.request("CANCEL", "sip:1@10.0.0.1")) == [481])
        let body = Messages.request("INVITE", "sip:1@10.0.0.1", ["Content-Type": "text/plain"], body: "hello")
        #expect(statuses(body) == [415])
    }

    @Test("An address in Via never gets anything: with maddr the message is dropped, else the source is answered")
    func viaIsNotTrusted() {
        var wire = VirtualWire(seed: 1)
        let maddr = ["Via": "SIP/2.0/UDP 192.0.2.9:5070;maddr=198.51.100.7;branch=z9hG4bKm"]
        #expect(wire.inject(Messages.invite(maddr)).isEmpty)
        let other = ["Via": "SIP/2.0/UDP 198.51.100.7:9;branch=z9hG4bKn;rport;received=198.51.100.8"]
        let outputs = wire.inject(Messages.request("OPTIONS", "sip:1@10.0.0.1", other))
        guard case .send(let packet) = outputs.first else {
            Issue.record("no answer")
            return
        }
        #expect(packet.remote == SIPAddress(host: "192.0.2.9", port: 5_070))
        let via = Messages.header("Via", in: String(decoding: packet.bytes, as: UTF8.self))
        #expect(via == "SIP/2.0/UDP 198.51.100.7:9;branch=z9hG4bKn;received=192.0.2.9;rport=5070")
    }

    @Test("Broken ACKs, broken responses and messages without Via are dropped")
    func dropped() {
        #expect(statuses(Messages.request("ACK", "sip:1@10.0.0.1", ["From": nil])).isEmpty)
        #expect(statuses(Messages.request("ACK", "sip:1@10.0.0.1")).isEmpty)
        #expect(statuses(Messages.invite(["Via": nil])).isEmpty)
        #expect(statuses("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n\r\n").isEmpty)
    }

    @Test("The same INVITE by another way is merged, the same one again is answered from memory")
    func merged() {
        var wire = VirtualWire(seed: 1)
        #expect(wire.inject(Messages.invite()).compactMap(\.status) == [100])
        #expect(wire.inject(Messages.invite()).compactMap(\.status) == [100])
        let detour = ["Via": "SIP/2.0/UDP 192.0.2.10;branch=z9hG4bKdetour"]
        #expect(wire.inject(Messages.invite(detour)).compactMap(\.status) == [482])
        #expect(wire.endpoints[0].load.legs == 1)
    }

    @Test("When too many transactions are open, new calls are told to wait and standing calls may still end")
    func flood() {
        var configuration = SIPConfiguration(advertised: [.udp: VirtualWire.address(0)], secret: [1, 2, 3])
        configuration.serverTransactionsMax = 10
        var endpoint = SIPEndpoint(configuration, random: SeededRandom(seed: 1))
        let at = VirtualWire(seed: 0).moment
        var statuses: [Int] = []
        for index in 0..<20 {
            let text = Messages.invite([
                "Via": "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK\(index)", "Call-ID": "flood-\(index)",
            ])
            let packet = SIPPacket(
                transport: .udp,
                remote: SIPAddress(host: "192.0.2.9", port: 5_070),
                bytes: Array(text.utf8)
            )
            let outputs = endpoint.receive(packet, now: at)
            statuses += outputs.compactMap(\.status)
            if statuses.last == 503 {
                #expect(Messages.header("Retry-After", in: outputs.first?.text ?? "") != nil)
            }
        }
        #expect(statuses == Array(repeating: 100, count: 10) + Array(repeating: 503, count: 10))
        #expect(endpoint.load.transactions == 10)
    }

    @Test("Copies of a new offer that crossed ours are told 491 each time, not that they are out of order")
    func repeatedGlare() {
        var wire = VirtualWire(seed: 1)
        let arrived = wire.inject(Messages.invite())
        guard case .incomingCall(let call) = arrived.compactMap(\.event).first else {
            Issue.record("no call")
            return
        }
        wire.perform(0, .answer(call.leg, sdp: sdp("x")))
        let to = Messages.header("To", in: wire.texts(from: 0).last ?? "")
        func within(_ method: String, _ number: Int) -> String {
            let via = "SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bK\(method)\(number);rport"
            return Messages.request(
                method,
                "sip:5550100@10.0.0.1",
                ["To": to, "CSeq": "\(number) \(method)", "Via": via]
            )
        }
        #expect(wire.inject(within("ACK", 7)).isEmpty)
        wire.perform(0, .reoffer(call.leg, sdp: sdp("y")))
        #expect(wire.inject(within("INVITE", 8)).compactMap(\.status) == [491])
        #expect(wire.inject(within("INVITE", 8)).compactMap(\.status) == [491])
        #expect(wire.inject(within("INFO", 9)).compactMap(\.status) == [200])
        #expect(wire.inject(within("INFO", 9)).compactMap(\.status) == [200])
        #expect(wire.inject(within("REFER", 10)).compactMap(\.status) == [400])
        #expect(wire.inject(within("BYE", 3)).compactMap(\.status) == [500])
        #expect(wire.inject(within("BYE", 11)).compactMap(\.status) == [200])
        #expect(wire.inject(within("BYE", 12)).compactMap(\.status) == [481])
    }
}
