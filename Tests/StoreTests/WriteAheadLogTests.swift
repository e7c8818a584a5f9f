import ContactCenter
import Foundation
import Kernel
import Replication
import Store
import Testing

@Suite("The write-ahead log")
struct WriteAheadLogTests {
    /// The log's highest length so far: SQLite keeps the file as it begins anew.
    private func logBytes(_ temporary: TemporaryDatabase) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: temporary.path + "-wal")
        return try #require(attributes[.size] as? Int)
    }

    /// The length of the database's own file: copying from the log lengthens it, commits do not.
    private func fileBytes(_ temporary: TemporaryDatabase) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: temporary.path)
        return try #require(attributes[.size] as? Int)
    }

    @Test("Writing without a pause keeps the log short, and what left it is in the file")
    func keepsShort() async throws {
        let temporary = try TemporaryDatabase()
        let bound = 4_096 * 3 * Limits.storeCheckpointPages
        try await temporary.use { thread, _, _ in
            // Several times what the log may hold, every piece waiting for its commit.
            for round in 0..<150 { _ = try await thread.commit(Fixtures.customers(100, from: round * 100)) }
            #expect(try logBytes(temporary) < bound)
            #expect(try fileBytes(temporary) > bound / 3)
        }
        try await temporary.use { _, reader, database in
            #expect(database.identity.incarnation == 2)
            let figures = try await reader.figures()
            #expect(figures.customers == 15_000)
        }
    }

    @Test("A power cut while pages are copied beside the writer loses nothing")
    func cut() async throws {
        let temporary = try TemporaryDatabase()
        var copies: [(TemporaryDatabase, Int)] = []
        try await temporary.use { thread, _, _ in
            for round in 0..<60 {
                _ = try await thread.commit(Fixtures.customers(100, from: round * 100))
                guard round % 6 == 5 else { continue }
                // No commit runs, so the log keeps what it has while both are read, though pages may be on their way.
                let copy = try TemporaryDatabase()
                for suffix in ["", "-wal", ".head"] {
                    try FileManager.default.copyItem(atPath: temporary.path + suffix, toPath: copy.path + suffix)
                }
                copies.append((copy, (round + 1) * 100))
            }
        }
        for (copy, acknowledged) in copies {
            try await copy.use { _, reader, _ in
                let figures = try await reader.figures()
                #expect(figures.customers == acknowledged)
            }
        }
    }
}
