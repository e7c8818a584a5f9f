import Foundation
import Kernel
import Replication
import Store

/// Work on the disk of a site that does not run.
package enum OfflineOperations {
    /// Told now and then: what is done, how much of it, of how much (0 when not known).
    package typealias Progress = @Sendable (_ phase: String, _ done: Int64, _ total: Int64) -> Void

    /// What a restore did.
    package struct Restored: Hashable, Codable, Sendable {
        /// The backup's file.
        package let backup: String
        /// When it was made, UTC.
        package let madeAt: String
        /// The epoch in which the site wrote then; the next start begins a higher one.
        package let epoch: UInt32
        /// The database that it became.
        package let database: String
        /// Where the database that stood there is now; nil when there was none.
        package let putAside: String?
    }

    /// What a check of everything found.
    package struct Findings: Hashable, Codable, Sendable {
        /// What SQLite says of its file; empty when it is sound.
        package let structure: [String]
        /// Documents looked at.
        package let documents: Int
        /// How many of them are damaged.
        package let damagedDocumentCount: Int
        /// The first of those.
        package let damagedDocuments: [String]
        /// Ops looked at.
        package let ops: Int
        /// How many of them are damaged.
        package let damagedOpCount: Int
        /// The first of those.
        package let damagedOps: [String]

        /// Attachments looked at.
        package let attachments: Int
        /// How many of them are damaged.
        package let damagedAttachmentCount: Int
        /// The first of those.
        package let damagedAttachments: [String]

        /// True when nothing is wrong.
        package var isSound: Bool {
            structure.isEmpty && damagedDocumentCount == 0 && damagedOpCount == 0 && damagedAttachmentCount == 0
        }
    }

    /// Makes a backup the database of a site that does not run; its next start begins a new epoch.
    ///
    /// A database that stands there is put aside with `mayReplace`, and an error otherwise. Throws what a person can
    /// read: the site runs, the backup is damaged or of another site.
    package static func restore(
        _ configuration: SiteConfiguration,
        from backup: String,
        mayReplace: Bool,
        progress: @escaping Progress
    ) throws -> Restored {
        let options = configuration.databaseOptions
        let done = try SiteDatabase.restore(from: backup, to: options, mayReplace: mayReplace) { step in
            progress(step.phase.rawValue, step.done, step.total)
        }
        return Restored(
            backup: backup,
            madeAt: done.manifest.madeAtText,
            epoch: done.manifest.epoch,
            database: options.path,
            putAside: done.putAside
        )
    }

    /// Reads everything that a site which does not run has on disk, and tells what is not as it was written.
    package static func verify(
        _ configuration: SiteConfiguration,
        progress: @escaping Progress
    ) async throws -> Findings {
        let options = configuration.databaseOptions
        guard FileManager.default.fileExists(atPath: options.path) else {
            throw StoreFailure(.cannotOpen, "There is no database at \(options.path).")
        }
        let database = try SiteDatabase(options)
        let report: VerifyReport
        do {
            report = try await database.verify { progress($0.phase.rawValue, $0.done, $0.total) }
        } catch {
            try? database.close()
            throw error
        }
        try database.close()
        return Findings(
            structure: report.structure,
            documents: report.documents,
            damagedDocumentCount: report.damagedDocumentCount,
            damagedDocuments: report.damagedDocuments.map { "\($0.type.number)/\($0.key)" },
            ops: report.ops,
            damagedOpCount: report.damagedOpCount,
            damagedOps: report.damagedOps.map(\.text),
            attachments: report.blobs,
            damagedAttachmentCount: report.damagedBlobCount,
            damagedAttachments: report.damagedBlobs.map(\.hex)
        )
    }
}

extension SiteConfiguration {
    /// Where the site's database is, and whose it must be.
    var databaseOptions: SiteDatabase.Options {
        SiteDatabase.Options(
            path: (dataDirectory as NSString).appendingPathComponent("site.sqlite"),
            cluster: cluster,
            site: site
        )
    }
}
