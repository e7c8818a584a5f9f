import Kernel
import SIP
import TestKit
import Testing

@Suite struct StreamDecoderTests {
    private let first = Array(
        Messages.request("INVITE", "sip:1@h", ["Content-Type": "application/sdp"], body: "v=0").utf8
    )
    private let second = Array(Messages.request("OPTIONS", "sip:1@h").utf8)
    private var stream: [UInt8] {
        Array("\r\n".utf8) + first + Array("\r\n\r\n".utf8) + second + Array("\r\n\r\n".utf8)
    }
    private var items: [SIPStreamDecoder.Item] { [.message(first), .ping, .message(second), .ping] }

    @Test("A stream cut at any byte gives the same messages and keep-alives")
    func everySplit() throws {
        for split in 0...stream.count {
            var decoder = SIPStreamDecoder()
            let found = try decoder.receive(Array(stream[..<split])) + decoder.receive(Array(stream[split...]))
            #expect(found == items, "split at \(split)")
            #expect(decoder.buffered == 0)
        }
    }

    @Test("A stream that comes byte by byte gives the same")
    func byteByByte() throws {
        var decoder = SIPStreamDecoder()
        var found: [SIPStreamDecoder.Item] = []
        for byte in stream { found += try decoder.receive([byte]) }
        #expect(found == items)
    }

    @Test("A stream in random pieces gives the same", arguments: Seeds.first(20))
    func randomPieces(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var decoder = SIPStreamDecoder()
        var rest = (stream + stream + stream)[...]
        var found: [SIPStreamDecoder.Item] = []
        while !rest.isEmpty {
            let count = min(rest.count, 1 + Int(random.next() % 90))
            found += try decoder.receive(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        #expect(found.filter { $0 != .ping }.count == 6)
    }

    @Test("What cannot be SIP, or is too long, breaks the stream")
    func broken() {
        let oversized = "BYE sip:1@h SIP/2.0\r\nContent-Length: 70000\r\n\r\n"
        let endless = "BYE sip:1@h SIP/2.0\r\nX: " + String(repeating: "x", count: Limits.sipMessageBytesMax)
        let twice = "BYE sip:1@h SIP/2.0\r\nContent-Length: 1\r\nl: 2\r\n\r\n"
        for text in [oversized, endless, twice, "\rX", "GET / HTTP/1.1\r\n\r\n", "BYE\r\n\r\n"] {
            #expect(throws: SIPFlowFault.self) {
                var decoder = SIPStreamDecoder()
                _ = try decoder.receive(Array(text.utf8))
            }
        }
    }

    @Test("The endpoint answers a ping with a pong and closes a stream that is not SIP")
    func endpoint() {
        var wire = VirtualWire(seed: 1)
        let pong = wire.inject("\r\n\r\n", flow: 4)
        #expect(pong.compactMap(\.text) == ["\r\n"])
        #expect(wire.inject("GET / HTTP/1.1\r\n\r\n", flow: 4) == [.closeFlow(4, reason: .garbage)])
    }

    @Test("Over a stream a request in two pieces is answered once, on its own connection")
    func twoPieces() {
        var wire = VirtualWire(seed: 1)
        let text = Messages.request("OPTIONS", "sip:10.0.0.1")
        #expect(wire.inject(String(text.prefix(50)), flow: 8).isEmpty)
        let outputs = wire.inject(String(text.dropFirst(50)), flow: 8)
        #expect(outputs.compactMap(\.status) == [200])
        if case .send(let packet) = outputs.first { #expect(packet.flow == 8) }
    }
}
