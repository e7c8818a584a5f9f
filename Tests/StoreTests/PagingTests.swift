import ContactCenter
import Kernel
import Store
import Testing

@Suite("Lists in pages")
struct PagingTests {
    @Test("Pages of customers hold everyone once, in order of name", arguments: ["", "customer"])
    func customers(text: String) async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            // Several of one name: the key settles their order.
            let twins = (0..<9).map { _ in Fixtures.customer("Customer 5") }
            _ = try await thread.commit(Fixtures.customers(60) + twins)
            var names: [String] = []
            var keys: Set<String> = []
            var cursor: String?
            repeat {
                let page = try await reader.customers(text: text, limit: 7, cursor: cursor)
                #expect(page.items.count <= 7)
                names += page.items.map(\.customer.name)
                keys.formUnion(page.items.map(\.customer.id.key))
                cursor = page.next
            } while cursor != nil
            #expect(names.count == 69)
            #expect(keys.count == 69)
            #expect(names.map { $0.lowercased() } == names.map { $0.lowercased() }.sorted())
        }
    }

    @Test("Pages of tickets run from the newest to the oldest and obey the filter")
    func tickets() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            var requests: [EditRequest] = []
            for index in 0..<50 {
                let owner = index.isMultiple(of: 2) ? "anna" : "bo"
                let state: TicketState = index.isMultiple(of: 5) ? .closed : .open
                let raised = Int64(1_000 + index / 3)
                requests.append(Fixtures.ticket("Ticket \(index)", owner: owner, state: state, raisedAt: raised))
            }
            _ = try await thread.commit(requests)
            var times: [Int64] = []
            var cursor: String?
            repeat {
                let filter = TicketFilter(owner: AgentID("anna"), state: .open)
                let page = try await reader.tickets(filter, limit: 4, cursor: cursor)
                for entry in page.items {
                    #expect(entry.ticket.owner == AgentID("anna"))
                    #expect(entry.ticket.state == .open)
                    times.append(entry.ticket.raisedAt?.milliseconds ?? 0)
                }
                cursor = page.next
            } while cursor != nil
            #expect(times.count == 20)
            #expect(times == times.sorted(by: >))
        }
    }

    @Test(
        "A cursor of another list or made up is refused",
        arguments: ["x", "", "AAAA", "!!!", "AgAA", String(repeating: "A", count: 5_000)]
    )
    func badCursor(cursor: String) async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { _, reader, _ in
            await #expect(throws: StoreFailure.self) {
                _ = try await reader.customers(text: "", limit: 5, cursor: cursor)
            }
        }
    }

    @Test("A page is bounded whatever is asked for", arguments: [-1, 0, 1, 1_000_000])
    func bounded(limit: Int) async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            _ = try await thread.commit(Fixtures.customers(250))
            let count = try await reader.customers(text: "", limit: limit).items.count
            #expect((1...Limits.storePageRowsMax).contains(count))
        }
    }
}
