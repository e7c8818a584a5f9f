import Kernel
import Replication
import TestKit
import Testing

@Suite("Frame envelopes")
struct FrameDecoderTests {
    @Test("CRC-32C gives the published values")
    func checksum() {
        #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
        // RFC 3720 B.4: 32 bytes of zeros, of ones, and 0 to 31.
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(CRC32C.checksum(Array(0..<32)) == 0x46DD_794E)
    }

    @Test("A stream cut at any byte gives the same frames")
    func everySplit() throws {
        var random = SeededRandom(seed: 1)
        let envelopes = try FrameCodecTests.frames(&random).map { FrameEnvelope($0) }
        let stream = envelopes.flatMap { $0.encoded() }
        for cut in 0...stream.count {
            var decoder = FrameDecoder()
            let got = try decoder.receive(stream[..<cut]) + decoder.receive(stream[cut...])
            #expect(got == envelopes)
            #expect(decoder.pending == 0)
        }
        var decoder = FrameDecoder()
        var single: [FrameEnvelope] = []
        for byte in stream { single += try decoder.receive([byte]) }
        #expect(single == envelopes)
    }

    @Test("Every flipped bit is noticed before the frame is believed")
    func flippedBits() throws {
        let bytes = FrameEnvelope(trafficClass: .live, body: Array("hello".utf8)).encoded()
        for place in bytes.indices {
            for bit in 0..<8 {
                var wrong = bytes
                wrong[place] ^= 1 << UInt8(bit)
                var decoder = FrameDecoder()
                // A larger length only makes it wait for more, which then fails; a smaller one fails at once.
                let got = try? decoder.receive(wrong)
                #expect(got == nil || got == [])
            }
        }
    }

    @Test("What is wrong is said precisely, and the stream stays broken")
    func errors() throws {
        func bytes(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
            var bytes = FrameEnvelope(trafficClass: .control, body: [1, 2, 3]).encoded()
            change(&bytes)
            let sum = CRC32C.checksum(bytes[4..<(bytes.count - 4)])
            bytes.replaceSubrange(
                (bytes.count - 4)...,
                with: (0..<4).map { UInt8(truncatingIfNeeded: sum >> (24 - 8 * $0)) }
            )
            return bytes
        }
        let cases: [([UInt8], FrameError)] = [
            ([0xFF, 0xFF, 0xFF, 0xFF], .tooLong(Int(UInt32.max), limit: Limits.frameBytesMax)),
            ([0, 0, 0, 7], .tooShort(7)),
            ([0, 0, 0, 20, 2], .unknownVersion(2)),
            (bytes { $0[5] = 200 }, .unknownClass(200)),
            (bytes { $0[7] = 1 }, .malformed("flags")),
        ]
        for (bytes, error) in cases {
            var decoder = FrameDecoder()
            #expect(throws: error) { try decoder.receive(bytes) }
            #expect(throws: error) { try decoder.receive([]) }
        }
        var broken = FrameEnvelope(trafficClass: .control, body: [1, 2, 3]).encoded()
        broken[8] = 9
        var decoder = FrameDecoder()
        do {
            _ = try decoder.receive(broken)
            Issue.record("a broken frame was taken")
        } catch {
            guard case .badChecksum(let said, let computed) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(said != computed)
        }
    }

    @Test("Bytes changed at random never crash the decoder", arguments: Seeds.first(200))
    func mutated(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var stream = try FrameCodecTests.frames(&random).flatMap { FrameEnvelope($0).encoded() }
        for _ in 0..<3 {
            stream[Int.random(in: 0..<stream.count, using: &random)] = UInt8(truncatingIfNeeded: random.next())
        }
        var decoder = FrameDecoder()
        var taken = 0
        while taken < stream.count {
            let next = min(taken + Int.random(in: 1...50, using: &random), stream.count)
            guard let envelopes = try? decoder.receive(stream[taken..<next]) else { break }
            for envelope in envelopes { _ = try? FrameCodec.decode(envelope.body) }
            taken = next
        }
        #expect(decoder.pending <= stream.count)
    }
}
