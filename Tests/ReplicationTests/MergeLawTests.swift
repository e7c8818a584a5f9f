import Kernel
import Replication
import TestKit
import Testing

@Suite("Laws of merging")
struct MergeLawTests {
    private static let keys = (0..<4).map { DocumentID(type: DocumentType(1), key: "doc-\($0)") }

    /// A request such as people make, on few documents so that it meets others.
    private static func request(_ replica: Replica, _ random: inout SeededRandom) -> EditRequest {
        let id = keys[Int.random(in: 0..<keys.count, using: &random)]
        let value = Value.int(Int64.random(in: 0..<5, using: &random))
        let register = replica.storage.document(id)?.registers[Replica.Fields.name]
        let seen = Bool.random(using: &random) ? nil : register?.writes.randomElement(using: &random)?.dot
        let lost = register?.lost.randomElement(using: &random)?.dot
        let change: FieldChange =
            switch Int.random(in: 0..<24, using: &random) {
            case 0..<6: .set(Replica.Fields.name, value, seen: seen)
            case 6..<10: .set(Replica.Fields.state, .string(["open", "closed"][value == .int(0) ? 0 : 1]), seen: nil)
            case 10..<13: .insert(Replica.Fields.tags, value)
            case 13..<16: .remove(Replica.Fields.tags, value)
            case 16..<18: .add(Replica.Fields.visits, Int64.random(in: -3...3, using: &random))
            case 18..<20: .append(Replica.Fields.notes, value)
            case 20: lost.map { .restore(Replica.Fields.name, lost: $0) } ?? .add(Replica.Fields.visits, 1)
            case 21: lost.map { .dismiss(Replica.Fields.name, lost: $0) } ?? .add(Replica.Fields.visits, 1)
            case 22: .set(FieldID(99), value, seen: nil)
            default: Int.random(in: 0..<10, using: &random) == 0 ? .delete : .insert(Replica.Fields.tags, .null)
            }
        let edit = DocumentEdit(.id(id, mustExist: false), [change])
        return EditRequest(actor: Actor("ada"), edits: [edit])
    }

    /// Three replicas that wrote and exchanged at random, not all of everything.
    private static func history(_ random: inout SeededRandom) throws -> [Replica] {
        var replicas = try ["north", "east", "south"].map(Replica.init)
        for step in 0..<150 {
            let place = Int.random(in: 0..<3, using: &random)
            let wall = 1_000_000 + Int64(step) + Int64.random(in: -500...500, using: &random)
            if Int.random(in: 0..<3, using: &random) > 0 {
                try replicas[place].commit(request(replicas[place], &random), at: wall)
            } else {
                let other = (place + Int.random(in: 1...2, using: &random)) % 3
                let origin = replicas[Int.random(in: 0..<3, using: &random)].ledger.origin
                let count = Int.random(in: 1...5, using: &random)
                try replicas[place].fetch(origin, from: replicas[other], count: count, at: wall)
            }
        }
        return replicas
    }

    @Test("All sites end with equal bytes and journals, whatever the order of exchange", arguments: Seeds.first(60))
    func convergence(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var replicas = try Self.history(&random)
        for _ in 0..<3 {
            for place in 0..<3 {
                for other in 0..<3 where other != place { try replicas[place].fetchAll(from: replicas[other]) }
            }
        }
        for replica in replicas.dropFirst() {
            #expect(replica.ledger.vector == replicas[0].ledger.vector)
            #expect(replica.picture() == replicas[0].picture())
            #expect(replica.journal == replicas[0].journal)
        }
        // The journal is exactly what the documents say.
        let expected = replicas[0].storage.documents.values.flatMap(\.conflicts).sorted { $0.id.text < $1.id.text }
        #expect(replicas[0].journal == expected)
    }

    @Test("Any order of arrival, in pieces of any size, twice, gives the same documents", arguments: Seeds.first(60))
    func anyArrival(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var replicas = try Self.history(&random)
        for place in 1..<3 { try replicas[0].fetchAll(from: replicas[place]) }
        let source = replicas[0]
        var pieces: [OpsBatch] = []
        for head in source.ledger.vector.heads {
            var from: UInt64 = 1
            while from <= head.sequence {
                var batch = try Ledger.read(OpsRequest(origin: head.origin, from: from), from: source.storage)
                batch.bodies = Array(batch.bodies.prefix(Int.random(in: 1...7, using: &random)))
                pieces.append(batch)
                from = batch.last + 1
            }
        }
        var pictures: [[DocumentID: [UInt8]]] = []
        for _ in 0..<2 {
            var fresh = try Replica("west")
            for batch in pieces.shuffled(using: &random) { try fresh.apply(batch) }
            let once = fresh
            for batch in pieces.shuffled(using: &random) {
                #expect(try fresh.apply(batch).applied == 0)
            }
            #expect(fresh.picture() == once.picture())
            #expect(fresh.ledger.vector == source.ledger.vector)
            #expect(fresh.journal == source.journal)
            pictures.append(fresh.picture())
        }
        #expect(pictures.allSatisfy { $0 == source.picture() })
    }

    @Test("Stored documents read back as they were", arguments: Seeds.first(20))
    func codec(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for replica in try Self.history(&random) {
            for document in replica.storage.documents.values {
                let bytes = DocumentEncoder.encode(document)
                #expect(try DocumentDecoder.decode(bytes, id: document.id) == document)
            }
        }
    }

    @Test("Causes come first: no op is applied before what its site had seen", arguments: Seeds.first(30))
    func causality(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var replicas = try Self.history(&random)
        for place in 1..<3 { try replicas[0].fetchAll(from: replicas[place]) }
        let source = replicas[0]
        var ops: [OpsBatch] = []
        for head in source.ledger.vector.heads {
            for sequence in 1...head.sequence {
                var batch = try Ledger.read(OpsRequest(origin: head.origin, from: sequence), from: source.storage)
                batch.bodies = Array(batch.bodies.prefix(1))
                ops.append(batch)
            }
        }
        var fresh = try Replica("west")
        for batch in ops.shuffled(using: &random) {
            try fresh.apply(batch)
            for head in fresh.ledger.vector.heads {
                let dot = head
                let stored = try #require(fresh.storage.op(dot))
                let op = try OpCodec.decode(stored.body, dot: dot)
                #expect(fresh.ledger.vector.covers(op.needs))
            }
        }
        #expect(fresh.ledger.vector == source.ledger.vector)
    }
}
