/// Bounds of what stands between telephone signalling and the media relay.
extension Limits {
    /// A relay beside the node answers in milliseconds, and its client gives up after three seconds; this is for a
    /// client that does not.
    package static let mediaJobMax = Span.seconds(4)
    /// A recording is put together from what was captured: the longest take minutes on a busy disk.
    package static let mediaRecordingMax = Span.minutes(10)
    /// What may wait for one leg's job: more comes only from a peer that floods, and then goes on without the relay.
    package static let mediaWaitingMax = 64
    /// Jobs without an answer at one time: some for each live contact; beyond, announcements are skipped.
    package static let mediaJobsOpenMax = 40_000
    /// Clips of one announcement: a greeting, a place, a wait, an offer, and numbers in between.
    package static let mediaClipsMax = 32
}
