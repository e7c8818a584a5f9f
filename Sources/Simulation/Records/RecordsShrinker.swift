import Kernel

/// Finds a smaller schedule of faults that breaks the same promise: halves first, then one by one.
package struct RecordsShrinker: Sendable {
    /// How many runs it took.
    package private(set) var runs = 0

    /// Starts with none run.
    package init() {}

    /// The smallest failing report found within the bound; the given one when nothing smaller fails alike.
    package mutating func shrink(_ report: RecordsReport) -> RecordsReport {
        guard let violation = report.violation else { return report }
        var best = report
        var kept = report.options.kept ?? FaultSchedule.make(report.options).map(\.number)
        var size = max(1, kept.count / 2)
        while !kept.isEmpty, runs < Limits.simulatedShrinkRunsMax {
            var start = 0
            var hasShrunk = false
            while start < kept.count, runs < Limits.simulatedShrinkRunsMax {
                var fewer = kept
                fewer.removeSubrange(start..<min(start + size, kept.count))
                var options = report.options
                options.kept = fewer
                runs += 1
                let tried = RecordsRun(options).run()
                if tried.violation?.invariant == violation.invariant {
                    best = tried
                    kept = fewer
                    hasShrunk = true
                } else {
                    start += size
                }
            }
            if size == 1, !hasShrunk { break }
            size = max(1, size / 2)
        }
        return best
    }
}
