import ContactCenter
import Foundation
import GRDB
import Kernel
import Store

/// Edits made durable a second, beside raw SQLite writing as many bytes with the same settings.
enum LedgerFigures {
    static func measure(quick: Bool) async throws -> [Figure] {
        let directory = NSTemporaryDirectory() + "tandem-benchmark-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var figures: [Figure] = []
        for size in [1, 16, 128, 1_024] {
            let total = quick ? size * 2 : max(2_000, size * 8)
            let ledger = try await ledgerRate("\(directory)/ledger-\(size)", batch: size, total: total)
            let raw = try rawRate("\(directory)/raw-\(size)", batch: size, total: total)
            figures.append(
                Figure(
                    name: "durable edits, \(size) a commit",
                    value: "\(short(ledger)) a second",
                    against: "raw SQLite \(short(raw))",
                    ratio: short(ledger / raw)
                )
            )
        }
        return figures
    }

    private static func ledgerRate(_ path: String, batch: Int, total: Int) async throws -> Double {
        guard let site = SiteID("north") else { return 0 }
        let database = try SiteDatabase(.init(path: "\(path).sqlite", cluster: "benchmark", site: site))
        let store = try StoreThread(database, schema: Schema.documents)
        defer {
            store.stop()
            try? database.close()
        }
        var made = 0
        let start = ContinuousClock.now
        while made < total {
            let requests = try (0..<batch).map { try request(made + $0) }
            _ = try await store.perform(
                .init(wall: WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)), requests: requests)
            )
            made += batch
        }
        return Double(made) / ((ContinuousClock.now - start) / .seconds(1))
    }

    private static func request(_ number: Int) throws -> EditRequest {
        var patch = CustomerPatch()
        patch.name = "Customer \(number)"
        patch.phones = ["+49302\(1_000_000 + number)"]
        patch.title = "Engineer"
        return EditRequest(actor: Actor("benchmark"), edits: [try patch.creation()])
    }

    /// An op of 200 bytes into a log and a document of 300 bytes into a table: what the ledger writes at least.
    private static func rawRate(_ path: String, batch: Int, total: Int) throws -> Double {
        let queue = try DatabaseQueue(path: "\(path).sqlite")
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
            try db.execute(
                sql: """
                    CREATE TABLE op(origin INT, seq INT, body BLOB, PRIMARY KEY(origin, seq)) WITHOUT ROWID;
                    CREATE TABLE document(key TEXT PRIMARY KEY, body BLOB);
                    """
            )
        }
        let op = Data(repeating: 7, count: 200), document = Data(repeating: 9, count: 300)
        var made = 0
        let start = ContinuousClock.now
        while made < total {
            try queue.write { db in
                let log = try db.cachedStatement(sql: "INSERT INTO op VALUES (1, ?, ?)")
                let table = try db.cachedStatement(
                    sql: "INSERT INTO document VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET body = excluded.body"
                )
                for number in made..<(made + batch) {
                    try log.execute(arguments: [number, op])
                    try table.execute(arguments: ["customer-\(number)", document])
                }
            }
            made += batch
        }
        return Double(made) / ((ContinuousClock.now - start) / .seconds(1))
    }
}
