/// How a site's records do: clocks, lag, snapshot, checks.
package struct RecordsHealthResource: Codable, Hashable, Sendable {
    /// How far this site's newest op has got; null when it has written nothing in this epoch.
    @Nullable package var acknowledged: Acknowledgement?
    /// Ops that each counted member lacks, by site.
    package var lag: [String: UInt64]
    /// This site's clock.
    package var clock: ClockResource
    /// The snapshot that is being taken in; null when there is none.
    @Nullable package var join: JoinResource?
    /// What the checks of the disk found.
    package var verification: VerificationResource
    /// How many origins' logs do not begin with their first op, and how many ops of theirs were dropped.
    package var logFloor: LogFloorResource
    /// Origins of which nothing more is applied, because two histories of them exist.
    package var halted: [String]

    /// Puts one together.
    package init(
        acknowledged: Acknowledgement?,
        lag: [String: UInt64],
        clock: ClockResource,
        join: JoinResource?,
        verification: VerificationResource,
        logFloor: LogFloorResource,
        halted: [String]
    ) {
        self.acknowledged = acknowledged
        self.lag = lag
        self.clock = clock
        self.join = join
        self.verification = verification
        self.logFloor = logFloor
        self.halted = halted
    }
}

/// How much of the log was dropped because every counted member has it.
package struct LogFloorResource: Codable, Hashable, Sendable {
    /// Origins whose log was cut.
    package var origins: Int
    /// Ops dropped.
    package var ops: UInt64

    /// Puts one together.
    package init(origins: Int, ops: UInt64) {
        self.origins = origins
        self.ops = ops
    }
}

/// What a site's idea of the time rests on.
package struct ClockResource: Codable, Hashable, Sendable {
    /// `agreed`, `disputed` or `alone`.
    package var basis: String
    /// How many clocks agree, where most do.
    @Nullable package var sources: Int?
    /// How many were heard.
    @Nullable package var of: Int?
    /// What must be added to this site's clock for the agreed time, in milliseconds.
    @Nullable package var offsetMs: Int64?
    /// False while the clock is too far off to promise anything beyond this site's disk.
    package var trusted: Bool

    /// Puts one together.
    package init(basis: String, sources: Int? = nil, of: Int? = nil, offsetMs: Int64?, trusted: Bool) {
        self.basis = basis
        self.sources = sources
        self.of = of
        self.offsetMs = offsetMs
        self.trusted = trusted
    }
}

/// A peer's clock.
package struct PeerClockResource: Codable, Hashable, Sendable {
    /// Its clock minus the serving site's, in milliseconds.
    package var offsetMs: Int64
    /// How wrong that may be, in milliseconds.
    package var errorMs: Int64
    /// How long ago that was measured, in milliseconds.
    package var ageMs: Int64
    /// True when it is further from the agreed time than stamps may be ahead.
    package var off: Bool

    /// Puts one together.
    package init(offsetMs: Int64, errorMs: Int64, ageMs: Int64, off: Bool) {
        self.offsetMs = offsetMs
        self.errorMs = errorMs
        self.ageMs = ageMs
        self.off = off
    }
}

/// How far a snapshot is taken in.
package struct JoinResource: Codable, Hashable, Sendable {
    /// `documents`, `logs`, `tail` or `done`.
    package var phase: String
    /// Who gives it; null while nobody does.
    @Nullable package var donor: String?
    /// Documents received.
    package var documents: UInt64
    /// Ranges installed.
    package var ranges: UInt64

    /// Puts one together.
    package init(phase: String, donor: String?, documents: UInt64, ranges: UInt64) {
        self.phase = phase
        self.donor = donor
        self.documents = documents
        self.ranges = ranges
    }
}
