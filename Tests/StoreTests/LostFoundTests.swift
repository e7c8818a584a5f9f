import ContactCenter
import Kernel
import Replication
import Store
import Testing

@Suite("Lost and found on disk")
struct LostFoundTests {
    private static let start: Int64 = 1_700_000_000_000

    /// Thirty customers deleted here; two of three of them were written to at another site that did not know.
    private func fill(_ thread: StoreThread, _ reader: SiteReader) async throws -> [DocumentID] {
        let made = try await thread.commit(Fixtures.customers(30)).edits?.commits ?? []
        let ids = made.flatMap(\.created)
        let origin = try #require(made.first?.dot.origin)
        var storage = InMemoryLedgerStorage()
        var east = try Ledger(site: Fixtures.site("east"), schema: Schema.documents, storage: &storage)
        let batch = try await reader.ops(OpsRequest(origin: origin, from: 1)).batch
        _ = try east.apply(batch, at: WallTime(milliseconds: Self.start), in: &storage)
        _ = try await thread.commit(ids.map { Fixtures.change($0, [.delete]) })
        var lost: [DocumentID] = []
        for (number, id) in ids.enumerated() where number % 3 != 0 {
            let wall = WallTime(milliseconds: Self.start + 100 + Int64(number))
            let title = FieldChange.set(CustomerField.title, .string("Title \(number)"), seen: nil)
            let late = try east.commit([Fixtures.change(id, [title])], at: wall, in: &storage).batch
            _ = try await thread.perform(LedgerWork(wall: wall, received: [try #require(late)]))
            lost.insert(id, at: 0)
        }
        return lost
    }

    @Test("Pages list every deleted document with something lost once, the latest first", arguments: [1, 7, 20, 50])
    func pages(limit: Int) async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            let lost = try await fill(thread, reader)
            var found: [DocumentRemains] = []
            var cursor: String?
            repeat {
                let page = try await reader.lostFound(limit: limit, cursor: cursor)
                #expect(page.items.count <= limit)
                found += page.items
                cursor = page.next
            } while cursor != nil
            #expect(found.map(\.document) == lost)
            #expect(found.first?.items.map(\.value) == [.string("Title 29")])
        }
    }

    @Test("What is settled is listed no more, and a foreign cursor is refused")
    func settled() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            let lost = try await fill(thread, reader)
            _ = try await thread.commit([Fixtures.change(lost[0], [.delete])])
            let left = try await reader.lostFound(limit: 50, cursor: nil).items.map(\.document)
            #expect(left == Array(lost.dropFirst()))
            await #expect(throws: StoreFailure.self) { _ = try await reader.lostFound(limit: 5, cursor: "nonsense!") }
        }
    }
}
