import Kernel
import Mesh
import Replication
import Testing
import Transport

@Suite("Frames that must not be believed", .timeLimit(.minutes(1)))
struct MeshFrameTests {
    private static let east = SiteID("east").unsafelyUnwrapped
    private static let good = FrameEnvelope(trafficClass: .live, body: [1, 2, 3])

    /// A stream that cannot be read on from.
    struct Broken: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let kind: MeshReason.Kind
        let bytes: [UInt8]

        /// A good envelope with bytes changed, and the checksum made right again.
        init(_ name: String, _ kind: MeshReason.Kind, isSealed: Bool = true, _ change: (inout [UInt8]) -> Void) {
            var bytes = MeshFrameTests.good.encoded()
            change(&bytes)
            if isSealed {
                let sum = CRC32C.checksum(bytes[4..<(bytes.count - 4)])
                let digits = (0..<4).map { UInt8(truncatingIfNeeded: sum >> (24 - 8 * $0)) }
                bytes.replaceSubrange((bytes.count - 4)..., with: digits)
            }
            (testDescription, self.kind, self.bytes) = (name, kind, bytes)
        }
    }

    static let broken = [
        Broken("oversized: one byte more than the bound", .frameOversized, isSealed: false) {
            let length = UInt32(Limits.frameBytesMax + 1)
            for place in 0..<4 { $0[place] = UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32(place))) }
        },
        Broken("oversized: as long as a length can say", .frameOversized, isSealed: false) { bytes in
            for place in 0..<4 { bytes[place] = 0xFF }
        },
        Broken("undersized: shorter than an envelope", .frameUndersized, isSealed: false) { $0[3] = 7 },
        Broken("unknown version", .frameVersion) { $0[4] = 2 },
        Broken("unknown traffic class", .frameClass) { $0[5] = 9 },
        Broken("flags that mean nothing here", .frameMalformed) { $0[6] = 0x80 },
        Broken("bad checksum", .frameChecksum, isSealed: false) { $0[9] ^= 0x10 },
        Broken("a length that lies: too short", .frameChecksum, isSealed: false) { $0[3] -= 1 },
    ]

    @Test("A broken stream ends the link with its reason, and nothing of it is taken", arguments: broken)
    func brokenStream(_ test: Broken) async throws {
        try await withLoop { loop in
            let (north, peer) = try await Self.linked(loop)
            // The good frame behind the broken one must not be taken either.
            try await peer.sendRaw(test.bytes + Self.good.encoded())
            guard case .linkDown(Self.east, let reason) = try await north.events.next() else {
                Issue.record("Something of it was taken")
                return
            }
            #expect(reason.kind == test.kind && !reason.isToldByPeer)
            _ = try await peer.closed.next()
            #expect(try await north.run { $0.tally.count(of: test.kind) } == 1)
        }
    }

    @Test("A frame that is cut off by the end of the link is told and not taken")
    func truncated() async throws {
        try await withLoop { loop in
            let (north, peer) = try await Self.linked(loop)
            let bytes = Self.good.encoded()
            try await peer.sendRaw(bytes + bytes.dropLast())
            #expect(try await north.nextBody() == [1, 2, 3])
            try await peer.finish()
            let reason = try await north.nextDown()
            #expect(reason.kind == .frameTruncated)
            #expect(reason.text.contains("\(bytes.count - 1) bytes"))
            #expect(north.events.count == 0)
        }
    }

    @Test("A frame of a kind that only a newer node knows is passed on, and the link stays")
    func unknownKind() async throws {
        try await withLoop { loop in
            let (north, peer) = try await Self.linked(loop)
            let newer: [UInt8] = [0xA2, 0x06, 0x02, 0x08, 0x01]
            try await peer.send(newer)
            let body = try await north.nextBody()
            #expect(try FrameCodec.decode(body) == .unknown)
            try await peer.send([1, 2, 3])
            #expect(try await north.nextBody() == [1, 2, 3])
        }
    }

    @Test(
        "Records repeated, in another order, left out or damaged on the wire end the link; nothing is taken twice",
        arguments: [Middleman.Mode.replay, .swap, .omit, .damage]
    )
    func tampered(mode: Middleman.Mode) async throws {
        try await withLoop { loop in
            let north = try await TestNode("north", on: loop)
            let wire = try await Middleman(to: north.port, on: loop)
            let east = try await TestNode("east", on: loop)
            try await north.know(east.site, port: 1)
            try await east.know(north.site, port: wire.port)
            #expect(try await east.nextLink() == "up north")
            #expect(try await north.nextLink() == "up east")
            try await wire.set(mode)
            for number in 1...2 as ClosedRange<UInt8> {
                _ = try await east.run { $0.send([number, 5], .live, to: north.site) }
                // A replayed first piece already ends it.
                if number == 1, case .swap = mode { _ = try await wire.tampered.next() }
            }
            var taken: [UInt8] = []
            down: while true {
                switch try await north.events.next() {
                case .frame(_, _, let body): taken.append(body[0])
                case .linkDown(_, let reason):
                    #expect(reason.kind == .recordBroken, "\(reason)")
                    break down
                default: break
                }
            }
            // Whole frames that came before the first wrong record may be taken, each once.
            #expect(taken == Array([1, 2].prefix(taken.count)))
            try await wire.set(.pass)
            #expect(try await north.nextLink() == "up east")
        }
    }

    @Test("A connection cut within an encrypted record is told as lost")
    func cutRecord() async throws {
        try await withLoop { loop in
            let north = try await TestNode("north", on: loop)
            let wire = try await Middleman(to: north.port, on: loop)
            let east = try await TestNode("east", on: loop)
            try await north.know(east.site, port: 1)
            try await east.know(north.site, port: wire.port)
            #expect(try await north.nextLink() == "up east")
            #expect(try await east.nextLink() == "up north")
            try await wire.set(.cut)
            _ = try await east.run { $0.send([1, 2, 3], .live, to: north.site) }
            // The next event is the end of the link: no frame came first.
            guard case .linkDown(_, let reason) = try await north.events.next() else {
                Issue.record("Something was taken")
                return
            }
            #expect(reason.kind == .lost)
        }
    }

    private static func linked(_ loop: EventLoop) async throws -> (TestNode, RawPeer) {
        let north = try await TestNode("north", on: loop)
        try await north.know(east, port: 1)
        let peer = try await RawPeer.greeted("east", to: north.port, on: loop)
        #expect(try await north.nextLink() == "up east")
        return (north, peer)
    }
}
