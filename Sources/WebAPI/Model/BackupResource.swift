/// The backups of a site.
package struct BackupListResource: Codable, Hashable, Sendable {
    /// Where they are, on the site's machine.
    package var folder: String
    /// The one that is being made; null when there is none.
    @Nullable package var running: BackupRunResource?
    /// The last one that this start of the site made or failed to make; null when there was none.
    @Nullable package var last: BackupRunResource?
    /// Those that are there, newest first.
    package var items: [BackupResource]

    /// Puts one together.
    package init(folder: String, running: BackupRunResource?, last: BackupRunResource?, items: [BackupResource]) {
        self.folder = folder
        self.running = running
        self.last = last
        self.items = items
    }
}

/// One backup.
package struct BackupResource: Codable, Hashable, Sendable {
    /// Its name.
    package var name: String
    /// Its file, on the site's machine.
    package var path: String
    /// Its size.
    package var bytes: Int64
    /// What it holds; null when that cannot be read.
    @Nullable package var manifest: BackupManifestResource?
    /// What is wrong with it; null when nothing is known to be.
    @Nullable package var problem: String?

    /// Puts one together.
    package init(name: String, path: String, bytes: Int64, manifest: BackupManifestResource?, problem: String?) {
        self.name = name
        self.path = path
        self.bytes = bytes
        self.manifest = manifest
        self.problem = problem
    }
}

/// What a backup holds.
package struct BackupManifestResource: Codable, Hashable, Sendable {
    /// When it was made.
    package var madeAt: Timestamp
    /// The epoch in which the site wrote.
    package var epoch: UInt32
    /// The newest op of each origin.
    package var vector: [String: UInt64]
    /// SHA-256 of the file, hexadecimal.
    package var sha256: String

    /// Puts one together.
    package init(madeAt: Timestamp, epoch: UInt32, vector: [String: UInt64], sha256: String) {
        self.madeAt = madeAt
        self.epoch = epoch
        self.vector = vector
        self.sha256 = sha256
    }
}

/// A backup while it is made, and how that ended.
package struct BackupRunResource: Codable, Hashable, Sendable {
    /// Its name.
    package var name: String
    /// When it was begun.
    package var startedAt: Timestamp
    /// `copying`, `hashing`, `done` or `failed`.
    package var phase: String
    /// How many bytes are done.
    package var done: Int64
    /// Of how many; 0 while that is not known.
    package var total: Int64
    /// Why it failed; null when it did not.
    @Nullable package var problem: String?

    /// Puts one together.
    package init(
        name: String,
        startedAt: Timestamp,
        phase: String,
        done: Int64 = 0,
        total: Int64 = 0,
        problem: String? = nil
    ) {
        self.name = name
        self.startedAt = startedAt
        self.phase = phase
        self.done = done
        self.total = total
        self.problem = problem
    }
}
