import Kernel
import SIP
import Testing

@Suite struct TortureTests {
    private static let source = SIPAddress(host: "192.0.2.9", port: 5_070)

    private func outcomes(of outputs: [SIPOutput]) -> [TortureCase.Outcome] {
        outputs.compactMap { output in
            if output.status == 100 { return nil }
            if let status = output.status { return .answer(status) }
            if case .incomingCall(let call) = output.event { return .call(call.dialled) }
            if case .closeFlow = output { return .closed }
            return nil
        }
    }

    /// Lets every timer run out and shows that nothing is left.
    private func settle(_ endpoint: inout SIPEndpoint, _ outputs: [SIPOutput]) {
        for event in outputs.compactMap(\.event) {
            guard case .incomingCall(let call) = event else { continue }
            _ = endpoint.perform(.reject(call.leg, status: 486, reason: nil, headers: []), now: at(0))
        }
        _ = endpoint.advance(now: at(3_600))
        #expect(endpoint.load == (0, 0))
    }

    private func at(_ seconds: Int64) -> Moment {
        Moment(
            instant: Instant(milliseconds: 1_000 + seconds * 1_000),
            wall: WallTime(milliseconds: 1_700_000_000_000 + seconds * 1_000)
        )
    }

    private func endpoint() -> SIPEndpoint {
        let address = VirtualWire.address(0)
        let configuration = SIPConfiguration(advertised: [.udp: address, .tcp: address], secret: [1, 2, 3])
        return SIPEndpoint(configuration, random: SeededRandom(seed: 1))
    }

    @Test("All messages of RFC 4475 are here")
    func complete() {
        #expect(TortureCase.all.count == 49)
        #expect(Set(TortureCase.all.map(\.name)).count == 49)
    }

    @Test("A message of RFC 4475 in a datagram has the expected outcome and leaves nothing", arguments: TortureCase.all)
    func datagram(message: TortureCase) {
        var endpoint = endpoint()
        let packet = SIPPacket(transport: .udp, remote: Self.source, bytes: message.bytes)
        let outputs = endpoint.receive(packet, now: at(0))
        #expect(outcomes(of: outputs) == message.asDatagram)
        for case .send(let reply) in outputs { #expect(reply.remote == Self.source) }
        settle(&endpoint, outputs)
    }

    @Test("What claims to come from further than anybody can is not answered: the answer would be longer")
    func tooManyVias() {
        var endpoint = endpoint()
        for (count, answers) in [(60, 1), (71, 0)] {
            let vias = times(count, "SIP/2.0/UDP a;branch=z9hG4bK\(count),")
            let message = TortureCase("vias", TortureCase.request("OPTIONS", "sip:a@b", via: vias))
            let packet = SIPPacket(transport: .udp, remote: Self.source, bytes: message.bytes)
            #expect(endpoint.receive(packet, now: at(0)).count == answers)
        }
    }

    @Test("An answer that is repeated goes to where the call came from, whatever its Contact and routes say")
    func repeatedAnswer() {
        var endpoint = endpoint()
        let route = "Record-Route: <sip:198.51.100.7;lr>\nContact: <sip:caller@198.51.100.7>"
        let text = TortureCase.request("INVITE", "sip:user@example.com", extra: route)
        let packet = SIPPacket(transport: .udp, remote: Self.source, bytes: TortureCase("again", text).bytes)
        for case .event(.incomingCall(let call)) in endpoint.receive(packet, now: at(0)) {
            _ = endpoint.perform(.answer(call.leg, sdp: sdp("a")), now: at(0))
        }
        let again = endpoint.advance(now: at(1))
        #expect(again.map(\.status) == [200])
        for case .send(let answer) in again { #expect(answer.remote == Self.source) }
    }

    @Test("The same over a connection, byte by byte", arguments: TortureCase.all)
    func stream(message: TortureCase) {
        var endpoint = endpoint()
        var outputs: [SIPOutput] = []
        for byte in message.bytes {
            let packet = SIPPacket(transport: .tcp, remote: Self.source, flow: 7, bytes: [byte])
            outputs += endpoint.receive(packet, now: at(0))
            if outputs.contains(where: { if case .closeFlow = $0 { true } else { false } }) { break }
        }
        #expect(outcomes(of: outputs) == message.asStream)
        for case .send(let reply) in outputs { #expect(reply.flow == 7) }
        outputs += endpoint.flowClosed(7, now: at(0))
        settle(&endpoint, outputs)
    }
}
