import GRDB
import Kernel
import Replication

/// The one writer: runs the ledger's rules inside transactions of the database.
///
/// Confined to the store's thread. The ledger is a value: a transaction works on a copy, which is kept only when
/// the transaction is on disk, so that memory and disk cannot disagree.
final class LedgerWriter {
    private var ledger: Ledger
    private var storage: SQLiteLedgerStorage
    private let database: Database
    private let head: HeadFile

    /// Reads where the ledger stands, on a blank disk as from `wall`; `db` is the writer's connection.
    ///
    /// A database that is not what last ran here begins a new epoch before anything is written.
    init(_ db: Database, of site: SiteDatabase, schema: DocumentSchema, wall: WallTime) throws {
        database = db
        var storage = try SQLiteLedgerStorage(db, forWriting: true)
        let prepared = site.prepared
        var begun: Ledger?
        try db.inTransaction(.immediate) {
            begun = try LedgerWriter.begin(prepared, schema: schema, wall: wall, storage: &storage)
            try db.execute(sql: "DELETE FROM meta WHERE name = 'restored'")
            try storage.flush()
            return .commit
        }
        storage.committed()
        // A small database has its digest from the beginning.
        _ = try storage.tidy()
        guard let begun else { throw StoreFailure(.database, "The ledger could not be read.") }
        ledger = begun
        self.storage = storage
        var head = prepared.head
        head.epoch = begun.origin.epoch
        head.sequence = begun.vector[begun.origin]
        self.head = try HeadFile(database: site.path, record: head)
    }

    private static func begin(
        _ prepared: DatabaseOpening.Prepared,
        schema: DocumentSchema,
        wall: WallTime,
        storage: inout SQLiteLedgerStorage
    ) throws -> Ledger {
        let stored = try storage.counter(LedgerCounter.epoch) ?? 0
        if prepared.newEpochReason != nil, Int64(prepared.epochFloor) > stored {
            try storage.setCounter(LedgerCounter.epoch, to: Int64(prepared.epochFloor))
        }
        var ledger = try Ledger(
            site: prepared.identity.site,
            schema: schema,
            firstEpoch: Ledger.firstEpoch(at: wall),
            storage: &storage
        )
        if prepared.newEpochReason != nil { _ = try ledger.perform(.beginEpoch, at: wall, in: &storage) }
        return ledger
    }

    /// Under which name the site writes.
    var origin: Origin { ledger.origin }

    /// What is on disk.
    var vector: VersionVector { ledger.vector }

    /// What else the ledger says of itself and of the peers.
    func standing(at wall: WallTime) throws -> RecordsStanding {
        try RecordsStanding(ledger, storage: storage, at: wall)
    }

    /// Does all of the work in one transaction, or none of it; returns when it is on disk.
    ///
    /// Results are in the order of the work. What the rules reject is a result and disturbs nobody; an error is
    /// the disk's and undoes everything.
    func run(_ work: [LedgerWork]) throws -> [LedgerWorkResult] {
        var copy = ledger
        var results: [LedgerWorkResult] = []
        do {
            try database.inTransaction(.immediate) {
                results = try work.map { try perform($0, with: &copy) }
                try storage.flush()
                return .commit
            }
        } catch {
            storage.rolledBack()
            throw error
        }
        ledger = copy
        storage.committed()
        head.note(epoch: ledger.origin.epoch, sequence: ledger.vector[ledger.origin])
        return results
    }

    /// Does a small piece of what can be done between two transactions; false when nothing is left to do.
    func tidy() throws -> Bool { try storage.tidy() }

    /// Brings the head file to the disk.
    func syncHead() { head.sync() }

    private func perform(_ work: LedgerWork, with ledger: inout Ledger) throws -> LedgerWorkResult {
        let applied = try work.received.map { try ledger.apply($0, at: work.wall, in: &storage) }
        let tasks = try work.tasks.map { try ledger.perform($0, at: work.wall, in: &storage) }
        let edits =
            work.requests.isEmpty ? nil : try ledger.commit(work.requests, at: work.wall, in: &storage)
        return LedgerWorkResult(applied: applied, edits: edits, tasks: tasks)
    }
}
