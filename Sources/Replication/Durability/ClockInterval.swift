import Kernel

/// Between which two readings the true time lies, according to one clock; in milliseconds, ends included.
struct ClockInterval: Hashable, Sendable {
    let low: Int64
    let high: Int64

    /// How far a reading lies outside: above 0 when it is ahead, below when it is behind.
    func distance(of reading: Int64) -> Span {
        .milliseconds(reading > high ? reading - high : reading < low ? reading - low : 0)
    }

    var middle: Int64 { low + (high - low) / 2 }

    /// The interval on which most clocks agree, and how many; nil when no more than half of them do.
    ///
    /// Marzullo, "Maintaining the Time in a Distributed System", 1984, as NTP uses it: of all points, those that lie
    /// within the largest number of intervals. A minority of wrong clocks cannot move it beyond what the right ones
    /// allow.
    static func agreement(of intervals: [ClockInterval]) -> (interval: ClockInterval, sources: Int)? {
        // At one point the intervals that begin come before those that end, so that touching ones agree.
        let edges = intervals.flatMap { [($0.low, 0), ($0.high, 1)] }.sorted { $0 < $1 }
        var best: (interval: ClockInterval, sources: Int)?
        var depth = 0
        for (place, edge) in edges.enumerated() {
            depth += edge.1 == 0 ? 1 : -1
            guard edge.1 == 0, depth > (best?.sources ?? 0), place + 1 < edges.count else { continue }
            best = (ClockInterval(low: edge.0, high: edges[place + 1].0), depth)
        }
        guard let best, best.sources > intervals.count / 2 else { return nil }
        return best
    }
}
