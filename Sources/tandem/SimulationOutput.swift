import Foundation

/// Prints what came of one seed, the same way for both simulators.
struct SimulationOutput {
    /// One line of JSON a seed instead of text.
    let json: Bool
    /// The course of a run that went well too.
    let trace: Bool
    /// True when only one seed runs: then its summary is shown even when it went well.
    let isOnly: Bool

    /// Prints a report; `line` is what JSON says of it.
    func show(passed: Bool, summary: String, lastLines: [String], line: some Encodable) throws {
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return Terminal.say(String(decoding: try encoder.encode(line), as: UTF8.self))
        }
        if !passed || isOnly {
            Terminal.endProgress()
            Terminal.say(summary)
        }
        if trace, passed { Terminal.say(lastLines.joined(separator: "\n")) }
    }
}
