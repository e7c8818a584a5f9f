/// How long a contact probably goes on waiting.
package struct WallEstimate: Codable, Hashable, Sendable {
    /// Probably no shorter than this, in milliseconds.
    package var lowMs: Int64
    /// Probably no longer than this, in milliseconds.
    package var highMs: Int64

    /// Puts one together.
    package init(
        lowMs: Int64,
        highMs: Int64
    ) {
        self.lowMs = lowMs
        self.highMs = highMs
    }
}

/// How wrong a queue's estimates were in the last hour, at the site that serves this.
package struct WallEstimateErrors: Codable, Hashable, Sendable {
    /// Answers to contacts that had been given an estimate.
    package var count: Int
    /// The mean difference from the true wait, whatever its sign, in milliseconds.
    @Nullable package var meanAbsoluteMs: Int64?
    /// The mean difference, in milliseconds: above zero when estimates were too long.
    @Nullable package var biasMs: Int64?
    /// The share of true waits inside the range, 0 to 1.
    @Nullable package var shareInside: Double?

    /// Puts one together; without arguments, that of a queue without answers.
    package init(
        count: Int = 0,
        meanAbsoluteMs: Int64? = nil,
        biasMs: Int64? = nil,
        shareInside: Double? = nil
    ) {
        self.count = count
        self.meanAbsoluteMs = meanAbsoluteMs
        self.biasMs = biasMs
        self.shareInside = shareInside
    }
}
