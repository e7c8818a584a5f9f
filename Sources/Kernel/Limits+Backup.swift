extension Limits {
    /// Pages copied at a time by a backup (1 MiB): between two, progress is told.
    package static let backupPagesPerStep = 256
    /// Bytes of a backup after which they are brought to the disk: one sync of all at the end would stall commits.
    package static let backupBytesPerSync: Int64 = 16 << 20
    /// Bytes of a file read at a time for its hash.
    package static let backupReadBytes = 1 << 20
    /// Databases put aside by restores: an operator who has so many should look at them first.
    package static let restoreKeptMax = 100
    /// Rows of the op log or documents verified at a time: a read so short pins the write-ahead log for milliseconds.
    package static let verifyRowsPerRead = 1_000
    /// Damaged documents and ops that a report names; more are only counted.
    package static let verifyNamedMax = 100
}
