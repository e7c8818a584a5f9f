import Kernel
import Routing
import Simulation

/// What `tandem plan outage` says.
struct PlanOutageReport {
    let scenario: PlanningScenario
    let whole: PlanningSummary
    let broken: PlanningSummary?

    private var labels: [String] {
        (0..<scenario.intervals).map { index in
            let minutes = (scenario.begins + scenario.interval * Int64(index)).milliseconds / 60_000
            return "\(two(minutes / 60)):\(two(minutes % 60))"
        }
    }

    private func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// For people.
    var text: String {
        let agents = scenario.sites.reduce(0) { $0 + $1.shifts.reduce(0) { $0 + $1.agents } }
        let days = whole.results.count
        var lines = [
            "\(scenario.sites.count) sites, \(agents) agents, \(days) simulated days; "
                + "each figure with its 95 % interval of confidence"
        ]
        if let loss = scenario.loss {
            let minutes = loss.at.milliseconds / 60_000
            let fate =
                loss.reconnectAfter.map { "work elsewhere after \(PlanText.fixed($0.seconds, 0)) s" } ?? "are gone"
            lines.append(
                "\(scenario.sites[loss.site].name) is lost at \(two(minutes / 60)):\(two(minutes % 60)); "
                    + "its agents \(fate)"
            )
        }
        lines.append("")
        lines.append(table)
        lines.append("")
        lines.append("Answered within \(PlanText.fixed(scenario.threshold.seconds, 0)) s, of all calls, by half hour:")
        var series = [PlanChart.Series(name: "without the loss", values: levels(whole))]
        if let broken { series.append(PlanChart.Series(name: "with the loss", values: levels(broken))) }
        lines.append(
            PlanChart(labels: labels, series: series, target: scenario.target).text(width: PlanChart.terminalWidth)
        )
        return lines.joined(separator: "\n")
    }

    private func levels(_ summary: PlanningSummary) -> [Double?] {
        summary.rows.map { $0.serviceLevel[.negative]?.mean }
    }

    private var table: String {
        func share(_ estimate: Estimate?) -> String {
            estimate.map { "\(PlanText.fixed($0.mean * 100, 1)) ± \(PlanText.fixed($0.halfWidth * 100, 1)) %" } ?? "–"
        }
        func number(_ estimate: Estimate?, _ unit: String) -> String {
            estimate.map { "\(PlanText.fixed($0.mean, 1)) ± \(PlanText.fixed($0.halfWidth, 1))\(unit)" } ?? "–"
        }
        let days = [whole.day] + (broken.map { [$0.day] } ?? [])
        var rows = [["", "without the loss"] + (broken == nil ? [] : ["with the loss"])]
        rows.append(["calls a day"] + days.map { number($0.offered, "") })
        for variant in ServiceLevelVariant.allCases {
            rows.append(["service level, \(Self.name(variant))"] + days.map { share($0.serviceLevel[variant]) })
        }
        rows.append(["speed of answer"] + days.map { number($0.speedOfAnswer, " s") })
        rows.append(["abandoned"] + days.map { share($0.abandonment) })
        rows.append(["occupancy"] + days.map { share($0.occupancy) })
        rows.append(["cut off a day"] + days.map { number($0.cutOff, "") })
        return PlanText.table(rows)
    }

    private static func name(_ variant: ServiceLevelVariant) -> String {
        switch variant {
        case .ignoreAbandons: "abandons in time left out"
        case .negative: "abandons count against"
        case .positive: "abandons in time count as served"
        case .handledOnly: "of answered"
        }
    }

    // MARK: JSON

    /// For programs.
    var answer: Answer {
        Answer(
            lost: scenario.loss.map { scenario.sites[$0.site].name.name },
            thresholdSeconds: scenario.threshold.seconds,
            days: whole.results.count,
            withoutLoss: Side(whole, labels),
            withLoss: broken.map { Side($0, labels) }
        )
    }

    /// Both days.
    struct Answer: Encodable {
        var lost: String?
        var thresholdSeconds: Double
        var days: Int
        var withoutLoss: Side
        var withLoss: Side?
    }

    /// One day and its intervals.
    struct Side: Encodable {
        var day: Line
        var intervals: [Line]

        init(_ summary: PlanningSummary, _ labels: [String]) {
            day = Line(summary.day, nil)
            intervals = zip(summary.rows, labels).map { Line($0, $1) }
        }
    }

    /// A mean with half its interval of confidence.
    struct Figure: Encodable {
        var mean: Double
        var halfWidth: Double?

        init?(_ estimate: Estimate?) {
            guard let estimate else { return nil }
            mean = estimate.mean
            halfWidth = estimate.halfWidth.isFinite ? estimate.halfWidth : nil
        }
    }

    /// The figures of a day or an interval.
    struct Line: Encodable {
        var from: String?
        var offered: Figure?
        var serviceLevel: [String: Figure]
        var speedOfAnswerSeconds: Figure?
        var abandonment: Figure?
        var occupancy: Figure?
        var cutOff: Figure?

        init(_ row: PlanningSummary.Row, _ label: String?) {
            from = label
            offered = Figure(row.offered)
            serviceLevel = row.serviceLevel.reduce(into: [:]) { $0[$1.key.rawValue] = Figure($1.value) }
            speedOfAnswerSeconds = Figure(row.speedOfAnswer)
            abandonment = Figure(row.abandonment)
            occupancy = Figure(row.occupancy)
            cutOff = Figure(row.cutOff)
        }
    }
}
