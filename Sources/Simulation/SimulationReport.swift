package import Kernel

/// What a run came to.
package struct SimulationReport: Hashable, Sendable {
    /// A promise that was broken.
    package struct Violation: Hashable, Sendable {
        /// Which checker found it.
        package var checker: String
        /// What was wrong.
        package var message: String
        /// When, in virtual time from the start.
        package var at: Span
    }

    /// The options of the run.
    package var options: SimulationOptions
    /// The first broken promise; nil when all held.
    package var violation: Violation?
    /// How many events were handled.
    package var steps = 0
    /// How much virtual time passed.
    package var elapsed = Span.zero
    /// How long the healed cluster took to come to rest.
    package var settled: Span?
    /// How often each fault happened.
    package var faults: [String: Int] = [:]
    /// How often each rare branch was reached: state changes with cause, ends, refusals.
    package var branches: [String: Int] = [:]
    /// Depends on every event of the run; equal for equal options.
    package var traceHash: UInt64 = 0
    /// The last lines of the sites' logs before the end.
    package var lastLines: [String] = []

    /// True when every promise held.
    package var passed: Bool { violation == nil }

    /// For people: the outcome, and how to repeat a failure.
    package var summary: String {
        var lines: [String] = []
        if let violation {
            lines.append("FAILED \(violation.checker) after \(violation.at.seconds) s: \(violation.message)")
            lines.append("repeat: \(options.replayCommand)")
            lines += lastLines.suffix(40)
        } else {
            lines.append(
                "seed \(options.seed): \(steps) events, \(elapsed.seconds) s of cluster time, all promises held"
            )
        }
        let counted = (faults.sorted { $0.key < $1.key } + branches.sorted { $0.key < $1.key })
        lines.append(counted.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        return lines.joined(separator: "\n")
    }
}
