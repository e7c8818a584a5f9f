import ContactCenter
import Kernel
import Replication
import Store
import Testing

@Suite("Merged files and tickets")
struct MergeTests {
    /// Makes documents and returns their keys, sorted by bytes: the first is the root of all.
    private static func make(_ thread: StoreThread, _ requests: [EditRequest]) async throws -> [String] {
        let made = try #require(try await thread.commit(requests).edits?.created)
        return made.map(\.key).sorted(by: MergeEdge.precedes)
    }

    /// Merges two, or undoes it.
    private static func merge(
        _ thread: StoreThread,
        _ reader: SiteReader,
        _ type: DocumentType,
        _ key: String,
        _ other: String,
        undo: Bool = false
    ) async throws {
        let graph = try await reader.mergeGraph(type, [key, other])
        let edits =
            undo
            ? try MergeEdit.undo(key, from: other, in: graph) : [try MergeEdit.merge(key, with: other, in: graph)]
        let done = try await thread.commit([EditRequest(actor: Fixtures.anna, edits: edits)])
        try #require(done.edits?.commits.count == 1)
    }

    @Test("A merged file is shown by its root, with the others' names, until the merge is undone")
    func customers() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            let keys = try await Self.make(thread, ["Anna", "Anna B.", "A. Berg"].map { Fixtures.customer($0) })
            try await Self.merge(thread, reader, Schema.customer, keys[2], keys[1])
            try await Self.merge(thread, reader, Schema.customer, keys[1], keys[0])
            for key in keys {
                let file = try #require(try await reader.customer(CustomerID(key))).file
                #expect(file.root.id.key == keys[0])
                #expect(file.others.map(\.id.key) == Array(keys.dropFirst()))
            }
            try await Self.merge(thread, reader, Schema.customer, keys[0], keys[1], undo: true)
            let first = try #require(try await reader.customer(CustomerID(keys[0]))).file
            #expect(first.others.isEmpty)
            let last = try #require(try await reader.customer(CustomerID(keys[2]))).file
            #expect(last.root.id.key == keys[1])
            #expect(last.others.map(\.id.key) == [keys[2]])
        }
    }

    @Test("Tickets and contacts of all files stand in the history of each")
    func history() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            let keys = try await Self.make(thread, ["Anna", "Anna B."].map { Fixtures.customer($0) })
            _ = try await thread.commit([
                Fixtures.ticket("Old", customer: keys[1], raisedAt: 1_000),
                Fixtures.ticket("New", customer: keys[0], raisedAt: 2_000),
                Self.contact("north-1-1", customer: keys[1], at: 1_000),
                Self.contact("north-1-2", customer: keys[0], at: 2_000),
            ])
            try await Self.merge(thread, reader, Schema.customer, keys[0], keys[1])
            for key in keys {
                let id = CustomerID(key)
                let found = try #require(try await reader.customerWithHistory(id))
                #expect(found.customer.customer.id.key == keys[0])
                #expect(found.tickets.map(\.root.subject) == ["New", "Old"])
                let listed = try await reader.tickets(TicketFilter(customer: id), limit: 9).items
                #expect(listed.map(\.ticket.subject) == ["New", "Old"])
                #expect(listed.allSatisfy { $0.customer?.key == keys[0] })
                let contacts = try await reader.contacts(ContactFilter(customer: id), limit: 9).items
                #expect(contacts.map(\.id.key) == ["north-1-2", "north-1-1"])
            }
        }
    }

    private static func contact(_ key: String, customer: String, at: Int64) -> EditRequest {
        let changes: [FieldChange] = [
            .set(ContactField.customer, .string(customer), seen: nil),
            .set(ContactField.startedAt, .int(at), seen: nil),
        ]
        return EditRequest(
            actor: .system,
            edits: [DocumentEdit(.id(ContactID(key).documentID, mustExist: false), changes)]
        )
    }

    @Test("Numbers of all merged files lead to the root, with the highest tier and the latest ticket of all")
    func callers() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            let keys = try await Self.make(
                thread,
                [
                    Fixtures.customer("Anna", phones: ["+49 89 5550001"]),
                    Fixtures.customer("Anna B.", phones: ["+49 89 5550001", "+49 89 5550002"], tier: .gold),
                    Fixtures.customer("Bo", phones: ["+49 89 5550003"]),
                ]
            )
            _ = try await thread.commit([Fixtures.ticket("T", customer: keys[1], owner: "bo", raisedAt: 1)])
            #expect(try await reader.lookUpCaller(number: "+49895550001") == nil)
            try await Self.merge(thread, reader, Schema.customer, keys[0], keys[1])
            for number in ["+49895550001", "+49895550002"] {
                let match = try #require(try await reader.lookUpCaller(number: number), "\(number)")
                #expect(match.customer.key == keys[0])
                #expect(match.name == "Anna")
                #expect(match.tier == .gold)
                #expect(match.latestOwner == AgentID("bo"))
            }
            let change = Fixtures.change(
                CustomerID(keys[2]).documentID,
                [.insert(CustomerField.phones, .string("+49895550001"))]
            )
            _ = try await thread.commit([change])
            #expect(try await reader.lookUpCaller(number: "+49895550001") == nil)
        }
    }

    @Test("Lists show merged files once, found by the words and numbers of each")
    func search() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            let keys = try await Self.make(
                thread,
                [
                    Fixtures.customer("Anna Berg", phones: ["+49 89 5550001"]),
                    Fixtures.customer("王小明", phones: ["+49 89 5550002"], emails: ["wang@example.cn"]),
                    Fixtures.customer("Bo Lind"),
                ]
            )
            try await Self.merge(thread, reader, Schema.customer, keys[0], keys[1])
            for text in ["berg", "小明", "wang@example", "0002", "+49 89 555", "anna 0002"] {
                let found = try await reader.customers(text: text, limit: 9).items
                #expect(found.map(\.customer.name) == ["Anna Berg"], "\(text)")
                #expect(found.first?.file.others.map(\.name) == ["王小明"], "\(text)")
            }
            #expect(
                try await reader.customers(text: "", limit: 9).items.map(\.customer.name) == ["Anna Berg", "Bo Lind"]
            )
            let first = try await reader.customers(text: "", limit: 1)
            let rest = try await reader.customers(text: "", limit: 1, cursor: first.next)
            #expect(rest.items.map(\.customer.name) == ["Bo Lind"])
            #expect(rest.next == nil)
            #expect(try await reader.customerNames([CustomerID(keys[1])]) == [CustomerID(keys[1]): "Anna Berg"])
        }
    }

    @Test("Merged tickets are one, with the notes of all in order of time and found by every number")
    func tickets() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            let people = try await Self.make(thread, ["Anna", "Bo"].map { Fixtures.customer($0) })
            let keys = try await Self.make(
                thread,
                [
                    Fixtures.ticket("No dial tone", customer: people[0], raisedAt: 1_000),
                    Fixtures.ticket("Phone is dead", customer: people[1], raisedAt: 2_000),
                    Fixtures.ticket("Invoice", customer: people[1], raisedAt: 3_000),
                ]
            )
            for (index, text) in [(1, "first"), (0, "second"), (1, "third")] {
                let note = try NoteEdit.ticket(TicketID(keys[index]), text: text)
                _ = try await thread.commit([EditRequest(actor: Fixtures.anna, edits: [note])])
            }
            let number = try #require(try await reader.ticket(TicketID(keys[1]))).ticket.number
            try await Self.merge(thread, reader, Schema.ticket, keys[1], keys[0])
            let entry = try #require(try await reader.ticket(number: number))
            #expect(entry.ticket.id.key == keys[0])
            #expect(entry.file.notes.map(\.note.text) == ["first", "second", "third"])
            #expect(entry.file.notes.map(\.sourceName) == [number, entry.ticket.number, number])
            let all = try await reader.tickets(TicketFilter(), limit: 9).items
            #expect(all.map(\.ticket.subject) == ["Invoice", "No dial tone"])
            #expect(all.map(\.file.others.count) == [0, 1])
            for text in [number, "dead", "third"] {
                let found = try await reader.tickets(TicketFilter(text: text), limit: 9).items
                #expect(found.map(\.ticket.id.key) == [keys[0]], "\(text)")
            }
            // Bo's list holds the ticket that his was merged into.
            let ofBo = try await reader.tickets(TicketFilter(customer: CustomerID(people[1])), limit: 9).items
            #expect(ofBo.map(\.ticket.id.key) == [keys[2], keys[0]])
            let history = try #require(try await reader.customerWithHistory(CustomerID(people[1]))).tickets
            #expect(history.map(\.root.id.key) == [keys[2], keys[0]])
            #expect(history.map(\.others.count) == [0, 1])
        }
    }

    @Test("A deleted file leaves its class; those that it held together part")
    func deleted() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            let keys = try await Self.make(thread, ["A", "B", "C"].map { Fixtures.customer($0) })
            try await Self.merge(thread, reader, Schema.customer, keys[1], keys[0])
            try await Self.merge(thread, reader, Schema.customer, keys[1], keys[2])
            _ = try await thread.commit([Fixtures.change(CustomerID(keys[1]).documentID, [.delete])])
            for key in [keys[0], keys[2]] {
                #expect(try await reader.customer(CustomerID(key))?.file.others.isEmpty == true)
            }
            #expect(try await reader.customer(CustomerID(keys[1])) == nil)
            #expect(try await reader.customers(text: "", limit: 9).items.count == 2)
        }
    }

    @Test("More than a class may hold stand alone, and together again when a merge among them is undone")
    func tooMany() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            let count = Limits.mergedClassResolvedMax + 1
            let keys = try await Self.make(thread, (0..<count).map { Fixtures.customer("C\($0)") })
            func change(_ index: Int, _ make: (FieldID, Value) -> FieldChange) -> EditRequest {
                let id = CustomerID(keys[index]).documentID
                return Fixtures.change(id, [make(CustomerField.merges, .string(keys[index + 1]))])
            }
            let half = count / 2
            _ = try await thread.commit((0..<count - 1).filter { $0 != half }.map { change($0) { .insert($0, $1) } })
            #expect(try await reader.customer(CustomerID(keys[half]))?.file.others.count == half)
            _ = try await thread.commit([change(half) { .insert($0, $1) }])
            for index in [0, half, half + 1, count - 1] {
                #expect(try await reader.customer(CustomerID(keys[index]))?.file.others.isEmpty == true)
            }
            _ = try await thread.commit([change(0) { .remove($0, $1) }])
            #expect(try await reader.customer(CustomerID(keys[count - 1]))?.customer.id.key == keys[1])
            #expect(try await reader.customer(CustomerID(keys[half]))?.file.others.count == count - 2)
        }
    }
}
