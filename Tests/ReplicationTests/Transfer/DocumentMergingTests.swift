import Kernel
import Replication
import TestKit
import Testing

@Suite("Merging two states of a document")
struct DocumentMergingTests {
    private static func replicas(_ random: inout SeededRandom) throws -> [Replica] {
        var replicas = try ["north", "east", "south"].map { try Replica($0, schema: RandomEdits.schema) }
        try RandomEdits.run(&replicas, steps: 120, &random)
        return replicas
    }

    private static func merged(_ one: Document?, _ other: Document?) -> Document? {
        guard var result = one, let other else { return one ?? other }
        result.merge(other, schema: RandomEdits.schema)
        return result
    }

    @Test("It is what the ops of both would have made", arguments: Seeds.first(40))
    func equalsUnion(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let replicas = try Self.replicas(&random)
        for one in replicas {
            for other in replicas {
                var union = one
                // Without what waits in memory for its causes: that is in neither of the two.
                try union.restart()
                try union.fetchAll(from: other)
                for id in union.storage.documents.keys.sorted() {
                    let merged = Self.merged(one.storage.document(id), other.storage.document(id))
                    #expect(merged == union.storage.document(id), "\(id.key)")
                    #expect(
                        merged.map(DocumentEncoder.encode) == union.storage.document(id).map(DocumentEncoder.encode)
                    )
                }
            }
        }
    }

    @Test("The vectors of the sites do as contexts as well as the documents' versions", arguments: Seeds.first(30))
    func vectorsAsContexts(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let replicas = try Self.replicas(&random)
        for id in RandomEdits.keys {
            guard let one = replicas[0].storage.document(id), let other = replicas[1].storage.document(id) else {
                continue
            }
            var merged = one
            merged.merge(
                other,
                schema: RandomEdits.schema,
                seen: replicas[0].ledger.vector,
                otherSeen: replicas[1].ledger.vector
            )
            #expect(merged == Self.merged(one, other))
        }
    }

    @Test("Neither order nor grouping nor repetition matters", arguments: Seeds.first(30))
    func laws(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let replicas = try Self.replicas(&random)
        for id in Set(replicas.flatMap(\.storage.documents.keys)).sorted() {
            let states = replicas.map { $0.storage.document(id) }
            let left = Self.merged(Self.merged(states[0], states[1]), states[2])
            let right = Self.merged(states[0], Self.merged(states[1], states[2]))
            #expect(left == right)
            #expect(left == Self.merged(Self.merged(states[2], states[0]), states[1]))
            #expect(Self.merged(left, left) == left)
            #expect(Self.merged(left, states[1]) == left)
        }
    }

    @Test("States of other documents are left alone")
    func otherDocument() throws {
        var document = Document(id: RandomEdits.keys[0])
        let before = document
        document.merge(Document(id: RandomEdits.keys[1]), schema: RandomEdits.schema)
        #expect(document == before)
    }
}
