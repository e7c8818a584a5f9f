/// Times a body over several runs and keeps the median, which a busy machine disturbs least.
struct Measurement {
    /// Nanoseconds a piece, one number a run, sorted.
    let runs: [Double]

    /// The middle run.
    var median: Double { runs[runs.count / 2] }

    /// Runs `body` once to warm up and then `count` times; `pieces` is how many things one run does.
    init(runs count: Int, pieces: Int, _ body: () throws -> Void) rethrows {
        try body()
        var results: [Double] = []
        let clock = ContinuousClock()
        for _ in 0..<count {
            let start = clock.now
            try body()
            let spent = clock.now - start
            let nanoseconds = Double(spent.components.seconds) * 1e9 + Double(spent.components.attoseconds) / 1e9
            results.append(nanoseconds / Double(pieces))
        }
        runs = results.sorted()
    }
}

/// One line of the report: a figure, and what it is measured against in the same run.
struct Figure {
    var name: String
    var value: String
    var against = ""
    var ratio = ""

    /// Prints figures as a table that stays readable in a log.
    static func report(_ figures: [Figure]) {
        let rows =
            [["figure", "measured", "against", "ratio"]] + figures.map { [$0.name, $0.value, $0.against, $0.ratio] }
        let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            print(cells.joined(separator: "  "))
        }
    }
}

/// A number with a sensible count of digits.
func short(_ number: Double) -> String {
    switch abs(number) {
    case 100...: "\(Int(number.rounded()))"
    case 10...: "\((number * 10).rounded() / 10)"
    default: "\((number * 100).rounded() / 100)"
    }
}
