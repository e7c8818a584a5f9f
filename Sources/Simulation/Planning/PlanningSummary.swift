import Kernel
package import Routing

/// Several simulated days of one scenario, each figure with its interval of confidence.
package struct PlanningSummary: Hashable, Sendable {
    /// The figures of one interval, or of the day.
    package struct Row: Hashable, Sendable {
        /// Contacts that arrived, a day.
        package var offered: Estimate?
        /// Share answered within the threshold, by each variant.
        package var serviceLevel: [ServiceLevelVariant: Estimate]
        /// Average speed of answer in seconds.
        package var speedOfAnswer: Estimate?
        /// Share that gave up.
        package var abandonment: Estimate?
        /// Busy time over time at work.
        package var occupancy: Estimate?
        /// Conversations cut off by the loss, a day.
        package var cutOff: Estimate?
    }

    /// The days.
    package private(set) var results: [PlanningResult] = []

    /// Makes an empty summary.
    package init() {}

    /// Adds a day; all must be of one scenario.
    package mutating func add(_ result: PlanningResult) {
        results.append(result)
    }

    /// The figures of each interval.
    package var rows: [Row] {
        (0..<(results.map(\.intervals.count).min() ?? 0)).map { index in row(results.map { $0.intervals[index] }) }
    }

    /// The figures of the whole day.
    package var day: Row { row(results.map(\.total)) }

    private func row(_ days: [PlanningInterval]) -> Row {
        // An interval without contacts has no level; such days do not count for it.
        func estimate(_ figure: (PlanningInterval) -> Double?) -> Estimate? { Estimate(days.compactMap(figure)) }
        var levels: [ServiceLevelVariant: Estimate] = [:]
        for variant in ServiceLevelVariant.allCases {
            levels[variant] = estimate { $0.counts.serviceLevel(variant) }
        }
        return Row(
            offered: estimate { Double($0.counts.offered) },
            serviceLevel: levels,
            speedOfAnswer: estimate { $0.counts.speedOfAnswer?.seconds },
            abandonment: estimate { $0.counts.abandonment },
            occupancy: estimate { $0.occupancy },
            cutOff: estimate { Double($0.cutOff) }
        )
    }
}
