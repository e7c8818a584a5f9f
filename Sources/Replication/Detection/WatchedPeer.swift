import Kernel

/// What a failure detector knows of one peer.
struct WatchedPeer: Sendable {
    /// What another site said of it.
    struct Testimony: Hashable, Sendable {
        enum Word: Hashable, Sendable {
            case heard
            case notHeard
            case lost
        }

        var word: Word
        /// When it was said, as heard here.
        var at: Instant
        /// True for an answer to a question, false for what a heartbeat mentioned.
        var isAnswer: Bool
    }

    var isLinked = false
    /// When anything was heard of it over its own link; later, if this process slept since.
    var lastHeard: Instant?
    /// When its last heartbeat came; nil when the gap to the next would say nothing.
    var lastBeat: Instant?
    var gaps = HeartbeatGaps()
    var standing = PeerHealth.Standing.unreachable
    var cause = PeerHealth.Cause.site
    var since: Instant
    var roundTrip: Span?
    var incarnation: UInt64 = 0
    /// The `sentAt` of its last heartbeat, to be returned.
    var sentAt: Int64?
    /// When that arrived.
    var answeredAt: Instant?
    /// Whom it said that it hears.
    var reachable: [SiteID] = []
    /// When its link was reset although it was heard; nil when there is a link, or it only fell silent.
    var lostAt: Instant?
    /// Its machine said, since then, that nobody listens.
    var isRefused = false
    /// True until it is heard again, once it was called unreachable.
    var isSilent = false
    /// What others said of it last.
    var testimony: [SiteID: Testimony] = [:]
    /// The first question asked about it since it is suspect, and when the next is due.
    var asks: (first: UInt64, next: Instant)?

    init(since: Instant) {
        self.since = since
    }

    /// Notes a sign of life over its own link.
    mutating func hear(at now: Instant) {
        lastHeard = now
        isSilent = false
    }

    /// What a witness says; what a heartbeat mentions does not outdo an answer that may be newer than it looks.
    mutating func note(_ word: Testimony.Word, by witness: SiteID, isAnswer: Bool, at now: Instant) {
        if !isAnswer, let known = testimony[witness], known.isAnswer, now - known.at < Limits.testimonyValidity {
            // A site that lost a link calls its peer reachable only once it hears it anew; one that waited in
            // vain for an answer may call it so a little longer. Nor does it unsay what it answered.
            guard word == .heard, known.word == .lost else { return }
        }
        testimony[witness] = Testimony(word: word, at: now, isAnswer: isAnswer)
    }
}
