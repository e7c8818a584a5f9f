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
    /// Calls that talk leave a relay that is gone one after the other, 200 a second: two phones each are asked, and a
    /// trunk takes that beside its new calls.
    package static let mediaLeaveEvery = Span.milliseconds(5)
    /// After so long a party is asked again that was busy with another change of session; those take a second.
    package static let mediaLeaveAgain = Span.seconds(2)
    /// A party that has refused so often does not want the other's session.
    package static let mediaLeaveRefusalsMax = 8
}
