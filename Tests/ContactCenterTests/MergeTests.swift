import ContactCenter
import Kernel
import TestKit
import Testing

@Suite("Merging files and tickets")
struct MergeTests {
    /// A site with so many customers; their keys by bytes.
    private static func site(_ count: Int) throws -> (MemorySite, [String]) {
        var site = MemorySite()
        for number in 0..<count {
            var patch = CustomerPatch()
            patch.name = "C\(number)"
            try site.commit([patch.creation()])
        }
        return (site, site.documents.keys.map(\.key).sorted(by: MergeEdge.precedes))
    }

    private static func graph(_ site: MemorySite) -> MergeGraph {
        MergeGraph(Schema.customer, site.documents.values)
    }

    private static func merge(_ site: inout MemorySite, _ key: String, _ other: String) throws {
        try site.commit([MergeEdit.merge(key, with: other, in: graph(site))])
    }

    private static func undo(_ site: inout MemorySite, _ key: String, _ other: String) throws {
        try site.commit(MergeEdit.undo(key, from: other, in: graph(site)))
    }

    @Test("Both directions make the same edge, on the document with the smaller key")
    func direction() throws {
        let (site, keys) = try Self.site(2)
        let graph = Self.graph(site)
        let edit = try MergeEdit.merge(keys[0], with: keys[1], in: graph)
        #expect(try MergeEdit.merge(keys[1], with: keys[0], in: graph) == edit)
        #expect(edit.target == .id(CustomerID(keys[0]).documentID, mustExist: true))
        #expect(edit.changes == [.insert(CustomerField.merges, .string(keys[1]))])
    }

    @Test("Keys are compared by bytes: of nine and ten the tenth is the root")
    func bytes() throws {
        #expect(MergeEdge("north-1-9", "north-1-10")?.low == "north-1-10")
        #expect(MergeEdge("a", "a") == nil)
    }

    @Test("A class is all that merges lead to; its root has the smallest key")
    func classes() throws {
        var (site, keys) = try Self.site(5)
        try Self.merge(&site, keys[3], keys[1])
        try Self.merge(&site, keys[4], keys[3])
        let graph = Self.graph(site)
        for key in [keys[1], keys[3], keys[4]] {
            #expect(graph.members(of: key) == [keys[1], keys[3], keys[4]])
            #expect(graph.root(of: key) == keys[1])
        }
        #expect(graph.members(of: keys[0]) == [keys[0]])
        #expect(graph.members(of: "none") == [])
    }

    @Test("Undo gives back what was there before the merge, also when classes were merged")
    func undo() throws {
        var (site, keys) = try Self.site(4)
        try Self.merge(&site, keys[0], keys[1])
        try Self.merge(&site, keys[2], keys[3])
        try Self.merge(&site, keys[2], keys[0])
        #expect(Self.graph(site).members(of: keys[3]).count == 4)
        try Self.undo(&site, keys[0], keys[2])
        #expect(Self.graph(site).members(of: keys[0]) == [keys[0], keys[1]])
        #expect(Self.graph(site).members(of: keys[2]) == [keys[2], keys[3]])
    }

    @Test("Two that others brought together are parted before the one that leaves")
    func undoAcross() throws {
        var (site, keys) = try Self.site(3)
        try Self.merge(&site, keys[0], keys[1])
        try Self.merge(&site, keys[1], keys[2])
        try Self.undo(&site, keys[0], keys[2])
        #expect(Self.graph(site).members(of: keys[0]) == [keys[0], keys[1]])
        #expect(Self.graph(site).members(of: keys[2]) == [keys[2]])
    }

    @Test("Two that sites merged on several ways are parted in one op")
    func undoCycle() throws {
        var (site, keys) = try Self.site(3)
        var other = MemorySite("south")
        other.documents = site.documents
        let merges = [
            try site.commit([MergeEdit.merge(keys[0], with: keys[1], in: Self.graph(site))]),
            try site.commit([MergeEdit.merge(keys[1], with: keys[2], in: Self.graph(site))]),
        ]
        let direct = try other.commit([MergeEdit.merge(keys[2], with: keys[0], in: Self.graph(other))])
        site.apply(direct)
        for op in merges { other.apply(op) }
        #expect(Self.graph(site) == Self.graph(other))
        let edits = try MergeEdit.undo(keys[0], from: keys[2], in: Self.graph(site))
        #expect(edits.count == 2)
        site.commit(edits)
        #expect(Self.graph(site).members(of: keys[0]) == [keys[0], keys[1]])
        #expect(Self.graph(site).members(of: keys[2]) == [keys[2]])
    }

    @Test("What cannot be merged is refused with the reason")
    func refusals() throws {
        var (site, keys) = try Self.site(3)
        func code(_ body: (MergeGraph) throws -> Void) -> EditRejection.Code? {
            do {
                try body(Self.graph(site))
                return nil
            } catch {
                return (error as? EditRejection)?.code
            }
        }
        #expect(code { _ = try MergeEdit.merge(keys[0], with: keys[0], in: $0) } == .invalid)
        #expect(code { _ = try MergeEdit.merge(keys[0], with: "none", in: $0) } == .invalid)
        #expect(code { _ = try MergeEdit.merge("none", with: keys[0], in: $0) } == .notFound)
        #expect(code { _ = try MergeEdit.undo(keys[0], from: keys[1], in: $0) } == .wrongState)
        try Self.merge(&site, keys[0], keys[1])
        try Self.merge(&site, keys[1], keys[2])
        #expect(code { _ = try MergeEdit.merge(keys[0], with: keys[2], in: $0) } == .wrongState)
        let agents = MergeGraph(Schema.agent, [])
        #expect(throws: EditRejection.self) { try MergeEdit.merge("a", with: "b", in: agents) }
    }

    @Test("A class has a bound for people, and a greater one for what sites merged unseen")
    func bounds() throws {
        var (site, keys) = try Self.site(Limits.mergedClassMax + 1)
        for key in keys[1..<Limits.mergedClassMax] { try Self.merge(&site, keys[0], key) }
        let last = keys[Limits.mergedClassMax]
        #expect(throws: EditRejection.self) { try Self.merge(&site, last, keys[3]) }
        func ring(_ count: Int) -> MergedClass {
            MergedClass(around: "0") { key in
                let number = Int(key) ?? 0
                return ["\((number + 1) % count)", "\((number + count - 1) % count)"]
            }
        }
        #expect(ring(Limits.mergedClassResolvedMax).members.count == Limits.mergedClassResolvedMax)
        #expect(!ring(Limits.mergedClassResolvedMax).isTooLarge)
        #expect(ring(Limits.mergedClassResolvedMax + 1).isTooLarge)
    }

    @Test("A deleted file takes no part; a merge that names it is not counted")
    func deleted() throws {
        var (site, keys) = try Self.site(3)
        try Self.merge(&site, keys[0], keys[1])
        try Self.merge(&site, keys[1], keys[2])
        site.commit([DocumentEdit(.id(CustomerID(keys[1]).documentID, mustExist: true), [.delete])])
        let graph = Self.graph(site)
        #expect(graph.members(of: keys[0]) == [keys[0]])
        #expect(graph.members(of: keys[1]) == [])
        #expect(graph.members(of: keys[2]) == [keys[2]])
    }

    @Test("Values that no merge writes are left out")
    func foreign() throws {
        var (site, keys) = try Self.site(2)
        let values: [Value] = [.string(keys[0]), .string("a"), .int(7), .string("z\u{e9}")]
        let id = CustomerID(keys[0]).documentID
        site.commit([DocumentEdit(.id(id, mustExist: true), values.map { .insert(CustomerField.merges, $0) })])
        #expect(MergeEdge.edges(of: try #require(site.documents[id])) == [])
        #expect(Self.graph(site).members(of: keys[0]) == [keys[0]])
    }

    @Test("Merged records show the notes of all in order of time, each with its own")
    func records() throws {
        var (site, keys) = try Self.site(2)
        try Self.merge(&site, keys[1], keys[0])
        for (key, text) in [(keys[1], "first"), (keys[0], "second"), (keys[1], "third")] {
            site.commit([try NoteEdit.customer(CustomerID(key), text: text)])
        }
        let documents = Array(site.documents.values)
        let file = try #require(MergedCustomer(documents))
        #expect(file.root.id.key == keys[0])
        #expect(file.others.map(\.id.key) == [keys[1]])
        #expect(file.notes.map(\.note.text) == ["first", "second", "third"])
        #expect(file.notes.map(\.source) == [keys[1], keys[0], keys[1]])
    }

    @Test("The version of several covers that of each, and changes when a member comes or goes")
    func versions() throws {
        let (site, _) = try Self.site(3)
        let documents = site.documents.values.sorted { $0.id < $1.id }
        let tag = MergedVersion.tag(documents)
        let seen = try #require(MergedVersion.seen(tag))
        #expect(documents.allSatisfy { seen.covers($0.version) })
        #expect(MergedVersion.tag([documents[1]]) == documents[1].versionTag)
        let tags = [tag, MergedVersion.tag(Array(documents[0...1])), MergedVersion.tag(Array(documents[1...2]))]
        #expect(Set(tags + documents.map(\.versionTag)).count == 6)
        #expect(MergedVersion.seen("no version") == nil)
    }
}
