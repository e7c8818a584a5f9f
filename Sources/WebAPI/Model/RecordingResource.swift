/// A recording of a call.
package struct RecordingResource: Codable, Hashable, Sendable {
    /// Where a recording stands, as seen from the site that is asked.
    package enum Standing: String, Codable, Hashable, Sendable {
        /// On this site's disk.
        case here
        /// At another site, which can be reached: it is played from there.
        case elsewhere
        /// At another site, which cannot be reached now.
        case away
        /// On a disk that does not give it: damaged, or encrypted with a key that is lost.
        case unreadable
    }

    /// Its name within the contact.
    package var file: String
    /// When it began.
    package var startedAt: Timestamp
    /// How long it is, in seconds; of one that is away, how long the talk was.
    package var seconds: Double
    /// The loudest sample of each equal part of it, 0 to 1, at most `Limits.recordingPeaksMax`; for a picture.
    ///
    /// None while its site does not tell.
    package var peaks: [Double]
    /// True when it ends before the call did, because the media relay failed.
    package var incomplete: Bool
    /// The site that has it.
    package var site: String
    /// Where it stands.
    package var standing: Standing
    /// Since when its site was not heard, where it is away and that is known.
    @Nullable package var awaySince: Timestamp?

    /// Puts one together.
    package init(
        file: String,
        startedAt: Timestamp,
        seconds: Double,
        peaks: [Double],
        incomplete: Bool = false,
        site: String,
        standing: Standing = .here,
        awaySince: Timestamp? = nil
    ) {
        self.file = file
        self.startedAt = startedAt
        self.seconds = seconds
        self.peaks = peaks
        self.incomplete = incomplete
        self.site = site
        self.standing = standing
        self.awaySince = awaySince
    }
}
