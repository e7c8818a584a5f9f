import Kernel
import SIP
import TestKit
import Testing

@Suite struct StreamSafetyTests {
    private let options = Messages.request("OPTIONS", "sip:10.0.0.1")

    private func fault(_ text: String) -> SIPFlowFault? {
        var decoder = SIPStreamDecoder()
        do {
            _ = try decoder.receive(Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test("Each kind of abuse is told by its name")
    func faults() {
        let line = "BYE sip:1@h SIP/2.0\r\n"
        #expect(fault("\u{16}\u{3}\u{1}") == .garbage)
        #expect(fault("{\"json\": 1}") == .garbage)
        #expect(fault(String(repeating: "A", count: Limits.sipMethodBytesMax + 1)) == .garbage)
        #expect(fault(String(repeating: "A", count: Limits.sipMethodBytesMax)) == nil)
        #expect(fault("\r\n\r\n\r\nX Y") == nil)
        #expect(fault(line + "X: " + String(repeating: "x", count: Limits.sipStreamHeadBytesMax)) == .headTooLong)
        #expect(fault(line + "X: " + String(repeating: "x", count: 30_000) + "\r\n\r\n") == .headTooLong)
        #expect(fault(line + "Content-Length: -1\r\n\r\n") == .badLength)
        #expect(fault(line + "Content-Length: 99999999999999999999\r\n\r\n") == .badLength)
        #expect(fault(line + "Content-Length: \(Limits.sipMessageBytesMax)\r\n\r\n") == .badLength)
        #expect(fault(line + "Content-Length: 1\r\nl: 2\r\n\r\n") == .badLength)
    }

    @Test("A message that is never finished costs its connection")
    func slow() {
        var wire = VirtualWire(seed: 1, endpoints: 1)
        var closed: [SIPOutput] = []
        for byte in options.utf8 where closed.isEmpty {
            closed += wire.inject(String(decoding: [byte], as: UTF8.self), flow: 5)
            wire.now = wire.now + .seconds(1)
            let at = wire.moment
            closed += wire.endpoints[0].advance(now: at)
        }
        #expect(closed == [.closeFlow(5, reason: .tooSlow)])
        // One that speaks and then is silent stays.
        #expect(wire.inject(options + "\r\n", flow: 6).compactMap(\.status) == [200])
        wire.now = wire.now + .minutes(10)
        let at = wire.moment
        #expect(wire.endpoints[0].advance(now: at).isEmpty)
        #expect(wire.inject(options.replacing("fixed1", with: "fixed2"), flow: 6).compactMap(\.status) == [200])
    }

    @Test("All streams together hold no more than their bound, and room comes back when they close")
    func room() {
        var wire = VirtualWire(seed: 1, endpoints: 1)
        let head = "INVITE sip:1@h SIP/2.0\r\nContent-Length: 60000\r\n\r\n"
        let piece = head + String(repeating: "x", count: 50_000)
        let fitting = Limits.sipStreamBytesMax / piece.utf8.count
        for flow in 0..<fitting { #expect(wire.inject(piece, flow: UInt64(flow)).isEmpty) }
        #expect(wire.inject(piece, flow: 1_000_000) == [.closeFlow(1_000_000, reason: .noRoom)])
        let at = wire.moment
        _ = wire.endpoints[0].flowClosed(0, now: at)
        #expect(wire.inject(piece, flow: 1_000_001).isEmpty)
    }

    @Test("Random bytes over connections end in a closed connection or in nothing", arguments: Seeds.first(50))
    func noise(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var wire = VirtualWire(seed: seed, endpoints: 1)
        for flow in 0..<40 {
            var bytes = Array(options.utf8)
            for _ in 0..<(random.next() % 8) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            let cut = Int(random.next() % UInt64(bytes.count))
            for part in [bytes[..<cut], bytes[cut...]] {
                let packet = SIPPacket(
                    transport: .tcp,
                    remote: SIPAddress(host: "192.0.2.\(flow)", port: 5_060),
                    flow: UInt64(flow),
                    bytes: Array(part)
                )
                let at = wire.moment
                for output in wire.endpoints[0].receive(packet, now: at) { #expect(output.event == nil) }
            }
        }
        wire.run(for: .minutes(1))
        #expect(wire.endpoints[0].load == (0, 0))
    }
}
