import Kernel
import Replication
import Testing

@Suite("Fuzz: ops of others")
struct OpFuzzTests {
    private typealias Fields = Replica.Fields

    @Test(
        "A spoiled batch never crashes; what is refused changes nothing, and good ops still apply",
        arguments: FuzzRounds.shards
    )
    func batches(shard: UInt64) throws {
        for round in 0..<FuzzRounds.perShard(default: 60) {
            var mutator = ByteMutator(random: FuzzRounds.random(shard: shard, round: round))
            let place = "shard \(shard) round \(round)"
            let writers = try Self.writers(&mutator.random)
            let good = try Self.batch(of: writers.north)
            let other = try Self.batch(of: writers.east)
            guard let bad = spoiled(good, with: other, by: &mutator) else { continue }
            var reader = try Replica("south")
            // Some of it may be here already.
            try reader.fetch(good.origin, from: writers.north, count: Int.random(in: 0...2, using: &mutator.random))
            let before = reader
            let outcome = try reader.apply(bad)
            check(outcome, reader, before, place)
            let keepsNothing = outcome.applied == 0 && outcome.held.isEmpty && outcome.missing.isEmpty
            if outcome.alarms.contains(where: Self.isMalformed), keepsNothing {
                // Refused: the right bytes of the same ops are still welcome.
                let missing = good.bodies.count - Int(before.ledger.vector[good.origin])
                let late = try reader.apply(good)
                #expect(late.applied == missing, "\(place): first \(outcome), then \(late)")
            }
            // Whatever happened, another origin goes on; unless the bytes now claim to be of that origin.
            guard bad.origin != other.origin else { continue }
            #expect(try reader.apply(other).vector[other.origin] == other.last, "\(place)")
            // What was taken can be stored, read at the next start, and written on.
            try reader.restart()
            try reader.make(DocumentEdit(.id(Self.own, mustExist: false), [.add(Fields.visits, 1)]))
        }
    }

    @Test("Bytes at random are refused as a whole, with the dot that is wrong", arguments: FuzzRounds.shards)
    func noise(shard: UInt64) throws {
        for round in 0..<FuzzRounds.perShard(default: 60) {
            var random = FuzzRounds.random(shard: shard, round: round)
            var writer = try Replica("north")
            try writer.make(Self.edit(0, &random))
            var batch = try Self.batch(of: writer)
            let right = batch
            // No form of a body begins with 0xFF.
            let count = Int.random(in: 0...300, using: &random)
            batch.bodies = [[0xFF] + (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }]
            var reader = try Replica("south")
            let before = reader
            let outcome = try reader.apply(batch)
            #expect(outcome.alarms.contains { Self.isMalformed($0) }, "shard \(shard) round \(round)")
            #expect(outcome.applied == 0 && outcome.vector == before.ledger.vector)
            #expect(reader.storage.documents == before.storage.documents)
            #expect(reader.storage.heads() == before.storage.heads())
            #expect(try reader.apply(right).applied == 1)
        }
    }

    @Test("A spoiled body is read as an op that is written the same again, or refused", arguments: FuzzRounds.shards)
    func codec(shard: UInt64) throws {
        for round in 0..<FuzzRounds.perShard(default: 60) {
            var mutator = ByteMutator(random: FuzzRounds.random(shard: shard, round: round))
            let good = try Self.batch(of: Self.writers(&mutator.random).north)
            let dot = Dot(origin: good.origin, sequence: 1)
            for body in good.bodies {
                let bytes = mutator.spoil(body, with: good.bodies.last ?? [])
                guard let op = try? OpCodec.decode(bytes, dot: dot) else { continue }
                // Compared as bytes: a number that is none is not equal to itself.
                let written = OpCodec.encode(op)
                let again = try OpCodec.decode(written, dot: dot)
                #expect(OpCodec.encode(again) == written, "shard \(shard) round \(round): \(bytes)")
            }
        }
    }

    /// What must hold after any batch.
    private func check(_ outcome: ApplyOutcome, _ reader: Replica, _ before: Replica, _ place: String) {
        #expect(outcome.vector.covers(before.ledger.vector), "\(place)")
        #expect(outcome.vector == reader.ledger.vector, "\(place)")
        if outcome.applied == 0, outcome.held.isEmpty {
            #expect(outcome.changed.isEmpty, "\(place)")
            #expect(reader.storage.documents == before.storage.documents, "\(place)")
            #expect(reader.storage.heads() == before.storage.heads(), "\(place)")
            #expect(reader.journal == before.journal, "\(place)")
        }
        for head in reader.storage.heads() {
            // Contiguous: each op up to the head is in the log.
            for sequence in 1...max(1, head.dot.sequence) {
                let dot = Dot(origin: head.dot.origin, sequence: sequence)
                #expect(reader.storage.op(dot) != nil, "\(place)")
            }
        }
    }

    /// A batch with spoiled bodies, or one that came out of a spoiled frame; nil when the frame is none any more.
    private func spoiled(_ good: OpsBatch, with other: OpsBatch, by mutator: inout ByteMutator) -> OpsBatch? {
        var batch = good
        if Bool.random(using: &mutator.random) {
            let place = Int.random(in: 0..<batch.bodies.count, using: &mutator.random)
            let donor = other.bodies[Int.random(in: 0..<other.bodies.count, using: &mutator.random)]
            batch.bodies[place] = mutator.spoil(batch.bodies[place], with: donor)
            return batch
        }
        let bytes = mutator.spoil(FrameCodec.encode(.ops(good)), with: FrameCodec.encode(.ops(other)))
        guard case .ops(let read) = try? FrameCodec.decode(bytes) else { return nil }
        return read
    }

    private static let own = DocumentID(type: DocumentType(1), key: "own")

    private static func isMalformed(_ alarm: LedgerAlarm) -> Bool {
        if case .malformed = alarm { true } else { false }
    }

    private static func batch(of replica: Replica) throws -> OpsBatch {
        try Ledger.read(OpsRequest(origin: replica.ledger.origin, from: 1), from: replica.storage)
    }

    /// Two sites that wrote on their own, with every kind of change.
    private static func writers(_ random: inout SeededRandom) throws -> (north: Replica, east: Replica) {
        var (north, east) = (try Replica("north"), try Replica("east"))
        for number in 0..<5 {
            try north.make(edit(number, &random))
            try east.make(edit(number, &random))
        }
        return (north, east)
    }

    private static func edit(_ number: Int, _ random: inout SeededRandom) -> DocumentEdit {
        let id = DocumentID(type: DocumentType(1), key: "doc\(Int.random(in: 0..<2, using: &random))")
        let changes: [FieldChange] =
            switch number {
            case 0: [.set(Fields.name, .string("Ada"), seen: nil), .add(Fields.visits, 1)]
            case 1: [.insert(Fields.tags, .string("vip")), .append(Fields.notes, .list([.int(1), .double(2.5)]))]
            case 2: [.set(Fields.state, .string("closed"), seen: nil), .append(Fields.notes, .bytes([1, 2, 3]))]
            case 3: [.remove(Fields.tags, .string("vip")), .insert(Fields.tags, .bool(true))]
            default: [.set(Fields.name, .string("小林"), seen: nil), .add(Fields.visits, -3)]
            }
        return DocumentEdit(.id(id, mustExist: false), changes)
    }
}
