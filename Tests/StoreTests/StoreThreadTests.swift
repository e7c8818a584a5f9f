import ContactCenter
import Foundation
import Kernel
import Replication
import Store
import Synchronization
import Testing

@Suite("The writing thread")
struct StoreThreadTests {
    @Test("Work that arrives at once is all stored, each piece with its own result, in order")
    func groups() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            let sequences = try await withThrowingTaskGroup(of: [UInt64].self) { group in
                for index in 0..<200 {
                    group.addTask {
                        let requests = Fixtures.customers(3, from: index * 3)
                        return try await thread.commit(requests).edits?.commits.map(\.dot.sequence) ?? []
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(sequences.allSatisfy { $0.count == 3 && $0[1] == $0[0] + 1 && $0[2] == $0[0] + 2 })
            #expect(sequences.flatMap(\.self).sorted() == Array(1...600))
            let figures = try await reader.figures()
            #expect(figures.customers == 600)
            #expect(figures.ops == 600)
        }
    }

    @Test("A rejected request changes nothing and does not fail its neighbours")
    func rejected() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            let missing = DocumentID(type: Schema.customer, key: "nobody")
            let result = try await thread.commit([
                Fixtures.customer("Anna"),
                Fixtures.change(missing, [.set(CustomerField.name, .string("X"), seen: nil)]),
                Fixtures.customer("Bo"),
            ])
            let outcomes = try #require(result.edits?.outcomes)
            #expect(outcomes.count == 3)
            #expect(outcomes[1] == .rejected(.unknownDocument(missing)))
            let names = try await reader.customers(text: "", limit: 9).items.map(\.customer.name)
            #expect(names == ["Anna", "Bo"])
        }
    }

    @Test("What was acknowledged is there after a crash")
    func crash() async throws {
        let temporary = try TemporaryDatabase()
        let copy = try TemporaryDatabase()
        try await temporary.use { thread, _, _ in
            for round in 0..<30 { _ = try await thread.commit(Fixtures.customers(4, from: round * 4)) }
            // The files as a power cut would leave them: nobody closed anything.
            for suffix in ["", "-wal", ".head"] {
                try FileManager.default.copyItem(atPath: temporary.path + suffix, toPath: copy.path + suffix)
            }
        }
        try await copy.use { thread, reader, database in
            #expect(database.identity.incarnation == 2)
            #expect(thread.start.vector[thread.start.origin] == 120)
            #expect(thread.start.newEpochReason == nil)
            let figures = try await reader.figures()
            #expect(figures.customers == 120)
            let next = try await thread.commit([Fixtures.customer("After")])
            #expect(next.edits?.commits.first?.dot.sequence == 121)
        }
    }

    @Test("A full disk is told, nothing of the batch is stored, and all works again when there is room")
    func diskFull() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, reader, _ in
            let pages = try #require(try await thread.setting("page_count"))
            try await thread.limitPages(to: pages + 30)
            var acknowledged = 0
            var failure: StoreFailure?
            for round in 0..<1_000 where failure == nil {
                do {
                    let result = try await thread.commit(Fixtures.customers(20, from: round * 20))
                    acknowledged += result.edits?.commits.count ?? 0
                } catch {
                    failure = error as? StoreFailure
                }
            }
            #expect(failure?.code == .diskFull)
            #expect(failure?.message.contains("disk is full") == true)
            let full = try await reader.figures()
            #expect(full.customers == acknowledged)
            #expect(full.ops == acknowledged)
            try await thread.limitPages(to: nil)
            let result = try await thread.commit([Fixtures.customer("Room again")])
            #expect(result.edits?.commits.first?.dot.sequence == UInt64(acknowledged) + 1)
            let found = try await reader.customers(text: "room again", limit: 2).items
            #expect(found.count == 1)
        }
        var options = temporary.options()
        options.checksIntegrity = true
        #expect(temporary.failure(options) == nil)
    }

    @Test("A full inbox refuses further work at once and does what it holds")
    func overloaded() async throws {
        let temporary = try TemporaryDatabase()
        try await temporary.use { thread, _, _ in
            let gate = DispatchSemaphore(value: 0)
            let done = Mutex(0)
            let refused = Mutex<[StoreFailure.Code]>([])
            // The first completion holds the thread until the inbox has been filled.
            thread.submit(LedgerWork(wall: WallTime(milliseconds: 1))) { _ in gate.wait() }
            let empty = EditRequest(actor: Fixtures.anna, edits: [])
            let work = LedgerWork(
                wall: WallTime(milliseconds: 1),
                requests: Array(repeating: empty, count: 999)
            )
            let fits = Limits.storeInboxRequestsMax / 1_000
            for _ in 0..<fits + 5 {
                thread.submit(work) { result in
                    switch result {
                    case .success: done.withLock { $0 += 1 }
                    case .failure(let failure): refused.withLock { $0.append(failure.code) }
                    }
                }
            }
            let codes = refused.withLock(\.self)
            gate.signal()
            thread.stop()
            #expect((4...6).contains(codes.count))
            #expect(Set(codes) == [.overloaded])
            #expect(done.withLock(\.self) == fits + 5 - codes.count)
        }
    }

    @Test("Work after the stop is refused; work before it is done")
    func stop() async throws {
        let temporary = try TemporaryDatabase()
        let database = try SiteDatabase(temporary.options())
        let thread = try StoreThread(database, schema: Schema.documents, wall: WallTime(milliseconds: 0))
        let done = Mutex(0)
        for index in 0..<50 {
            let work = LedgerWork(wall: WallTime(milliseconds: 1), requests: Fixtures.customers(1, from: index))
            thread.submit(work) { result in
                if case .success = result { done.withLock { $0 += 1 } }
            }
        }
        thread.stop()
        #expect(done.withLock(\.self) == 50)
        await #expect(throws: StoreFailure.self) { try await thread.commit([Fixtures.customer("Late")]) }
        try database.close()
    }
}
