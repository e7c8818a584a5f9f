import Kernel
import Replication
import TestKit
import Testing

/// Two versions of the schema side by side: an older node relays, keeps and does not damage what a newer one writes.
@Suite("Two versions of the schema together")
struct EvolutionTests {
    private typealias Fields = Replica.Fields
    private static let mood = FieldID(60)
    private let one = DocumentID(type: DocumentType(1), key: "one")

    /// As `Replica.schema`, with a field that only a newer node knows.
    private static let newer = DocumentSchema([
        DocumentType(1): [
            Fields.name: .init("name", .register),
            mood: .init("mood", .set, since: 2),
        ]
    ])

    private func edit(_ changes: FieldChange...) -> DocumentEdit {
        DocumentEdit(.id(one, mustExist: false), changes)
    }

    @Test("A newer field is written only when every member understands it, and the refusal says so")
    func gate() throws {
        var north = try Replica("north", schema: Self.newer)
        #expect(
            try north.refusal(edit(.insert(Self.mood, .string("calm"))))
                == .tooNew(one, Self.mood, level: 2, writable: 1)
        )
        _ = try north.ledger.perform(.setWritableLevel(2), at: WallTime(milliseconds: 1), in: &north.storage)
        try north.make(edit(.insert(Self.mood, .string("calm"))))
        #expect(try north.document(one).members(Self.mood) == [.string("calm")])
    }

    @Test("Newer fields and kinds of change pass through an older node unharmed")
    func relay() throws {
        var north = try Replica("north", schema: Self.newer)
        var old = try Replica("east")
        var south = try Replica("south", schema: Self.newer)
        _ = try north.ledger.perform(.setWritableLevel(2), at: WallTime(milliseconds: 1), in: &north.storage)
        try north.make(edit(.insert(Self.mood, .string("calm")), .set(Fields.name, .string("Ada"), seen: nil)))
        try old.fetchAll(from: north)
        // The older node keeps the field by the kind that the change carries, and goes on editing beside it.
        #expect(try old.document(one).members(Self.mood) == [.string("calm")])
        try old.make(edit(.set(Fields.name, .string("Ida"), seen: nil)))
        try south.fetchAll(from: old)
        try north.fetchAll(from: old)
        #expect(south.picture() == north.picture())
        #expect(south.picture() == old.picture())
        let origin = north.ledger.origin
        let request = OpsRequest(origin: origin, from: 1)
        let relayed = try Ledger.read(request, from: old.storage)
        #expect(try Ledger.read(request, from: north.storage) == relayed)
    }

    @Test("A kind of change that is not known here is passed over, byte for byte", arguments: Seeds.first(20))
    func unknownKind(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var north = try Replica("north")
        try north.make(edit(.set(Fields.name, .string("Ada"), seen: nil), .append(Fields.notes, .int(1))))
        let batch = try Ledger.read(OpsRequest(origin: north.ledger.origin, from: 1), from: north.storage)
        // The kind byte of the second change becomes one of the future.
        var body = batch.bodies[0]
        let place = try #require(body.lastIndex(of: 6))
        body[place] = UInt8.random(in: 20...250, using: &random)
        var future = batch
        future.bodies = [body]
        var old = try Replica("east")
        var last = try Replica("south")
        let outcome = try old.apply(future)
        #expect(outcome.alarms.isEmpty)
        #expect(outcome.applied == 1)
        #expect(try old.document(one).value(Fields.name) == .string("Ada"))
        #expect(try old.document(one).entries(Fields.notes).isEmpty)
        try last.fetchAll(from: old)
        #expect(last.picture() == old.picture())
        #expect(last.storage.op(Dot(origin: batch.origin, sequence: 1))?.body == body)
    }
}
