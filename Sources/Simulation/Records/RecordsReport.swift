package import Kernel

/// What a run of records came to.
package struct RecordsReport: Hashable, Sendable {
    /// A promise that was broken.
    package struct Violation: Hashable, Sendable {
        /// Which invariant.
        package var invariant: String
        /// What was wrong.
        package var message: String
        /// When, in virtual time from the start.
        package var at: Span
    }

    /// The options of the run.
    package var options: RecordsOptions
    /// The first broken promise; nil when all held.
    package var violation: Violation?
    /// How many events were handled.
    package var steps = 0
    /// How much virtual time passed.
    package var elapsed = Span.zero
    /// How long the healed cluster took to come to rest.
    package var settled: Span?
    /// How many ops were written.
    package var ops = 0
    /// How many frames crossed links.
    package var frames = 0
    /// How often each fault began.
    package var began: [String: Int] = [:]
    /// How often each fault did something that can be seen.
    package var bit: [String: Int] = [:]
    /// How often each rare branch was reached.
    package var branches: [String: Int] = [:]
    /// The faults of the run, for people, with their places in the seed's schedule.
    package var schedule: [String] = []
    /// Depends on every event of the run; equal for equal options.
    package var traceHash: UInt64 = 0
    /// What happened last, oldest first.
    package var lastLines: [String] = []

    /// True when every promise held.
    package var passed: Bool { violation == nil }

    /// For people: the outcome, and how to repeat a failure.
    package var summary: String {
        guard let violation else {
            return "seed \(options.seed): \(steps) events, \(ops) ops, \(frames) frames, \(elapsed.seconds) s of "
                + "cluster time, at rest \(settled?.seconds ?? 0) s after healing; every invariant held"
        }
        var lines = [
            "FAILED invariant \(violation.invariant) after \(violation.at.seconds) s: \(violation.message)",
            "repeat: \(options.replayCommand)",
            "faults:",
        ]
        lines += schedule.map { "  \($0)" }
        lines += lastLines.suffix(Limits.simulatedLinesShown)
        return lines.joined(separator: "\n")
    }
}
