import Kernel
import Replication
import TestKit
import Testing

@Suite("Messages about blobs")
struct BlobCodecTests {
    static let blob = BlobID(of: [1, 2, 3])
    static let messages: [BlobMessage] = [
        .ask(blob, relay: 0), .ask(blob, relay: 2), .here(blob, size: 1), .here(blob, size: Limits.blobBytesMax),
        .absent(blob), .coming(blob), .enough(blob),
        .want(7, blob, offset: 300, length: Limits.blobPartBytesMax),
        .part(.max, offset: 2, size: 5, [9, 8, 7]), .unavailable(0),
    ]

    @Test("A name is the SHA-256 of the content, and only such a name is one")
    func name() throws {
        #expect(Self.blob.hex == "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81")
        #expect(BlobID(Self.blob.hex) == Self.blob)
        #expect(BlobID(bytes: Self.blob.bytes) == Self.blob)
        for wrong in [
            "", "../../etc/passwd", Self.blob.hex.uppercased(), String(Self.blob.hex.dropLast()), "é" + Self.blob.hex,
        ] {
            #expect(BlobID(wrong) == nil)
        }
    }

    @Test("Every message survives its bytes", arguments: messages)
    func roundTrip(_ message: BlobMessage) throws {
        #expect(try BlobCodec.decode(BlobCodec.encode(message)) == message)
    }

    @Test("No truncation of a message is a message", arguments: messages)
    func truncation(_ message: BlobMessage) {
        let bytes = BlobCodec.encode(message)
        for length in 0..<bytes.count {
            #expect(throws: FrameError.self) { try BlobCodec.decode(Array(bytes.prefix(length))) }
        }
        #expect(throws: FrameError.self) { try BlobCodec.decode(bytes + [0]) }
    }

    @Test("Changed bytes give a message within the bounds, or none", arguments: Seeds.first(40))
    func mutation(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var understood = 0
        for message in Self.messages {
            var bytes = BlobCodec.encode(message)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let read = try? BlobCodec.decode(bytes) else { continue }
            understood += 1
            switch read {
            case .here(_, let size): #expect((1...Limits.blobBytesMax).contains(size))
            case .want(_, _, let offset, let length):
                #expect((0...Limits.blobBytesMax).contains(offset) && (1...Limits.blobPartBytesMax).contains(length))
            case .part(_, let offset, let size, let bytes):
                #expect(!bytes.isEmpty && offset + bytes.count <= size && size <= Limits.blobBytesMax)
            default: break
            }
        }
        #expect(understood > 0)
    }

    @Test("A kind of a newer node is passed over")
    func newer() throws {
        #expect(try BlobCodec.decode([99, 1, 2, 3]) == .unknown)
    }

    @Test("Numbers beyond the bounds are refused")
    func bounds() {
        let wrong: [BlobMessage] = [
            .here(Self.blob, size: 0), .here(Self.blob, size: Limits.blobBytesMax + 1),
            .want(1, Self.blob, offset: 0, length: 0),
            .want(1, Self.blob, offset: 0, length: Limits.blobPartBytesMax + 1),
            .want(1, Self.blob, offset: .max, length: 1), .part(1, offset: 4, size: 5, [1, 2]),
            .part(1, offset: 0, size: 5, []),
        ]
        for message in wrong {
            #expect(throws: FrameError.self) { try BlobCodec.decode(BlobCodec.encode(message)) }
        }
    }
}
