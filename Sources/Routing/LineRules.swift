package import ContactCenter
package import Kernel

/// What callers of a queue hear while they wait or are held, and what is recorded, with every default filled in.
package struct LineRules: Hashable, Sendable {
    /// When announcements and music are heard.
    package var announcements: AnnouncementMode
    /// In which language, for callers whose file names none that is spoken.
    package var language: SpokenLanguage
    /// Whether a customer whom the agent holds hears music.
    package var musicOnHold: Bool
    /// How often the place and the wait are told.
    package var announceEvery: Span
    /// Which calls are recorded.
    package var recording: RecordingPolicy
    /// Whether callers whose call is recorded are told so.
    package var recordingNotice: Bool

    /// Makes rules; the defaults are those of a queue that states nothing: media goes from phone to phone.
    package init(
        announcements: AnnouncementMode = .off,
        language: SpokenLanguage = .english,
        musicOnHold: Bool = false,
        announceEvery: Span = .seconds(45),
        recording: RecordingPolicy = .off,
        recordingNotice: Bool = true
    ) {
        self.announcements = announcements
        self.language = language
        self.musicOnHold = musicOnHold
        self.announceEvery = announceEvery
        self.recording = recording
        self.recordingNotice = recordingNotice
    }

    /// Takes what a queue's record says.
    package init(_ queue: Queue) {
        let defaults = LineRules()
        self.init(
            announcements: queue.announcements ?? defaults.announcements,
            language: queue.language ?? defaults.language,
            musicOnHold: queue.musicOnHold ?? defaults.musicOnHold,
            announceEvery: queue.announceEverySeconds.map { .seconds($0) } ?? defaults.announceEvery,
            recording: queue.recording ?? defaults.recording,
            recordingNotice: queue.recordingNotice ?? defaults.recordingNotice
        )
    }

    /// Whether a call's media must pass the relay, given whether chance chose it to be recorded.
    package func needsRelay(isRecorded: Bool) -> Bool {
        announcements != .off || musicOnHold || isRecorded
    }
}
