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
        let delete = try op("north", 2, at: 2, .delete(seen: VersionVector([create.dot])))
        let edit = try op("south", 1, at: 3, .set(name, .string("Ida"), seen: [create.dot]), .insert(tags, .int(1)))
        let one = document(create, delete, edit)
        let other = document(create, edit, delete)
        #expect(one == other)
        #expect(one.isDeleted)
        #expect(one.value(name) == nil)
        #expect(one.members(tags).isEmpty)
        #expect(one.conflicts.isEmpty)
    }

    @Test("What the deleter had not seen is kept for the lost-and-found, in whichever order it arrives")
    func remains() throws {
        let create = try op("north", 1, at: 1, .set(name, .string("Ada"), seen: []), .insert(tags, .int(7)))
        let delete = try op("north", 2, at: 2, .delete(seen: VersionVector([create.dot])))
        let edit = try op("south", 1, at: 3, .set(name, .string("Ida"), seen: [create.dot]), .append(FieldID(3), .null))
        let later = try op("south", 2, at: 4, .set(name, .string("Eda"), seen: [edit.dot]))
        let seenAll = try op("north", 3, at: 5, .delete(seen: VersionVector([delete.dot, later.dot])))
        let orders = [[create, delete, edit, later], [create, edit, delete, later], [create, edit, later, delete]]
        for order in orders {
            var document = Document(id: id)
            for op in order { document.apply(op.changes[0], of: op, schema: schema) }
            let remains = try #require(document.remains)
            #expect(remains.items.map(\.value) == [.string("Eda"), .null])
            #expect(remains.items.map(\.dot) == [later.dot, edit.dot])
            #expect(remains.deletion.dot == delete.dot)
            document.apply(seenAll.changes[0], of: seenAll, schema: schema)
            #expect(document.remains == nil)
        }
    }

    @Test("An op that the document has already changes nothing")
    func twice() throws {
        let create = try op("north", 1, at: 1, .append(FieldID(3), .int(1)), .add(FieldID(4), 5))
        let once = document(create)
        #expect(document(create, create) == once)
        #expect(once.count(FieldID(4)) == 5)
    }

    @Test("A key made from a dot tells the op that made the document")
    func birth() throws {
        let dot = Dot(origin: Origin(site: try #require(SiteID("shenzhen-2")), epoch: 9), sequence: 42)
        for index in [0, 3] {
            #expect(DocumentID(type: DocumentType(1), dot: dot, index: index).birth == dot)
        }
        for key in ["anna", "north-1", "north-0-1", "north-1-0", "north-1-2.x", "-1-2", "north-1-2-3.4.5"] {
            #expect(DocumentID(type: DocumentType(1), key: key).birth == nil, "\(key)")
        }
    }

    @Test("Of two deletions every site names the same")
    func twoDeletions() throws {
        let one = try op("north", 1, at: 5, .delete(seen: VersionVector()))
        let two = try op("south", 1, at: 5, .delete(seen: VersionVector()))
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
