import Kernel
import Replication
import Testing

@Suite("Lost and found in the ledger")
struct LedgerLostFoundTests {
    private typealias Fields = Replica.Fields
    private static let id = DocumentID(type: DocumentType(1), key: "one")

    private func edit(_ changes: FieldChange...) -> DocumentEdit {
        DocumentEdit(.id(Self.id, mustExist: true), changes)
    }

    /// Two sites, of which one deleted a document while the other wrote its name, and which have heard of both.
    private func parted() throws -> (north: Replica, south: Replica) {
        var north = try Replica("north")
        var south = try Replica("south")
        try north.make(
            DocumentEdit(.id(Self.id, mustExist: false), [.set(Fields.name, .string("Ada"), seen: nil)]),
            by: "ada"
        )
        try south.fetchAll(from: north)
        try north.make(edit(.delete), by: "ada")
        try south.make(edit(.set(Fields.name, .string("Ada Lovelace"), seen: nil)), by: "ben")
        try south.fetchAll(from: north)
        try north.fetchAll(from: south)
        return (north, south)
    }

    @Test("Deleting a deleted document once more settles what was lost in it, at all sites")
    func settled() throws {
        var (north, south) = try parted()
        let lost = try #require(north.storage.documents[Self.id]?.remains)
        #expect(lost.items.map(\.value) == [.string("Ada Lovelace")])
        #expect(lost.items.map(\.actor) == [Actor("ben")])
        try north.make(edit(.delete), by: "susan")
        #expect(north.storage.documents[Self.id]?.isDeleted == true)
        #expect(north.storage.documents[Self.id]?.remains == nil)
        try south.fetchAll(from: north)
        #expect(south.storage.documents[Self.id]?.remains == nil)
        #expect(north.picture() == south.picture())
    }

    @Test("What was not seen when it was settled stays")
    func lateOnes() throws {
        var (north, south) = try parted()
        var east = try Replica("east")
        try east.fetchAll(from: north)
        // West has heard of the document's birth only when it writes.
        var early = try Replica("west")
        try early.fetch(north.ledger.origin, from: north, count: 1)
        try early.make(edit(.append(Fields.notes, .string("called"))), by: "cleo")
        try east.make(edit(.delete), by: "susan")
        try north.fetchAll(from: east)
        try north.fetchAll(from: early)
        try south.fetchAll(from: north)
        let lost = try #require(south.storage.documents[Self.id]?.remains)
        #expect(lost.items.map(\.value) == [.string("called")])
    }

    @Test("Any other edit of a deleted document is refused, and so is deleting one in which nothing was lost")
    func refused() throws {
        var (north, _) = try parted()
        let refusal = CommitRejection.deletedDocument(Self.id)
        #expect(try north.refusal(edit(.set(Fields.name, .string("x"), seen: nil))) == refusal)
        #expect(try north.refusal(edit(.delete, .set(Fields.name, .string("x"), seen: nil))) == refusal)
        #expect(try north.refusal(edit(.delete, .delete)) == refusal)
        #expect(try north.refusal(edit(.delete), edit(.delete)) == refusal)
        try north.make(edit(.delete))
        #expect(try north.refusal(edit(.delete)) == refusal)
    }
}
