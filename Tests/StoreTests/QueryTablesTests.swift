import ContactCenter
import Foundation
import GRDB
import Kernel
import Replication
import Store
import TestKit
import Testing

@Suite("Query tables")
struct QueryTablesTests {
    @Test("Tables kept in step equal tables made anew from the documents", arguments: Seeds.first(8))
    func rebuild(seed: UInt64) async throws {
        var edits = RandomEdits(seed: seed)
        let site = try TwinSite("north")
        for step in 0..<80 {
            let known = site.memory.documents.keys.sorted()
            let requests = (0..<3).map { _ in edits.request(known: known) }
            let work = LedgerWork(wall: WallTime(milliseconds: 1_700_000_000_000 + Int64(step)), requests: requests)
            _ = try #require(try await site.perform(work), "seed \(seed), step \(step)")
        }
        let kept = try Self.dump(site.temporary.path)
        try await site.thread.rebuildQueryTables()
        let made = try Self.dump(site.temporary.path)
        #expect(kept.count > 20)
        #expect(kept.contains { $0.hasPrefix("merged ") }, "seed \(seed)")
        #expect(kept == made, "seed \(seed)")
        // And the writer goes on with the new tables.
        let work = LedgerWork(wall: WallTime(milliseconds: 1_700_000_100_000), requests: [Fixtures.customer("Zed")])
        _ = try await site.perform(work)
        let found = try await site.reader.customers(text: "zed", limit: 1).items.count
        #expect(found == 1)
    }

    /// Every row of every query table and every entry of the search index, as text.
    private static func dump(_ path: String) throws -> [String] {
        let queue = try DatabaseQueue(path: path)
        return try queue.writeWithoutTransaction { db in
            var rows: [String] = []
            let tables = [
                "customer", "customer_phone", "customer_phone_key", "customer_email", "organisation", "ticket", "agent",
                "queue", "account", "contact", "merge_edge", "merged",
            ]
            for table in tables {
                rows += try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map { "\(table) \($0)" }.sorted()
            }
            for table in ["customer_words", "ticket_words"] {
                try db.execute(sql: "CREATE VIRTUAL TABLE temp.v USING fts5vocab('main', '\(table)', 'instance')")
                rows += try Row.fetchAll(db, sql: "SELECT term, doc, offset FROM v").map { "\(table) \($0)" }.sorted()
                try db.execute(sql: "DROP TABLE temp.v")
            }
            return rows
        }
    }
}
