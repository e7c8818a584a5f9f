package import Kernel

/// What a routing run came to.
package struct RoutingReport: Hashable, Sendable {
    /// A promise that was broken.
    package struct Violation: Hashable, Sendable {
        /// Which promise.
        package var checker: String
        /// What was wrong.
        package var message: String
        /// When, in virtual time from the start.
        package var at: Span
    }

    /// The options of the run.
    package var options: RoutingOptions
    /// The first broken promise; nil when all held.
    package var violation: Violation?
    /// How many events were handled.
    package var steps = 0
    /// How much virtual time passed.
    package var elapsed = Span.zero
    /// How long the healed cluster took to come to rest.
    package var settled: Span?
    /// Calls dialled.
    package var calls = 0
    /// How often each fault happened.
    package var began: [String: Int] = [:]
    /// How often each fault did something: a session broke, a ringing phone was left alone.
    package var bit: [String: Int] = [:]
    /// How often each rare branch was reached: state changes with cause, ends, refusals.
    package var branches: [String: Int] = [:]
    /// Depends on every event of the run; equal for equal options.
    package var traceHash: UInt64 = 0
    /// The last lines of the sites' logs before the end.
    package var lastLines: [String] = []

    /// Makes an empty report.
    package init(options: RoutingOptions) {
        self.options = options
    }

    /// True when every promise held.
    package var passed: Bool { violation == nil }

    /// Faults that were asked for and did nothing in this run.
    package var toothless: [String] {
        options.faults.map(\.rawValue).filter { bit[$0, default: 0] == 0 }.sorted()
    }

    /// For people: the outcome, and how to repeat a failure.
    package var summary: String {
        var lines: [String] = []
        if let violation {
            lines.append("FAILED \(violation.checker) after \(violation.at.seconds) s: \(violation.message)")
            lines.append("repeat: \(options.replayCommand)")
            lines += lastLines.suffix(Limits.simulatedLinesShown)
        } else {
            lines.append(
                "seed \(options.seed): \(calls) calls, \(steps) events, \(elapsed.seconds) s of cluster time, "
                    + "all promises held"
            )
        }
        let faults = began.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value) (bit \(bit[$0.key, default: 0]))" }
        lines.append("faults: " + (faults.isEmpty ? "none" : faults.joined(separator: ", ")))
        if !toothless.isEmpty { lines.append("never bit in this run: " + toothless.joined(separator: ", ")) }
        lines.append(branches.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        return lines.joined(separator: "\n")
    }
}
