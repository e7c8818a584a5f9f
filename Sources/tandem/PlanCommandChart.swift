import Foundation

/// A chart of shares over the day as wide as the terminal allows: one bar of blocks an interval, or plain numbers.
struct PlanChart {
    /// What the bars stand for, with its values, 0…1; nil where nobody called.
    struct Series {
        var name: String
        var values: [Double?]
    }

    /// The label of each interval.
    let labels: [String]
    let series: [Series]
    /// A line to reach, 0…1.
    let target: Double

    private static let blocks: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    private static let rows = 5

    /// The width of the terminal; nil when standard output is none.
    static var terminalWidth: Int? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// The chart for a width, or the numbers where there is no room or no terminal.
    func text(width: Int?) -> String {
        let margin = 6
        guard let width, !labels.isEmpty, width >= margin + labels.count else { return numbers }
        let cell = min(4, (width - margin) / labels.count)
        return series.map { bars($0, cell: cell, margin: margin) }.joined(separator: "\n")
    }

    private func bars(_ series: Series, cell: Int, margin: Int) -> String {
        var lines = ["\(series.name)"]
        for row in stride(from: Self.rows - 1, through: 0, by: -1) {
            let top = Double(row + 1) / Double(Self.rows)
            var line = row == Self.rows - 1 ? "100 % " : row == 0 ? "  0 % " : String(repeating: " ", count: margin)
            for value in series.values {
                line += String(repeating: block(value, row: row), count: max(1, cell - 1)) + (cell > 1 ? " " : "")
            }
            let isTarget = target <= top && target > top - 1 / Double(Self.rows)
            lines.append(line + (isTarget ? "< target" : ""))
        }
        lines.append(axis(cell: cell, margin: margin))
        return lines.map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }
        .joined(separator: "\n")
    }

    private func block(_ value: Double?, row: Int) -> Character {
        guard let value else { return row == 0 ? "·" : " " }
        let filled = (min(max(value, 0), 1) * Double(Self.rows) - Double(row)) * 8
        // Something is seen of everything that is not nothing.
        let least = row == 0 && value > 0 ? 1.0 : 0
        return Self.blocks[Int(min(8, max(least, filled.rounded())))]
    }

    /// Labels under the bars, as many as fit.
    private func axis(cell: Int, margin: Int) -> String {
        var line = String(repeating: " ", count: margin)
        for (index, label) in labels.enumerated() {
            let at = margin + index * cell
            guard at >= line.count else { continue }
            line += String(repeating: " ", count: at - line.count) + label + " "
        }
        return line
    }

    private var numbers: String {
        var rows = [["from"] + series.map(\.name)]
        for (index, label) in labels.enumerated() {
            rows.append([label] + series.map { PlanText.percent(index < $0.values.count ? $0.values[index] : nil) })
        }
        return PlanText.table(rows)
    }
}
