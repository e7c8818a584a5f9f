/// A recording of a call.
package struct RecordingResource: Codable, Hashable, Sendable {
    /// Its name within the contact.
    package var file: String
    /// When it began.
    package var startedAt: Timestamp
    /// How long it is, in seconds.
    package var seconds: Double
    /// The loudest sample of each equal part of it, 0 to 1, at most `Limits.recordingPeaksMax`; for a picture.
    package var peaks: [Double]

    /// Puts one together.
    package init(file: String, startedAt: Timestamp, seconds: Double, peaks: [Double]) {
        self.file = file
        self.startedAt = startedAt
        self.seconds = seconds
        self.peaks = peaks
    }
}
