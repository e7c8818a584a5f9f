extension Limits {
    /// Commands of pages that wait for the core at once: every desk of a large site in the same second; more means
    /// that the disk has stopped, and waiting longer helps nobody.
    package static let shellCommandsMax = 2_000
    /// How often pages are shown the wall though nothing happened, so that ages and totals stay true; pages call
    /// figures of other sites stale after three times this.
    package static let wallRefresh = Span.seconds(2)
    /// How long a stopping site waits for its calls to end, unless the configuration says otherwise.
    package static let drainSecondsDefault = 5
    /// The longest that a configuration may make a stop wait: the longest call that is worth waiting for.
    package static let drainSecondsMax = 3_600
    /// Log lines that wait for a slow reader: some seconds of a busy site, about 5 MB.
    ///
    /// As many more may wait of those that matter.
    package static let logLinesWaitingMax = 10_000
    /// What is written of the log in one go: as much as a pipe holds.
    package static let logPieceBytes = 65_536
    /// How long the end of a process waits for its log to be read.
    package static let logFlushSeconds = 2.0
}
