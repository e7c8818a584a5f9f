import Foundation
import GRDB
import Kernel

extension SiteDatabase {
    /// What a restore did.
    package struct Restored: Hashable, Sendable {
        /// The backup that is the database now.
        package let manifest: BackupManifest
        /// Where the database that stood there before is now; nil when there was none.
        package let putAside: String?
    }

    /// Makes a backup the database of a site that does not run; the next start of it begins a new epoch.
    ///
    /// A database that stands there is an error, unless it `mayReplace`: then it is put aside, not removed.
    package static func restore(
        from backup: String,
        to options: Options,
        mayReplace: Bool,
        progress: @escaping Progress = { _ in }
    ) throws(StoreFailure) -> Restored {
        let manifest = try BackupManifest(ofBackup: backup)
        try check(manifest, of: backup, options)
        let sum = try FileSum(backup) { done in
            progress(DatabaseProgress(phase: .hashing, done: done, total: manifest.bytes))
        }
        guard sum.bytes == manifest.bytes, sum.sha256 == manifest.sha256 else {
            throw StoreFailure(
                .badBackup,
                "The backup \(backup) is not what its manifest describes: it was changed or cut short."
            )
        }
        // Held to the end, so that the site cannot start meanwhile.
        let lock = try takeLock(options)
        defer { withExtendedLifetime(lock) {} }
        let files = FileManager.default
        guard mayReplace || !files.fileExists(atPath: options.path) else {
            throw StoreFailure(
                .exists,
                "The site has a database already (\(options.path)); nothing was changed. "
                    + "Ask for its replacement, and it is put aside."
            )
        }
        let made = options.path + ".restoring"
        do {
            for suffix in ["", "-wal", "-shm", "-journal"] { try? files.removeItem(atPath: made + suffix) }
            try files.copyItem(atPath: backup, toPath: made)
            try prepare(made, manifest: manifest, options, progress: progress)
            try BlobFolder(ofDatabase: options.path).takeIn(BlobFolder(ofBackup: backup)) { done in
                progress(DatabaseProgress(phase: .blobs, done: done, total: manifest.blobBytes ?? 0))
            }
            let aside = try putAside(options.path)
            try files.moveItem(atPath: made, toPath: options.path)
            try Folder.sync(of: options.path)
            return Restored(manifest: manifest, putAside: aside)
        } catch {
            try? files.removeItem(atPath: made)
            throw StoreFailure(error, doing: "restore the backup \(backup)")
        }
    }

    private static func check(
        _ manifest: BackupManifest,
        of backup: String,
        _ options: Options
    ) throws(StoreFailure) {
        guard manifest.cluster == options.cluster else {
            throw StoreFailure(
                .otherCluster,
                "The backup \(backup) is of the cluster \"\(manifest.cluster)\", not of \"\(options.cluster)\"."
            )
        }
        guard manifest.site == options.site.name else {
            throw StoreFailure(
                .otherSite,
                "The backup \(backup) is of the site \"\(manifest.site)\", not of \"\(options.site)\"."
            )
        }
        guard manifest.schema <= Int(DatabaseSchema.version) else {
            throw DatabaseOpening.newer(backup, version: manifest.schema)
        }
    }

    /// Checks the copy and leaves in it the mark that makes the next start begin a new epoch.
    private static func prepare(
        _ path: String,
        manifest: BackupManifest,
        _ options: Options,
        progress: Progress
    ) throws {
        try checkHeader(path: path)
        let copy = try DatabaseQueue(path: path)
        do {
            try copy.writeWithoutTransaction { db in
                progress(DatabaseProgress(phase: .structure, done: 0, total: 0))
                let errors = try String.fetchAll(db, sql: "PRAGMA integrity_check(\(Limits.storeIntegrityErrorsMax))")
                guard errors == ["ok"] else {
                    throw StoreFailure(.damaged, "The backup is damaged.", cause: errors.joined(separator: "; "))
                }
                try DatabaseOpening.markRestored(
                    db,
                    "the database was restored from a backup of \(manifest.madeAtText)"
                )
            }
            try copy.close()
        } catch {
            try? copy.close()
            throw error
        }
        try Folder.syncFile(path)
    }

    /// Moves a database with its logs to a name that is free; nil when there is none.
    private static func putAside(_ path: String) throws -> String? {
        let files = FileManager.default
        guard files.fileExists(atPath: path) else {
            // Logs without a database would be taken for those of the restored one.
            for suffix in ["-wal", "-shm"] { try? files.removeItem(atPath: path + suffix) }
            return nil
        }
        for number in 1...Limits.restoreKeptMax {
            let name = "\(path).replaced-\(number)"
            guard !files.fileExists(atPath: name) else { continue }
            try files.moveItem(atPath: path, toPath: name)
            for suffix in ["-wal", "-shm"] where files.fileExists(atPath: path + suffix) {
                try files.moveItem(atPath: path + suffix, toPath: name + suffix)
            }
            return name
        }
        throw StoreFailure(.exists, "Too many databases were put aside beside \(path); remove some first.")
    }
}
