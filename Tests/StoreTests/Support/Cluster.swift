import ContactCenter
import Kernel
import Replication
import Store

/// A site of a test cluster twice: in memory, which the simulator trusts, and on disk, which ships.
final class TwinSite {
    let site: SiteID
    let temporary: TemporaryDatabase
    private(set) var memory = InMemoryLedgerStorage()
    private var ledger: Ledger
    private var database: SiteDatabase
    private(set) var thread: StoreThread

    init(_ name: String) throws {
        site = Fixtures.site(name)
        temporary = try TemporaryDatabase()
        ledger = try Ledger(site: site, schema: Schema.documents, storage: &memory)
        database = try SiteDatabase(temporary.options(site: name))
        thread = try StoreThread(database, schema: Schema.documents, wall: WallTime(milliseconds: 0))
    }

    deinit {
        thread.stop()
        try? database.close()
    }

    var reader: SiteReader { SiteReader(database) }
    var vector: VersionVector { ledger.vector }

    /// Does the work on both and returns what both answer; nil when they differ.
    func perform(_ work: LedgerWork) async throws -> LedgerWorkResult? {
        let applied = try work.received.map { try ledger.apply($0, at: work.wall, in: &memory) }
        for task in work.tasks { _ = try ledger.perform(task, at: work.wall, in: &memory) }
        let edits =
            work.requests.isEmpty ? nil : try ledger.commit(work.requests, at: work.wall, in: &memory)
        let result = try await thread.perform(work)
        return result.applied == applied && result.edits == edits ? result : nil
    }

    /// Ends both and starts them again: what was only in memory is gone.
    func restart() throws {
        ledger = try Ledger(site: site, schema: Schema.documents, storage: &memory)
        thread.stop()
        try database.close()
        database = try SiteDatabase(temporary.options(site: site.name))
        thread = try StoreThread(database, schema: Schema.documents, wall: WallTime(milliseconds: 0))
    }

    /// The first difference between what is in memory and what is on disk; nil when there is none.
    func difference() async throws -> String? {
        for (id, document) in memory.documents.sorted(by: { $0.key < $1.key }) {
            guard try await reader.document(id) == document else { return "document \(id)" }
        }
        let figures = try await reader.figures()
        guard figures.documents == memory.documents.count else { return "count of documents" }
        let conflicts = try await reader.conflicts(limit: Limits.storePageRowsMax)
        let expected = memory.conflicts(after: nil, limit: .max)
        guard figures.conflicts == expected.count else { return "count of conflicts" }
        guard Set(conflicts).isSubset(of: Set(expected)) else { return "conflicts" }
        for head in memory.heads() {
            let request = OpsRequest(origin: head.dot.origin, from: max(1, head.dot.sequence / 2))
            let batch = try await reader.ops(request).batch
            guard try batch == Ledger.read(request, from: memory) else { return "log of \(head.dot.origin)" }
        }
        return nil
    }
}
