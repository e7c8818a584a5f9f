import Kernel

/// How unevenly a peer's heartbeats come: a histogram of the gaps between them in which old ones fade.
struct HeartbeatGaps: Hashable, Sendable {
    private static let width: Int64 = 50
    private static let size = 100
    /// Fewer say nothing.
    private static let meaningful = 20

    private var counts: [Int] = []
    private var total = 0

    /// Takes a gap.
    mutating func add(_ gap: Span) {
        if counts.isEmpty { counts = Array(repeating: 0, count: Self.size) }
        let place = min(max(gap.milliseconds / Self.width, 0), Int64(Self.size - 1))
        counts[Int(place)] += 1
        total += 1
        guard total >= Limits.heartbeatGapsMax else { return }
        // Halving rounds down: what happened once is forgotten, what happens again and again stays.
        counts = counts.map { $0 / 2 }
        total = counts.reduce(0, +)
    }

    /// The gap that all but one in a thousand stay below, rounded up to 50 ms; the largest while there are fewer.
    var nearlyAll: Span {
        guard total >= Self.meaningful else { return .zero }
        var above = 0
        for place in counts.indices.reversed() {
            above += counts[place]
            if above > total / 1_000 { return .milliseconds((Int64(place) + 1) * Self.width) }
        }
        return .zero
    }
}
