import Kernel
import Testing

@Suite("Document")
struct DocumentTests {
    private let id = DocumentID(type: DocumentType(1), key: "north-1-1")
    private let name = FieldID(1)
    private let tags = FieldID(2)
    private let schema = DocumentSchema()

    private func op(_ site: String, _ sequence: UInt64, at stamp: UInt64, _ mutations: Mutation...) throws -> Op {
        Op(
            dot: Dot(origin: Origin(site: try #require(SiteID(site)), epoch: 1), sequence: sequence),
            stamp: HybridTimestamp(bits: stamp),
            actor: Actor("ada"),
            needs: VersionVector(),
            changes: [DocumentChange(document: id, mutations: mutations)]
        )
    }

    private func document(_ ops: Op...) -> Document {
        var document = Document(id: id)
        for op in ops { document.apply(op.changes[0], of: op, schema: schema) }
        return document
    }

    @Test("What was deleted does not come back, in whichever order delete and edit arrive")
    func deletion() throws {
        let create = try op("north", 1, at: 1, .set(name, .string("Ada"), seen: []))
        let delete = try op("north", 2, at: 2, .delete)
        let edit = try op("south", 1, at: 3, .set(name, .string("Ida"), seen: [create.dot]), .insert(tags, .int(1)))
        let one = document(create, delete, edit)
        let other = document(create, edit, delete)
        #expect(one == other)
        #expect(one.isDeleted)
        #expect(one.value(name) == nil)
        #expect(one.members(tags).isEmpty)
    }

    @Test("Of two deletions every site names the same")
    func twoDeletions() throws {
        let one = try op("north", 1, at: 5, .delete)
        let two = try op("south", 1, at: 5, .delete)
        #expect(document(one, two) == document(two, one))
        #expect(document(one, two).deletion?.dot == two.dot)
    }

    @Test("The version tag names the ops and reads back as a vector")
    func versionTag() throws {
        let create = try op("north", 1, at: 1, .set(name, .string("Ada"), seen: []))
        let edit = try op("south", 4, at: 3, .set(name, .string("Ida"), seen: [create.dot]))
        let document = document(create, edit)
        #expect(document.versionTag == "north.1.1+south.1.4")
        #expect(VersionVector(text: document.versionTag) == document.version)
    }

    @Test("A reader of an older version is told to name a dot that is not the shown one's")
    func seenAtVersion() throws {
        let create = try op("north", 1, at: 1, .set(name, .string("Ada"), seen: []))
        let before = document(create)
        let edit = try op("south", 1, at: 3, .set(name, .string("Ida"), seen: [create.dot]))
        let after = document(create, edit)
        #expect(after.seen(name, at: after.version) == nil)
        let seen = try #require(after.seen(name, at: before.version))
        #expect(seen != edit.dot)
        #expect(after.seen(tags, at: before.version) == nil)
    }

    @Test("Conflicts name document, field and lost op; their text reads back")
    func conflictNames() throws {
        let one = try op("north", 1, at: 1, .set(name, .string("Ada"), seen: []))
        let two = try op("south", 1, at: 2, .set(name, .string("Ida"), seen: []))
        let conflicts = document(one, two).conflicts
        #expect(conflicts.map(\.id.text) == ["1.1~north.1.1~north-1-1"])
        #expect(conflicts.map { ConflictID(text: $0.id.text) } == conflicts.map(\.id))
        for text in ["", "1~north.1.1~k", "1.1~north.1~k", "1.1~north.1.1~", "1.01~north.1.1~k", "99999.1~north.1.1~k"]
        {
            #expect(ConflictID(text: text) == nil)
        }
    }

    @Test("A field used as two kinds at once still converges")
    func mixedKinds() throws {
        let one = try op("north", 1, at: 1, .set(name, .int(1), seen: []))
        let two = try op("south", 1, at: 2, .insert(name, .int(2)), .add(name, 3), .append(name, .int(4)), .unknown)
        #expect(document(one, two) == document(two, one))
        #expect(document(two, one).value(name) == .int(1))
        #expect(document(two, one).count(name) == 3)
    }
}
