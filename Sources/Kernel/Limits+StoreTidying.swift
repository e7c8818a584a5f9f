// Work between two transactions: each slice delays a waiting command by a millisecond or two.
extension Limits {
    /// Rows counted into the digest at once after a start.
    package static let digestRowsPerSlice = 2_000
    /// Ops dropped at once from a log that was trimmed.
    package static let logRowsPerTrim: UInt64 = 1_000
}
