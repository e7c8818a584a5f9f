import GRDB
import Kernel
import Replication

extension SiteDatabase {
    /// Reads everything and reports what is not as it was written; the site may run meanwhile.
    ///
    /// SQLite's own structure first, then each document against its hash, then each origin's log against its chain,
    /// and attachments against their names.
    /// It changes nothing; what is damaged is fetched again from other sites by the scrub.
    package func verify(progress: @escaping Progress = { _ in }) async throws(StoreFailure) -> VerifyReport {
        do {
            var report = VerifyReport()
            progress(DatabaseProgress(phase: .structure, done: 0, total: 0))
            let errors = try await pool.read { db in
                try String.fetchAll(db, sql: "PRAGMA integrity_check(\(Limits.storeIntegrityErrorsMax))")
            }
            if errors != ["ok"] { report.structure = errors }
            try await verifyDocuments(&report, progress: progress)
            try await verifyLog(&report, progress: progress)
            try BlobFolder(ofDatabase: path).verify(&report) {
                progress(DatabaseProgress(phase: .blobs, done: $0, total: 0))
            }
            return report
        } catch {
            throw StoreFailure(error, doing: "verify the database \(path)")
        }
    }

    private func verifyDocuments(_ report: inout VerifyReport, progress: Progress) async throws {
        let total = try await pool.read { try Int64.fetchOne($0, sql: "SELECT count(*) FROM document") ?? 0 }
        var place: DocumentID?
        repeat {
            let after = place
            let page = try await pool.read { db in
                try DocumentScan(db).damaged(after: after, limit: Limits.verifyRowsPerRead)
            }
            report.documents += page.looked
            report.add(damaged: page.damaged)
            place = page.next
            progress(DatabaseProgress(phase: .documents, done: Int64(report.documents), total: total))
        } while place != nil
    }

    private func verifyLog(_ report: inout VerifyReport, progress: Progress) async throws {
        let total = try await pool.read { try Int64.fetchOne($0, sql: "SELECT count(*) FROM op") ?? 0 }
        for origin in try await pool.read({ try OriginNumbers($0).all().map(\.origin) }) {
            var check = ChainCheck(origin)
            while !check.isDone {
                let before = check
                let (after, checked, damaged) = try await pool.read { db in
                    var check = before
                    let (checked, damaged) = try check.next(db)
                    return (check, checked, damaged)
                }
                check = after
                report.ops += checked
                for dot in damaged { report.add(damaged: dot) }
                progress(DatabaseProgress(phase: .ops, done: Int64(report.ops), total: total))
            }
        }
    }
}
