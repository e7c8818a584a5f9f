import Calls
import Kernel
import Transport

/// What the relay's client knows of one session.
final class MediaSessionState {
    let session: MediaSession
    /// Its relay; a session never moves.
    let relay: Int
    /// Jobs in the order in which they came; the first is under way.
    var jobs: [MediaJob] = []
    /// Both sides are known at the relay.
    var isAnswered = false
    /// The relay's ports: a side sends to its own.
    var ports: [MediaSide: Set<UInt16>] = [:]
    /// Who hears clips at the moment.
    var players: [MediaSide: MediaPlayer] = [:]
    /// It was recorded at some time, so captures exist.
    var hasRecorded = false
    var isRecording = false
    /// Its captures are being made into a file.
    var isArchiving = false
    var isEnding = false

    init(_ session: MediaSession, relay: Int) {
        self.session = session
        self.relay = relay
    }
}

/// Plays clips to one side, one after the other.
final class MediaPlayer {
    let sounds: [SoundFolder.Sound]
    let isRepeated: Bool
    var next = 0
    var timer: LoopTimer?

    init(_ sounds: [SoundFolder.Sound], isRepeated: Bool) {
        self.sounds = sounds
        self.isRepeated = isRepeated
    }

    /// How long they last, once through.
    var length: Span { sounds.reduce(.zero) { $0 + $1.length } }
}
