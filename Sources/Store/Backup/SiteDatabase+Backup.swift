import Foundation
import GRDB
package import Kernel

/// How far a long piece of work on a database has come.
package struct DatabaseProgress: Hashable, Sendable {
    /// What is being done.
    package enum Phase: String, Hashable, Sendable {
        /// Pages are copied.
        case copying
        /// Attachments are copied or held against their names.
        case blobs
        /// The copy's hash is computed or compared.
        case hashing
        /// SQLite checks its own structure.
        case structure
        /// Documents are held against their hashes.
        case documents
        /// Ops are held against their chains.
        case ops
    }

    /// What is being done.
    package let phase: Phase
    /// How much of it: bytes while copying and hashing, rows otherwise.
    package let done: Int64
    /// Of how much; 0 when that is not known.
    package let total: Int64
}

extension SiteDatabase {
    /// Called now and then, on any thread.
    package typealias Progress = @Sendable (DatabaseProgress) -> Void

    /// Copies the database as it is at one moment, while the site goes on, and says what it copied.
    ///
    /// The copy is whole and on disk when its manifest stands beside it. Nothing is overwritten.
    package func backUp(
        to path: String,
        at now: WallTime,
        progress: @escaping Progress = { _ in }
    ) async throws -> BackupManifest {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try self.backUpNow(to: path, at: now, progress: progress) })
            }
        }
    }

    private func backUpNow(to path: String, at now: WallTime, progress: @escaping Progress) throws -> BackupManifest {
        let files = FileManager.default
        let blobs = BlobFolder(ofBackup: path)
        for place in [path, BackupManifest.path(of: path), blobs.root] where files.fileExists(atPath: place) {
            throw StoreFailure(.exists, "The file \(place) exists; nothing was overwritten. Name another.")
        }
        let part = path + ".part"
        do {
            try files.createDirectory(
                at: URL(fileURLWithPath: path).deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            if files.fileExists(atPath: part) { try files.removeItem(atPath: part) }
            let manifest = try copy(to: part, blobs: blobs, at: now, progress: progress)
            try files.moveItem(atPath: part, toPath: path)
            try Folder.sync(of: path)
            try manifest.write(besideBackup: path)
            return manifest
        } catch {
            try? files.removeItem(atPath: part)
            try? files.removeItem(atPath: blobs.root)
            throw StoreFailure(error, doing: "back up the database to \(path)")
        }
    }

    private func copy(
        to part: String,
        blobs: BlobFolder,
        at now: WallTime,
        progress: @escaping Progress
    ) throws -> BackupManifest {
        let target = try DatabaseQueue(path: part)
        do {
            // A copy that a crash cuts short is thrown away, so it needs no journal.
            try target.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF")
            }
            var synced: Int64 = 0
            try pool.backup(to: target, pagesPerStep: CInt(Limits.backupPagesPerStep)) { step in
                let page: Int64 = 4_096
                let done = Int64(step.completedPageCount) * page
                progress(DatabaseProgress(phase: .copying, done: done, total: Int64(step.totalPageCount) * page))
                if done - synced >= Limits.backupBytesPerSync {
                    synced = done
                    try Folder.syncFile(part)
                }
            }
            // One file, readable without a write-ahead log.
            try target.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA journal_mode = DELETE")
            }
            try target.close()
        } catch {
            try? target.close()
            throw error
        }
        try Folder.syncFile(part)
        let sum = try FileSum(part) { progress(DatabaseProgress(phase: .hashing, done: $0, total: 0)) }
        // After the database: what it names was there before it was named.
        let attached = try BlobFolder(ofDatabase: self.path).share(with: blobs) {
            progress(DatabaseProgress(phase: .blobs, done: $0, total: 0))
        }
        var readOnly = Configuration()
        readOnly.readonly = true
        let copy = try DatabaseQueue(path: part, configuration: readOnly)
        defer { try? copy.close() }
        return try copy.read { try BackupManifest($0, identity: identity, madeAt: now, file: sum, blobs: attached) }
    }
}
