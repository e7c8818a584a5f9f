/// Bounds of what stands between telephone signalling and the media relay.
extension Limits {
    /// A relay on the same machine or beside it answers in milliseconds; a caller must not wait for a dead one.
    package static let mediaJobMax = Span.seconds(2)
    /// What may wait for one leg's job: more comes only from a peer that floods, and then goes on without the relay.
    package static let mediaWaitingMax = 64
    /// Jobs without an answer at one time: some for each live contact; beyond, announcements are skipped.
    package static let mediaJobsOpenMax = 40_000
    /// Clips of one announcement: a greeting, a place, a wait, an offer, and numbers in between.
    package static let mediaClipsMax = 32
}
