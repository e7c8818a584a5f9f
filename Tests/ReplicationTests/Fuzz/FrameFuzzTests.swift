import Kernel
import Replication
import Testing

@Suite("Fuzz: frames")
struct FrameFuzzTests {
    @Test(
        "A spoiled stream of frames is consumed or refused, and nothing beyond the bound is kept",
        arguments: FuzzRounds.shards
    )
    func streams(shard: UInt64) throws {
        for round in 0..<FuzzRounds.perShard(default: 60) {
            var mutator = ByteMutator(random: FuzzRounds.random(shard: shard, round: round))
            let good = try FrameCodecTests.frames(&mutator.random).shuffled(using: &mutator.random).prefix(6)
                .map { FrameEnvelope($0).encoded() }
            let stream = mutator.spoil(good.flatMap { $0 }, with: good.first ?? [])
            var decoder = FrameDecoder()
            var fed = 0
            var taken = 0
            while fed < stream.count {
                let next = min(stream.count, fed + Int.random(in: 1...400, using: &mutator.random))
                let piece = stream[fed..<next]
                fed = next
                let envelopes: [FrameEnvelope]
                do {
                    envelopes = try decoder.receive(piece)
                } catch {
                    // Refused for good, whatever comes; and what was kept is let go.
                    #expect(throws: error) { try decoder.receive(good.flatMap { $0 }) }
                    #expect(decoder.pending == 0)
                    break
                }
                for envelope in envelopes {
                    taken += envelope.encoded().count
                    check(envelope.body, "shard \(shard) round \(round)")
                }
                #expect(taken + decoder.pending == fed, "shard \(shard) round \(round)")
                #expect(decoder.pending < Limits.frameBytesMax + 4)
            }
        }
    }

    @Test(
        "A spoiled body of every kind means something or is refused, and takes no more room than it came with",
        arguments: FuzzRounds.shards
    )
    func bodies(shard: UInt64) throws {
        for round in 0..<FuzzRounds.perShard(default: 60) {
            var mutator = ByteMutator(random: FuzzRounds.random(shard: shard, round: round))
            let good = try FrameCodecTests.frames(&mutator.random).map { FrameCodec.encode($0) }
            for body in good {
                let other = good[Int.random(in: 0..<good.count, using: &mutator.random)]
                check(mutator.spoil(body, with: other), "shard \(shard) round \(round)")
            }
        }
    }

    @Test("A length that promises much makes the decoder keep nothing of it", arguments: FuzzRounds.shards)
    func promises(shard: UInt64) throws {
        for round in 0..<FuzzRounds.perShard(default: 60) {
            var random = FuzzRounds.random(shard: shard, round: round)
            let length = UInt32.random(in: UInt32(Limits.frameBytesMax + 1) ... .max, using: &random)
            let bytes = (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32($0))) }
            var decoder = FrameDecoder()
            #expect(throws: FrameError.tooLong(Int(length), limit: Limits.frameBytesMax)) {
                try decoder.receive(bytes + [UInt8](repeating: 1, count: 1_000))
            }
            #expect(decoder.pending == 0)
        }
    }

    /// A body that can be read says the same when it is written and read again, in about as many bytes.
    private func check(_ body: [UInt8], _ place: String) {
        guard let frame = try? FrameCodec.decode(body) else { return }
        let written = FrameCodec.encode(frame)
        #expect(written.count <= 2 * body.count + 64, "\(place): \(body)")
        let again = try? FrameCodec.decode(written)
        // A number that is none is not equal to itself.
        #expect(again == frame || frame != frame, "\(place): \(body)")
    }
}
