import Foundation
import Kernel

/// Takes the parameters after the question mark one by one and collects all that is wrong with them.
struct QueryFields {
    private var values: [String: String] = [:]
    private var known: Set<String> = []
    private var problems: [FieldProblem] = []

    init(_ query: String) {
        for pair in query.split(separator: "&").prefix(Limits.problemsNamedMax) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(Self.decoded)
            guard let name = parts[0], let value = parts.count > 1 ? parts[1] : "" else {
                problems.append(FieldProblem(field: String(pair.prefix(50)), message: "is not percent-encoded UTF-8"))
                continue
            }
            if values.updateValue(value, forKey: name) != nil {
                problems.append(FieldProblem(field: name, message: "is given twice"))
            }
        }
    }

    private static func decoded(_ part: Substring) -> String? {
        part.replacing("+", with: " ").removingPercentEncoding
    }

    /// A text; nil when it is left out or empty.
    mutating func text(_ name: String, max: Int = Limits.recordLineBytesMax) -> String? {
        known.insert(name)
        guard let value = values[name]?.trimmed, !value.isEmpty else { return nil }
        guard value.utf8.count <= max else {
            problems.append(FieldProblem(field: name, message: "is longer than \(max) bytes"))
            return nil
        }
        return value
    }

    /// A whole number.
    mutating func integer(_ name: String, in range: ClosedRange<Int>, default fallback: Int) -> Int {
        guard let text = text(name) else { return fallback }
        guard let number = Int(text), range.contains(number) else {
            let message = "must be a whole number between \(range.lowerBound) and \(range.upperBound)"
            problems.append(FieldProblem(field: name, message: message))
            return fallback
        }
        return number
    }

    /// `true` or `false`.
    mutating func bool(_ name: String, default fallback: Bool) -> Bool {
        guard let text = text(name) else { return fallback }
        guard text == "true" || text == "false" else {
            problems.append(FieldProblem(field: name, message: "must be true or false"))
            return fallback
        }
        return text == "true"
    }

    /// One of a fixed list of words.
    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        _ type: Choice.Type = Choice.self
    ) -> Choice? {
        guard let text = text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            problems.append(FieldProblem(field: name, message: "must be one of: \(words)"))
            return nil
        }
        return choice
    }

    /// Throws when something was wrong, with all of it.
    mutating func finish() throws {
        for name in values.keys.sorted() where !known.contains(name) {
            problems.append(FieldProblem(field: String(name.prefix(100)), message: "unknown parameter"))
        }
        guard problems.isEmpty else { throw Problem.invalid(problems) }
    }
}
