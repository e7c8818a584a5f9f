package import Kernel
package import Routing

/// What one interval of a planned day came to, all sites together; contacts count where they arrived.
package struct PlanningInterval: Hashable, Sendable {
    /// The counts that every figure of the queue is derived from.
    package internal(set) var counts = QueueStatistics()
    /// Conversations that the loss of a site cut off.
    package internal(set) var cutOff = 0
    /// Time that agents were promised or busy.
    package internal(set) var busy = Span.zero
    /// Time that agents were at work.
    package internal(set) var staffed = Span.zero

    /// Makes an empty one.
    package init() {}

    /// Busy time over time at work; nil when nobody worked.
    package var occupancy: Double? {
        staffed > .zero ? Double(busy.milliseconds) / Double(staffed.milliseconds) : nil
    }

    /// The sum of two.
    package static func + (left: PlanningInterval, right: PlanningInterval) -> PlanningInterval {
        var sum = left
        sum.counts = left.counts + right.counts
        sum.cutOff += right.cutOff
        sum.busy = left.busy + right.busy
        sum.staffed = left.staffed + right.staffed
        return sum
    }
}

/// What one simulated day came to.
package struct PlanningResult: Hashable, Sendable {
    /// The intervals of the day, first to last; what happens after closing counts in the last.
    package internal(set) var intervals: [PlanningInterval]
    /// Who still waited when the overtime was over; counted among the abandoned, too.
    package internal(set) var unserved = 0
    /// Requests for a reservation that were refused: presence was behind.
    package internal(set) var refusals = 0
    /// How many agents were taken from another site than the contact's.
    package internal(set) var acrossSites = 0
    /// Events handled.
    package internal(set) var steps = 0

    /// The whole day.
    package var total: PlanningInterval { intervals.reduce(PlanningInterval(), +) }
}

/// Adds up the time that agents work and are busy, interval by interval.
struct PlanningMeter: Sendable {
    private let begins: Int64
    private let length: Int64
    private var at: Int64
    private var busyCount: Int64 = 0
    private var staffedCount: Int64 = 0
    private(set) var busy: [Int64]
    private(set) var staffed: [Int64]

    init(_ scenario: PlanningScenario) {
        begins = scenario.begins.milliseconds
        length = max(1, scenario.interval.milliseconds)
        at = begins
        busy = Array(repeating: 0, count: max(1, scenario.intervals))
        staffed = busy
    }

    /// The interval of a moment; the last one is open.
    func interval(of now: Instant) -> Int {
        min(max(0, Int((now.milliseconds - begins) / length)), busy.count - 1)
    }

    mutating func change(busy busyChange: Int64, staffed staffedChange: Int64, at now: Instant) {
        advance(to: now)
        busyCount += busyChange
        staffedCount += staffedChange
    }

    mutating func advance(to now: Instant) {
        while at < now.milliseconds {
            let index = interval(of: Instant(milliseconds: at))
            let end = index == busy.count - 1 ? now.milliseconds : begins + Int64(index + 1) * length
            let next = min(now.milliseconds, end)
            busy[index] += (next - at) * busyCount
            staffed[index] += (next - at) * staffedCount
            at = next
        }
    }
}
