import Kernel
import Replication
import TestKit
import Testing

@Suite("Bytes of state transfer")
struct TransferCodecTests {
    private static func messages() throws -> [TransferMessage] {
        var random = SeededRandom(seed: 1)
        var sites = try ["east", "north"].map { try Replica($0, schema: RandomEdits.schema) }
        try RandomEdits.run(&sites, steps: 30, &random)
        var site = sites[0]
        let ids =
            Array(site.storage.documents.keys.sorted().prefix(3)) + [DocumentID(type: DocumentType(9), key: "none")]
        let buckets = ids.map(StateDigest.bucket)
        var messages: [TransferMessage] = [
            .wantSnapshot(7, after: nil, limit: 5), .wantSnapshot(8, after: ids[0], limit: 1_000), .wantSums(9),
            .wantHashes(10, buckets: buckets), .wantDocuments(11, ids), .wantOps(12, site.ledger.vector.heads),
            .unavailable(13),
        ]
        let tasks: [TransferTask] = [
            .readSnapshot(after: nil, limit: 1_000), .readSnapshot(after: ids[1], limit: 1_000), .readSums,
            .readHashes(buckets: buckets),
            .readDocuments(ids), .readOps(site.ledger.vector.heads),
        ]
        for task in tasks {
            switch try site.transfer(task) {
            case .snapshot(let chunk?): messages.append(.snapshot(14, chunk))
            case .sums(let sums?, let vector): messages.append(.sums(15, sums, vector))
            case .hashes(let hashes): messages.append(.hashes(16, hashes))
            case .documents(let copies, let vector): messages.append(.documents(17, copies, vector))
            case .ops(let copies): messages.append(.ops(18, copies))
            default: break
            }
        }
        return messages
    }

    @Test("Every message reads back as it was; cut short anywhere it is malformed")
    func truncation() throws {
        let messages = try Self.messages()
        #expect(messages.count == 13)
        for message in messages {
            let bytes = TransferCodec.encode(message)
            #expect(try TransferCodec.decode(bytes) == message)
            let step = bytes.count > 20_000 ? 97 : 1
            for length in stride(from: 0, to: bytes.count, by: step) {
                #expect(throws: FrameError.self) { try TransferCodec.decode(Array(bytes.prefix(length))) }
            }
            #expect(throws: FrameError.self) { try TransferCodec.decode(bytes + [0]) }
        }
    }

    @Test("Noise is refused or read as something, never a crash", arguments: Seeds.first(20))
    func noise(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for message in try Self.messages() {
            var bytes = TransferCodec.encode(message)
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = try? TransferCodec.decode(bytes)
            var parts = TransferParts()
            _ = try? parts.take(bytes)
        }
    }

    @Test("A kind of a newer node is read as unknown")
    func newerKind() throws {
        #expect(try TransferCodec.decode([200, 1, 2, 3]) == .unknown)
    }

    @Test("Long messages go in parts and come together again; a part that is missing costs the message only")
    func parts() throws {
        let body = [UInt8](repeating: 7, count: 3 * Limits.transferPartBytesMax + 5)
        let chunk = SnapshotChunk(
            after: nil,
            through: nil,
            vector: VersionVector(),
            heads: [],
            items: [SnapshotChunk.Item(id: RandomEdits.keys[0], body: body)]
        )
        var sender = TransferParts()
        var receiver = TransferParts()
        let payloads = sender.cut(.snapshot(1, chunk))
        #expect(payloads.count == 4)
        #expect(payloads.allSatisfy { $0.count <= 256 * 1_024 })
        let whole = try payloads.map { try receiver.take($0) }
        #expect(whole == [nil, nil, nil, .snapshot(1, chunk)])
        let again = sender.cut(.snapshot(2, chunk))
        let gap = try [0, 2, 3].map { try receiver.take(again[$0]) }
        #expect(gap == [nil, nil, nil])
        let next = try sender.cut(.wantSums(3)).map { try receiver.take($0) }
        #expect(next == [.wantSums(3)])
    }

    @Test("Parts beyond the bound are malformed")
    func tooManyParts() throws {
        var writer = ByteWriter()
        writer.number(1)
        writer.number(0)
        writer.number(1_000_000)
        var receiver = TransferParts()
        #expect(throws: FrameError.self) { _ = try receiver.take(writer.bytes) }
    }
}
