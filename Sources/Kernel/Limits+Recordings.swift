// Bounds of recordings that are heard at another site than the one that has them.
extension Limits {
    /// Bytes of a recording in one answer: four seconds of talk, half a frame, so that a link stays free for calls.
    package static let recordingPartBytesMax = 128 * 1_024
    /// Questions to other sites that wait or are under way: each holds one part at most, eight megabytes in all.
    package static let recordingQuestionsMax = 64
    /// Questions under way at once to one site; the others wait for their turn.
    ///
    /// With so many parts in flight each has a quarter of the link: over 500 kbit/s it takes nine seconds, within the
    /// wait.
    package static let recordingFlightsPerPeerMax = 4
    /// How long a question may take, the wait for its turn included; then the other site counts as silent.
    package static let recordingAnswerMax = Span.seconds(15)
    /// How long the list of a contact's recordings waits for what another site knows of one; the list is shown without.
    package static let recordingLookMax = Span.seconds(4)
    /// Questions of one site that the disk works on at once: twice what an honest one has under way.
    package static let recordingServesPerPeerMax = 8
    /// Questions of all sites that the disk works on at once: each holds a part in memory.
    package static let recordingServesMax = 32
    /// Recordings that one site has open, one for each page that listens there.
    ///
    /// Of more the one unused longest is shut. It is opened again, which is noted again, when its page goes on.
    package static let recordingsOpenPerPeerMax = 256
    /// How long a recording stays open for a site that reads nothing of it.
    package static let recordingOpenMax = Span.minutes(10)
    /// How often a read opens a recording again whose site has forgotten it: it was started anew, or shut it.
    package static let recordingReopensMax = 2
    /// Bytes of the key of a contact, or of the name of who listens, in a question.
    package static let recordingQuestionNameBytesMax = 200
    /// Longest file: `recordingMax` of sound at 32,000 bytes a second, and the head.
    package static let recordingFileBytesMax = Int(recordingMax.milliseconds) * 32 + 1_024
    /// Agents noted as having taken part in a contact; who was passed on more often is heard by supervisors.
    package static let contactAgentsMax = 64
}
