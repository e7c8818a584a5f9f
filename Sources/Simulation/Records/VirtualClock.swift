import Kernel

/// A site's wall clock: it may be off, run too fast or slow, and be set.
struct VirtualClock: Hashable, Sendable {
    /// How far it was off at `since`.
    private var offset: Span
    /// By how many millionths it runs too fast.
    private var drift: Int64 = 0
    private var since = Instant.zero

    init(offset: Span) {
        self.offset = offset
    }

    /// The true time at the start of a run.
    static let start = WallTime(milliseconds: 1_795_262_400_000)

    /// The true time.
    static func truth(_ instant: Instant) -> WallTime {
        start + Span(milliseconds: instant.milliseconds)
    }

    /// How far it is off.
    func offset(at instant: Instant) -> Span {
        offset + .milliseconds((instant - since).milliseconds * drift / 1_000_000)
    }

    /// What it shows.
    func wall(at instant: Instant) -> WallTime {
        VirtualClock.truth(instant) + offset(at: instant)
    }

    /// Somebody sets it.
    mutating func step(by span: Span, at instant: Instant) {
        offset = offset(at: instant) + span
        since = instant
    }

    /// From now on it runs too fast by so many millionths.
    mutating func run(fastBy millionths: Int64, at instant: Instant) {
        offset = offset(at: instant)
        since = instant
        drift = millionths
    }

    /// It is right again, nearly.
    mutating func mend(offset: Span, at instant: Instant) {
        self = VirtualClock(offset: offset)
        since = instant
    }
}
