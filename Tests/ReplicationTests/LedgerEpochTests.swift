import Kernel
import Replication
import TestKit
import Testing

@Suite("Epochs, forgetting, digest")
struct LedgerEpochTests {
    private typealias Fields = Replica.Fields
    private static let born = DocumentType(7)
    private static let wall = WallTime(milliseconds: 1_000_000)

    private func name(_ value: String) -> DocumentEdit {
        DocumentEdit(
            .id(DocumentID(type: DocumentType(1), key: "one"), mustExist: false),
            [.set(Fields.name, .string(value), seen: nil)]
        )
    }

    @Test("A blank disk begins an epoch of its own time; later starts keep it")
    func firstEpoch() throws {
        let site = try #require(SiteID("north"))
        let epoch = Ledger.firstEpoch(at: WallTime(milliseconds: 1_795_262_400_000))
        #expect(epoch == 28_036_800)
        var storage = InMemoryLedgerStorage()
        let first = try Ledger(site: site, schema: Replica.schema, firstEpoch: epoch, storage: &storage)
        let again = try Ledger(site: site, schema: Replica.schema, firstEpoch: epoch + 5, storage: &storage)
        #expect(first.origin.epoch == epoch)
        #expect(again.origin.epoch == epoch)
    }

    @Test("After a restored backup the lost ops come back from a peer and no dot is used twice")
    func restored() throws {
        var north = try Replica("north")
        var south = try Replica("south")
        try north.make(name("a"))
        let backup = north
        try north.make(name("b"))
        try north.make(name("c"))
        try south.fetchAll(from: north)
        north = backup
        let ahead = try north.apply(
            Ledger.read(OpsRequest(origin: north.ledger.origin, from: 1), from: south.storage)
        )
        #expect(ahead.alarms == [.ownOriginAhead(Dot(origin: north.ledger.origin, sequence: 3))])
        let old = north.ledger.origin
        _ = try north.ledger.perform(.beginEpoch, at: Self.wall, in: &north.storage)
        #expect(north.ledger.origin == Origin(site: old.site, epoch: 2))
        let commit = try north.make(name("d"))
        #expect(commit.dot == Dot(origin: north.ledger.origin, sequence: 1))
        try north.fetchAll(from: south)
        try south.fetchAll(from: north)
        #expect(north.picture() == south.picture())
        #expect(north.ledger.vector.text == "north.1.3+north.2.1")
        try north.restart()
        #expect(north.ledger.origin.epoch == 2)
        #expect(try north.make(name("e")).dot.sequence == 2)
    }

    @Test("Numbers for people that an earlier epoch gave out are not given again")
    func numbers() throws {
        var north = try Replica("north")
        var south = try Replica("south")
        let numbered = DocumentEdit(.new(DocumentType(1)), [.setNumber(Fields.name, series: "ticket")])
        let backup = north
        let lost = try (0..<3).map { _ in try north.make(numbered).numbers[0] }
        try south.fetchAll(from: north)
        north = backup
        _ = try north.ledger.perform(.beginEpoch, at: Self.wall, in: &north.storage)
        try north.fetchAll(from: south)
        try north.restart()
        #expect(!lost.contains(try north.make(numbered).numbers[0]))
    }

    /// Two sites, a document made by north, deleted by south, all of it known to both.
    private func deleted() throws -> (north: Replica, south: Replica, id: DocumentID) {
        let schema = DocumentSchema([:], born: [Self.born])
        var north = try Replica("north", schema: schema)
        var south = try Replica("south", schema: schema)
        let id = try north.make(DocumentEdit(.new(Self.born), [.set(Fields.name, .string("a"), seen: nil)])).created[0]
        try south.fetchAll(from: north)
        try south.make(DocumentEdit(.id(id, mustExist: true), [.delete]))
        return (north, south, id)
    }

    @Test("A tombstone goes once all have the deletion, and an edit that arrives later revives nothing")
    func forgotten() throws {
        var (north, south, id) = try deleted()
        // An edit at a site that knows of no deletion and is not heard for a long time.
        var east = try Replica("east", schema: DocumentSchema([:], born: [Self.born]))
        try east.fetchAll(from: north)
        try east.make(DocumentEdit(.id(id, mustExist: true), [.set(Fields.name, .string("late"), seen: nil)]))
        try north.fetchAll(from: south)
        let stable = north.ledger.vector
        for tooLow in [VersionVector(), VersionVector([stable.heads[0]])] {
            _ = try north.ledger.perform(.forget(stable: tooLow, trim: tooLow), at: Self.wall, in: &north.storage)
            #expect(north.storage.document(id)?.isDeleted == true)
        }
        let result = try north.ledger.perform(.forget(stable: stable, trim: stable), at: Self.wall, in: &north.storage)
        guard case .forgotten(let count, let floor) = result else { throw Replica.Refused(reason: "\(result)") }
        #expect(count == 1)
        #expect(floor == stable)
        #expect(north.storage.document(id) == nil)
        try north.fetch(east.ledger.origin, from: east)
        try south.fetch(east.ledger.origin, from: east)
        #expect(try north.document(id).isDeleted)
        #expect(try north.document(id).remains?.items.map(\.value) == [.string("late")])
        #expect(try north.document(id).remains?.items == south.document(id).remains?.items)
        let roots = [north.storage.digest()?.root, south.storage.digest()?.root]
        #expect(roots[0] == roots[1])
    }

    @Test("A trimmed log begins after its base, says so, and goes on")
    func trimmed() throws {
        var north = try Replica("north")
        for value in ["a", "b", "c"] { try north.make(name(value)) }
        let trim = VersionVector([Dot(origin: north.ledger.origin, sequence: 2)])
        _ = try north.ledger.perform(.forget(stable: trim, trim: trim), at: Self.wall, in: &north.storage)
        #expect(north.storage.bases().map(\.dot) == trim.heads)
        #expect(try Ledger.read(OpsRequest(origin: north.ledger.origin, from: 2), from: north.storage).bodies.isEmpty)
        let rest = try Ledger.read(OpsRequest(origin: north.ledger.origin, from: 3), from: north.storage)
        #expect(rest.bodies.count == 1)
        #expect(rest.previous == north.storage.bases()[0].chain)
        try north.restart()
        #expect(try north.make(name("d")).dot.sequence == 4)
        let all = north.ledger.vector
        _ = try north.ledger.perform(.forget(stable: all, trim: all), at: Self.wall, in: &north.storage)
        try north.restart()
        #expect(north.ledger.vector == all)
        #expect(try north.make(name("e")).dot.sequence == 5)
    }

    @Test("The digest is that of the documents, whichever changes led there", arguments: Seeds.first(10))
    func digest(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var north = try Replica("north")
        var south = try Replica("south")
        for step in 0..<40 {
            let id = DocumentID(type: DocumentType(1), key: "d\(Int.random(in: 0..<6, using: &random))")
            let change: FieldChange = step % 9 == 8 ? .delete : .append(Fields.notes, .int(Int64(step)))
            _ = try north.commit(
                EditRequest(actor: Actor("ada"), edits: [DocumentEdit(.id(id, mustExist: false), [change])])
            )
            if step % 7 == 0 { _ = north.storage.digest() }
        }
        try south.fetchAll(from: north)
        let found = north.storage.digest()
        let digest = try #require(found)
        let other = south.storage.digest()
        #expect(digest == other)
        let hashes = north.storage.hashes(inBuckets: Set(0..<StateDigest.bucketCount))
        #expect(digest.total == hashes.values.reduce(0) { $0 &+ $1.number })
    }
}
