import ContactCenter
import Foundation
import Kernel
import Replication
import Store

/// A folder of its own for each test's database, removed at the end.
final class TemporaryDatabase {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tandem-store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    var path: String { folder.appending(path: "site.sqlite").path }

    func options(site: String = "north", cluster: String = "demo") -> SiteDatabase.Options {
        SiteDatabase.Options(path: path, cluster: cluster, site: Fixtures.site(site))
    }

    /// Opens the database, runs the body with its thread and reader, closes everything.
    @discardableResult
    func use<T>(
        _ options: SiteDatabase.Options? = nil,
        _ body: (StoreThread, SiteReader, SiteDatabase) async throws -> T
    ) async throws -> T {
        let database = try SiteDatabase(options ?? self.options())
        let thread = try StoreThread(database, schema: Schema.documents, wall: WallTime(milliseconds: 0))
        defer {
            thread.stop()
            try? database.close()
        }
        return try await body(thread, SiteReader(database), database)
    }

    /// The failure that opening ends with; nil when it opens.
    func failure(_ options: SiteDatabase.Options) -> StoreFailure? {
        do {
            try SiteDatabase(options).close()
            return nil
        } catch {
            return error
        }
    }
}

extension StoreThread {
    /// Stores requests and returns what came of each.
    func commit(_ requests: [EditRequest], at wall: Int64 = 1_700_000_000_000) async throws -> LedgerWorkResult {
        try await perform(LedgerWork(wall: WallTime(milliseconds: wall), requests: requests))
    }
}

extension CommitResult {
    /// The documents that all requests made, in order.
    var created: [DocumentID] {
        commits.flatMap(\.created)
    }

    /// What the requests that became ops came to.
    var commits: [Commit] {
        outcomes.compactMap { if case .committed(let commit) = $0 { commit } else { nil } }
    }
}
