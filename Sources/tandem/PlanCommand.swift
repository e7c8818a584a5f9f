import ArgumentParser
import Foundation

/// `tandem plan`.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Plan agents: how many a target needs, and what the loss of a site would do.",
        discussion: """
            Examples:
              tandem plan agents --calls 240/h --aht 180 --target 80/20
              tandem plan agents --calls 720/h --aht 180 --target 80/20 --patience 120 --shrinkage 30 --sites 3
              tandem plan outage --scenario cluster-config/plan-example.yaml
              tandem plan outage --sites north:20,east:20,south:20 --calls 900/h --aht 180 --lose north --at 10:00
              tandem plan verify
            """,
        subcommands: [PlanAgentsCommand.self, PlanOutageCommand.self, PlanVerifyCommand.self]
    )
}

/// A rate of calls on the command line: `240/h`, `4/m`, `0.1/s`.
struct CallRate: ExpressibleByArgument {
    let perSecond: Double

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Double(parts[0]), count.isFinite, count > 0, count <= 10_000_000 else {
            return nil
        }
        switch parts[1] {
        case "h", "hour": perSecond = count / 3_600
        case "m", "min": perSecond = count / 60
        case "s", "sec": perSecond = count
        default: return nil
        }
    }
}

/// A service level on the command line: `80/20` is 80 percent within 20 seconds.
struct ServiceTarget: ExpressibleByArgument {
    let percent: Double
    let seconds: Double

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Double($0) }
        guard parts.count == 2, let percent = parts[0], let seconds = parts[1], percent > 0, percent < 100,
            (0...86_400).contains(seconds)
        else { return nil }
        self.percent = percent
        self.seconds = seconds
    }
}

/// Numbers as tables show them.
enum PlanText {
    /// `84.7 %`.
    static func percent(_ share: Double?) -> String { share.map { fixed($0 * 100, 1) + " %" } ?? "–" }

    /// `13.4 s`.
    static func seconds(_ seconds: Double?) -> String { seconds.map { fixed($0, 1) + " s" } ?? "–" }

    /// A number with so many places.
    static func fixed(_ number: Double, _ places: Int) -> String {
        guard number.isFinite else { return "–" }
        return String(format: "%.\(places)f", number)
    }

    /// Rows as columns, aligned to the right.
    static func table(_ rows: [[String]]) -> String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            row.enumerated()
                .map { String(repeating: " ", count: widths[$0.offset] - $0.element.count) + $0.element }
                .joined(separator: "  ")
        }
        .joined(separator: "\n")
    }
}
