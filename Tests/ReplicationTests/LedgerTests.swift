import Kernel
import Replication
import Testing

@Suite("Ledger")
struct LedgerTests {
    private typealias Fields = Replica.Fields
    private let type = DocumentType(1)
    private let one = DocumentID(type: DocumentType(1), key: "one")

    private func edit(_ changes: FieldChange..., id: DocumentID? = nil) -> DocumentEdit {
        DocumentEdit(.id(id ?? one, mustExist: false), changes)
    }

    @Test("One request makes one op: new documents take their keys from its dot and can point to each other")
    func newDocuments() throws {
        var north = try Replica("north")
        let commit = try north.make(
            DocumentEdit(.new(type), [.set(Fields.name, .string("Ada"), seen: nil)]),
            DocumentEdit(.new(type), [.setCreated(Fields.name, index: 0), .setNumber(Fields.state, series: "ticket")])
        )
        #expect(commit.created.map(\.key) == ["north-1-1", "north-1-1.1"])
        #expect(commit.numbers == [HumanNumber(site: north.ledger.origin.site, counter: 1_001).text])
        let second = try north.document(commit.created[1])
        #expect(second.value(Fields.name) == .string("north-1-1"))
        #expect(second.value(Fields.state) == .string(commit.numbers[0]))
        #expect(north.ledger.vector.text == "north.1.1")
    }

    @Test("Numbers of a series go on within a commit, after a refusal and after a restart")
    func numbers() throws {
        var north = try Replica("north")
        let good = EditRequest(
            actor: .system,
            edits: [DocumentEdit(.new(type), [.setNumber(Fields.name, series: "ticket")])]
        )
        let bad = EditRequest(
            actor: .system,
            edits: [
                DocumentEdit(
                    .new(type),
                    [.setNumber(Fields.name, series: "ticket"), .setCreated(Fields.name, index: 9)]
                )
            ]
        )
        let result = try north.commit(good, bad, good)
        #expect(result.outcomes[1] == .rejected(.noSuchCreated(9)))
        try north.restart()
        let last = try north.commit(good)
        let numbers = (result.outcomes + last.outcomes).flatMap { outcome -> [String] in
            if case .committed(let commit) = outcome { commit.numbers } else { [] }
        }
        #expect(numbers.compactMap { HumanNumber(text: $0)?.counter } == [1_001, 1_002, 1_003])
    }

    @Test("Two sites write one field unseen: the later wins at both, the other is listed at both with its author")
    func conflict() throws {
        var north = try Replica("north")
        var south = try Replica("south")
        try north.make(edit(.set(Fields.name, .string("Ada"), seen: nil)))
        try south.fetchAll(from: north)
        try north.make(edit(.set(Fields.name, .string("Ida"), seen: nil)), by: "nora", at: 1_000_100)
        try south.make(edit(.set(Fields.name, .string("Eda"), seen: nil)), by: "sam", at: 1_000_200)
        try north.fetchAll(from: south)
        try south.fetchAll(from: north)
        #expect(north.picture() == south.picture())
        #expect(north.journal == south.journal)
        let conflict = try #require(north.journal.first)
        #expect(try north.document(one).value(Fields.name) == .string("Eda"))
        #expect(conflict.lost.value == .string("Ida"))
        #expect(conflict.lost.actor == Actor("nora"))
        #expect(conflict.lost.dot.origin.site.name == "north")
        #expect(conflict.lost.stamp.wall == WallTime(milliseconds: 1_000_100))
        #expect(conflict.won.actor == Actor("sam"))
    }

    @Test("Restoring or dismissing a lost value is an edit like others and settles it at all sites")
    func decisions() throws {
        for decision in [ConflictDecision.restore, .dismiss] {
            var north = try Replica("north")
            var south = try Replica("south")
            try north.make(edit(.set(Fields.name, .string("north"), seen: nil)), at: 1_000_100)
            try south.make(edit(.set(Fields.name, .string("south"), seen: nil)), at: 1_000_200)
            try north.fetchAll(from: south)
            let conflict = try #require(north.journal.first)
            let result = try north.commit(conflict.id.request(decision, actor: Actor("sue")))
            guard case .committed = try #require(result.outcomes.first) else {
                Issue.record("refused: \(result.outcomes)")
                return
            }
            try south.fetchAll(from: north)
            let shown = try south.document(one).value(Fields.name)
            #expect(shown == .string(decision == .restore ? "north" : "south"))
            #expect(north.journal.isEmpty && south.journal.isEmpty)
            #expect(north.picture() == south.picture())
            let again = try north.commit(conflict.id.request(decision, actor: Actor("sue")))
            #expect(again.outcomes == [.rejected(.unknownConflict(conflict.id))])
        }
    }

    @Test("A writer who looked at an old value makes a conflict, one who looked at the newest does not")
    func seen() throws {
        var north = try Replica("north")
        let first = try north.make(edit(.set(Fields.name, .string("a"), seen: nil)))
        let second = try north.make(edit(.set(Fields.name, .string("b"), seen: first.dot)))
        #expect(second.conflicts.isEmpty)
        let third = try north.make(edit(.set(Fields.name, .string("c"), seen: first.dot)))
        #expect(third.conflicts.map(\.lost.value) == [.string("b")])
        #expect(try north.document(one).value(Fields.name) == .string("c"))
    }

    @Test("A client that always sends an old version does not grow the document for ever")
    func staleClient() throws {
        var north = try Replica("north")
        let first = try north.make(edit(.set(Fields.name, .string("a"), seen: nil)))
        for number in 0..<100 { try north.make(edit(.set(Fields.name, .int(Int64(number)), seen: first.dot))) }
        #expect(north.journal.count == Limits.lostWritesPerRegisterMax)
        #expect(try north.document(one).value(Fields.name) == .int(99))
    }

    @Test("Inserting a value again and again keeps one dot on it")
    func repeatedInsert() throws {
        var north = try Replica("north")
        for _ in 0..<5 { try north.make(edit(.insert(Fields.tags, .string("vip")))) }
        #expect(try north.document(one).sets[Fields.tags]?.elements.map(\.dots.count) == [1])
        try north.make(edit(.insert(Fields.tags, .string("x")), .remove(Fields.tags, .string("x"))))
        #expect(try north.document(one).members(Fields.tags) == [.string("vip")])
    }

    @Test("What cannot be done is refused with the reason and leaves no trace")
    func refusals() throws {
        var north = try Replica("north")
        try north.make(edit(.set(Fields.name, .string("a"), seen: nil)))
        let gone = DocumentID(type: type, key: "gone")
        try north.make(edit(.set(Fields.name, .string("a"), seen: nil), id: gone))
        try north.make(edit(.delete, id: gone))
        let absent = DocumentID(type: type, key: "absent")
        let odd = DocumentID(type: type, key: "a b")
        #expect(try north.refusal() == .empty)
        #expect(try north.refusal(edit()) == .empty)
        #expect(
            try north.refusal(DocumentEdit(.id(absent, mustExist: true), [.add(Fields.visits, 1)]))
                == .unknownDocument(absent)
        )
        #expect(try north.refusal(edit(.add(Fields.visits, 1), id: gone)) == .deletedDocument(gone))
        #expect(try north.refusal(edit(.add(Fields.visits, 1), id: odd)) == .unusableKey(odd))
        #expect(
            try north.refusal(edit(.insert(Fields.name, .null)))
                == .wrongKind(one, Fields.name, is: .register, asked: .set)
        )
        let long = Value.string(String(repeating: "x", count: Limits.valueBytesMax))
        #expect(
            try north.refusal(edit(.append(Fields.notes, long)))
                == .unusableValue(one, Fields.notes, bytes: long.weight, limit: Limits.valueBytesMax)
        )
        #expect(try north.refusal(edit(.append(Fields.notes, .double(.nan)))) != nil)
        let many = DocumentEdit(.id(one, mustExist: false), Array(repeating: .add(Fields.visits, 1), count: 300))
        #expect(try north.refusal(many) == .tooManyChanges(300, limit: Limits.changesPerEditMax))
        // A good change before a bad one in the same request does not stay.
        #expect(try north.refusal(edit(.add(Fields.visits, 1)), edit(.setCreated(Fields.name, index: 0))) != nil)
        #expect(try north.document(one).count(Fields.visits) == 0)
    }

    @Test("A request larger than an op may be is refused, and so is a document that would grow too large")
    func sizes() throws {
        var north = try Replica("north")
        let note = FieldChange.append(Fields.notes, .string(String(repeating: "x", count: 60_000)))
        guard case .requestTooLarge = try north.refusal(edit(note, note, note, note, note)) else {
            Issue.record("an op of 300 kB was taken")
            return
        }
        for _ in 0..<17 { try north.make(edit(note)) }
        guard case .documentTooLarge = try north.refusal(edit(note)) else {
            Issue.record("a document of more than 1 MB was taken")
            return
        }
    }

    @Test("After a restart the ledger goes on where it was: dots, stamps, chains, causes")
    func restart() throws {
        var north = try Replica("north")
        var south = try Replica("south")
        let before = try north.make(edit(.add(Fields.visits, 1)), at: 2_000_000)
        try north.restart()
        let after = try north.make(edit(.add(Fields.visits, 1)), at: 1_000_000)
        #expect(after.dot.sequence == before.dot.sequence + 1)
        #expect(after.stamp > before.stamp)
        try south.fetchAll(from: north)
        try south.restart()
        try south.make(edit(.add(Fields.visits, 1)))
        try north.fetchAll(from: south)
        #expect(try north.document(one).count(Fields.visits) == 3)
        #expect(try Ledger.nextIncarnation(in: &north.storage) == 1)
        #expect(try Ledger.nextIncarnation(in: &north.storage) == 2)
    }
}
