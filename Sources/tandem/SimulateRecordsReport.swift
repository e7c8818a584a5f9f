import Kernel
import Simulation

/// What all seeds of `tandem simulate records` together reached.
struct RecordsTotals {
    private let faults: Set<RecordsFault>
    private var seeds = 0
    private var steps = 0
    private var ops = 0
    private var frames = 0
    private var began: [String: Int] = [:]
    private var bit: [String: Int] = [:]
    private var branches: [String: Int] = [:]
    private var slowest = Span.zero
    private(set) var failed: [UInt64] = []

    init(faults: Set<RecordsFault>) {
        self.faults = faults
    }

    mutating func add(_ report: RecordsReport) {
        seeds += 1
        steps += report.steps
        ops += report.ops
        frames += report.frames
        slowest = max(slowest, report.settled ?? .zero)
        began.merge(report.began, uniquingKeysWith: +)
        bit.merge(report.bit, uniquingKeysWith: +)
        branches.merge(report.branches, uniquingKeysWith: +)
        if !report.passed { failed.append(report.options.seed) }
    }

    /// Faults that never did anything although there were seeds enough.
    var toothless: [String] {
        guard seeds >= Limits.simulatedSeedsForFaults else { return [] }
        return faults.sorted().map(\.rawValue).filter { bit[$0, default: 0] == 0 }
    }

    var text: String {
        let reached = began.sorted { $0.key < $1.key }
            .map { "\($0.key) \($0.value) (bit \(bit[$0.key, default: 0]))" }
        let never = RecordsRun.branches.filter { branches[$0, default: 0] == 0 }
        var lines = [
            "\(seeds) seeds, \(steps) events, \(ops) ops, \(frames) frames, \(failed.count) failed"
                + (failed.isEmpty ? "" : ": " + failed.map(String.init).joined(separator: ", ")),
            "longest way to rest after healing: \(slowest.seconds) s",
            "faults: " + reached.joined(separator: ", "),
            "branches: " + branches.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
        ]
        if !never.isEmpty { lines.append("never reached: " + never.joined(separator: ", ")) }
        if !toothless.isEmpty {
            lines.append("FAILED: these faults never did anything: " + toothless.joined(separator: ", "))
        }
        return lines.joined(separator: "\n")
    }
}

/// One run of `tandem simulate records`, for `--json`.
struct RecordsLine: Encodable {
    var seed: UInt64
    var passed: Bool
    var invariant: String?
    var message: String?
    var replay: String
    var steps: Int
    var ops: Int
    var frames: Int
    var settledMs: Int64?
    var traceHash: UInt64
    var began: [String: Int]
    var bit: [String: Int]
    var branches: [String: Int]

    init(_ report: RecordsReport) {
        seed = report.options.seed
        passed = report.passed
        invariant = report.violation?.invariant
        message = report.violation?.message
        replay = report.options.replayCommand
        steps = report.steps
        ops = report.ops
        frames = report.frames
        settledMs = report.settled?.milliseconds
        traceHash = report.traceHash
        began = report.began
        bit = report.bit
        branches = report.branches
    }
}
