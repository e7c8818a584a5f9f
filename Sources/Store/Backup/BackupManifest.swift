import Foundation
import GRDB
import Kernel
import Replication

/// What stands beside a backup and says what it is: written last, so a backup without one is not whole.
package struct BackupManifest: Codable, Hashable, Sendable {
    /// The newest op of one origin that the backup holds.
    package struct Head: Codable, Hashable, Sendable {
        /// Site and epoch, as `north/26438400`.
        package let origin: String
        /// The sequence number.
        package let sequence: UInt64
    }

    /// The version of this description.
    package let form: Int
    /// The cluster.
    package let cluster: String
    /// The site.
    package let site: String
    /// The epoch in which the site wrote.
    package let epoch: UInt32
    /// What the backup holds, by origin.
    package let vector: [Head]
    /// When it was made, in milliseconds since 1970-01-01T00:00:00Z.
    package let madeAt: Int64
    /// The version of the ledger's tables.
    package let schema: Int
    /// Bytes of the backup.
    package let bytes: Int64
    /// SHA-256 of the backup, 64 hexadecimal digits.
    package let sha256: String
    /// Attachments in the folder beside the backup; nil in a backup of an older program.
    package let blobs: Int?
    /// Bytes of those.
    package let blobBytes: Int64?

    /// The form that this program writes.
    static let form = 1

    /// The manifest of the backup at a path.
    package static func path(of backup: String) -> String { backup + ".json" }

    /// When it was made, for people: UTC.
    package var madeAtText: String {
        Date(timeIntervalSince1970: Double(madeAt) / 1_000).ISO8601Format()
    }

    /// Describes a finished copy that nobody has open for writing.
    init(
        _ db: Database,
        identity: SiteDatabase.Identity,
        madeAt: WallTime,
        file: FileSum,
        blobs: BlobFolder.Sum
    ) throws {
        let storage = try SQLiteLedgerStorage(db, forWriting: false)
        form = BackupManifest.form
        cluster = identity.cluster
        site = identity.site.name
        epoch = UInt32(clamping: try storage.counter(LedgerCounter.epoch) ?? 0)
        vector = try storage.heads().map { Head(origin: $0.dot.origin.text, sequence: $0.dot.sequence) }
        self.madeAt = madeAt.milliseconds
        schema = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        bytes = file.bytes
        sha256 = file.sha256
        self.blobs = blobs.count
        blobBytes = blobs.bytes
    }

    /// Reads the manifest of a backup.
    package init(ofBackup path: String) throws(StoreFailure) {
        let place = BackupManifest.path(of: path)
        guard let data = FileManager.default.contents(atPath: place) else {
            throw StoreFailure(
                .badBackup,
                "The backup \(path) has no manifest (\(place)): it is incomplete, or another file."
            )
        }
        do {
            self = try JSONDecoder().decode(BackupManifest.self, from: data)
        } catch {
            throw StoreFailure(.badBackup, "The manifest \(place) cannot be read.", cause: "\(error)")
        }
        guard form == BackupManifest.form else {
            throw StoreFailure(.badBackup, "The manifest \(place) is of a newer version of this program.")
        }
    }

    /// Writes it beside the backup, whole or not at all.
    func write(besideBackup path: String) throws(StoreFailure) {
        let place = BackupManifest.path(of: path)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        do {
            try encoder.encode(self).write(to: URL(fileURLWithPath: place), options: .atomic)
        } catch {
            throw StoreFailure(.inputOutput, "Could not write the manifest \(place).", cause: "\(error)")
        }
        try Folder.syncFile(place)
        try Folder.sync(of: place)
    }
}
