import GRDB
import Kernel
import Replication

/// What the writing thread does for its whole life, inside one access to the writing connection.
enum StoreLoop {
    typealias Started = (Result<StoreThread.Start, StoreFailure>) -> Void

    static func run(
        _ database: SiteDatabase,
        schema: DocumentSchema,
        wall: WallTime,
        inbox: StoreInbox,
        started: Started
    ) {
        defer { inbox.end() }
        do {
            try database.pool.writeWithoutTransaction { db in
                let writer = try LedgerWriter(db, of: database, schema: schema, wall: wall)
                let log = try WriteAheadLog(db, path: database.path)
                var standing = try writer.standing(at: wall)
                standing.wasSetBack = database.prepared.newEpochReason != nil
                let start = StoreThread.Start(
                    origin: writer.origin,
                    vector: writer.vector,
                    standing: standing,
                    newEpochReason: database.prepared.newEpochReason
                )
                started(.success(start))
                defer { writer.syncHead() }
                while let jobs = next(from: inbox, writer: writer) {
                    for group in groups(jobs) { perform(group, writer: writer, db: db) }
                    if log.tend() { writer.syncHead() }
                }
            }
        } catch {
            inbox.close()
            started(.failure(StoreFailure(error, doing: "start writing to \(database.path)")))
        }
    }

    /// The next jobs; nil at the end.
    ///
    /// While nothing waits, and once between two transactions, the writer tidies up.
    private static func next(from inbox: StoreInbox, writer: LedgerWriter) -> [StoreInbox.Job]? {
        // What fails here loses nothing and is tried again between the next two transactions.
        while (try? writer.tidy()) == true {
            guard let jobs = inbox.takeAtOnce() else { return nil }
            if !jobs.isEmpty { return jobs }
        }
        return inbox.take()
    }

    private enum Group {
        case work([(LedgerWork, StoreThread.Completion)])
        case maintenance(@Sendable (Database) -> Void)
    }

    /// Neighbouring pieces of work share a transaction; maintenance keeps its place between them.
    private static func groups(_ jobs: [StoreInbox.Job]) -> [Group] {
        var groups: [Group] = []
        for job in jobs {
            switch job {
            case .work(let work, let completion):
                if case .work(let before) = groups.last {
                    groups[groups.count - 1] = .work(before + [(work, completion)])
                } else {
                    groups.append(.work([(work, completion)]))
                }
            case .maintenance(let body): groups.append(.maintenance(body))
            }
        }
        return groups
    }

    private static func perform(_ group: Group, writer: LedgerWriter, db: Database) {
        switch group {
        case .maintenance(let body): body(db)
        case .work(let jobs):
            do {
                let results = try writer.run(jobs.map(\.0))
                for (job, result) in zip(jobs, results) { job.1(.success(result)) }
            } catch {
                if jobs.count == 1 {
                    return jobs[0].1(.failure(StoreFailure(error, doing: "store a change")))
                }
                // One of them may be what the disk refused: each alone, so that it does not fail its neighbours.
                for job in jobs { perform(.work([job]), writer: writer, db: db) }
            }
        }
    }
}
