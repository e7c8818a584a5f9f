import ContactCenter
import Kernel

/// A field of a merge patch (RFC 7396): left out, cleared by `null`, or given.
enum Patch<Wrapped> {
    case absent
    case cleared
    case value(Wrapped)

    /// The value, if one was given.
    var value: Wrapped? {
        if case .value(let value) = self { value } else { nil }
    }
}

extension Patch: Equatable where Wrapped: Equatable {}

/// Takes the fields of a request's object one by one and collects all that is wrong with them.
///
/// Every field that a route knows must be asked for; `finish` then names the ones that nobody asked for.
struct BodyFields {
    private let members: [String: JSONValue]
    private var known: Set<String> = []
    private(set) var problems: [FieldProblem] = []

    init(_ members: [String: JSONValue]) {
        self.members = members
    }

    /// True when the body has none of these fields.
    var isEmpty: Bool { members.isEmpty }

    /// Notes a problem that a route found itself.
    mutating func fail(_ field: String, _ message: String) {
        problems.append(FieldProblem(field: field, message: message))
    }

    /// Throws when something was wrong, with all of it.
    mutating func finish() throws {
        nameUnknown()
        guard problems.isEmpty else { throw Problem.invalid(Array(problems.prefix(Limits.problemsNamedMax))) }
    }

    /// Notes the fields that nobody asked for.
    private mutating func nameUnknown() {
        for name in members.keys.sorted() where !known.contains(name) {
            problems.append(FieldProblem(field: String(name.prefix(100)), message: "unknown field"))
        }
    }

    /// Takes the fields of an object within this one; what is wrong with them is told with its place.
    mutating func within<T>(_ place: String, _ value: JSONValue, _ take: (inout BodyFields) -> T?) -> T? {
        guard case .object(let members) = value else {
            fail(place, "must be an object, not \(value.kind)")
            return nil
        }
        var inner = BodyFields(members)
        let taken = take(&inner)
        inner.nameUnknown()
        for problem in inner.problems { fail("\(place).\(problem.field ?? "")", problem.message) }
        return inner.problems.isEmpty ? taken : nil
    }

    private mutating func member(_ name: String) -> JSONValue? {
        known.insert(name)
        return members[name]
    }

    mutating func read<Wrapped>(
        _ name: String,
        expected: String,
        _ convert: (JSONValue) -> Wrapped?
    ) -> Patch<Wrapped> {
        switch member(name) {
        case nil: return .absent
        case .null: return .cleared
        case .some(let value):
            guard let converted = convert(value) else {
                fail(name, "must be \(expected), not \(value.kind)")
                return .absent
            }
            return .value(converted)
        }
    }

    /// Says that a field must be there when it is not.
    mutating func require<Wrapped>(_ name: String, _ patch: Patch<Wrapped>) -> Wrapped? {
        if let value = patch.value { return value }
        if !problems.contains(where: { $0.field == name }) { fail(name, "is required") }
        return nil
    }
}

// Kinds of fields.
extension BodyFields {
    /// A line of text, trimmed; an empty one counts as cleared.
    mutating func line(_ name: String, max: Int = Limits.recordLineBytesMax) -> Patch<String> {
        let given = text(name, max: max)
        guard let trimmed = given.value?.trimmed else { return given }
        if trimmed.isEmpty { return .cleared }
        if trimmed.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            fail(name, "must be one line without control characters")
            return .absent
        }
        return .value(trimmed)
    }

    /// A text of several lines, trimmed; an empty one counts as cleared.
    mutating func lines(_ name: String, max: Int = Limits.recordTextBytesMax) -> Patch<String> {
        let given = text(name, max: max)
        guard let trimmed = given.value?.trimmed else { return given }
        if trimmed.isEmpty { return .cleared }
        let allowed: Set<Unicode.Scalar> = ["\n", "\r", "\t"]
        if trimmed.unicodeScalars.contains(where: { $0.properties.generalCategory == .control && !allowed.contains($0) }
        ) {
            fail(name, "must not contain control characters")
            return .absent
        }
        return .value(trimmed)
    }

    /// A text as it came, for passwords.
    mutating func text(_ name: String, max: Int) -> Patch<String> {
        let given: Patch<String> = read(name, expected: "text") { if case .string(let text) = $0 { text } else { nil } }
        if let text = given.value, text.utf8.count > max {
            fail(name, "is longer than \(max) bytes")
            return .absent
        }
        return given
    }

    /// A whole number.
    mutating func integer(_ name: String, in range: ClosedRange<Int64>) -> Patch<Int64> {
        let number: Patch<Int64> = read(name, expected: "a whole number") {
            if case .integer(let number) = $0 { number } else { nil }
        }
        if let value = number.value, !range.contains(value) {
            fail(name, "must be between \(range.lowerBound) and \(range.upperBound)")
            return .absent
        }
        return number
    }

    /// A truth value.
    mutating func bool(_ name: String) -> Patch<Bool> {
        read(name, expected: "true or false") { if case .bool(let value) = $0 { value } else { nil } }
    }

    /// One of a fixed list of words.
    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        _ type: Choice.Type = Choice.self
    ) -> Patch<Choice> {
        switch read(name, expected: "text", { if case .string(let text) = $0 { text } else { nil } }) {
        case .absent: return .absent
        case .cleared: return .cleared
        case .value(let word):
            guard let choice = Choice(rawValue: word) else {
                let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
                fail(name, "must be one of: \(words)")
                return .absent
            }
            return .value(choice)
        }
    }

    /// A time in ISO 8601.
    mutating func time(_ name: String) -> Patch<WallTime> {
        switch read(name, expected: "text", { if case .string(let text) = $0 { text } else { nil } }) {
        case .absent: return .absent
        case .cleared: return .cleared
        case .value(let text):
            guard let time = Timestamp(text) else {
                fail(name, "must be a time such as 2026-11-21T20:40:41.123Z")
                return .absent
            }
            return .value(time.wall)
        }
    }

    /// A list of lines, trimmed, without repeats; `check` turns each into its stored form or names a problem.
    mutating func list(
        _ name: String,
        _ check: (String) -> Result<String, ListProblem> = { .success($0) }
    ) -> Patch<[String]> {
        let items: Patch<[JSONValue]> = read(name, expected: "a list of texts") {
            if case .array(let items) = $0 { items } else { nil }
        }
        guard let values = items.value else { return items.isCleared ? .cleared : .absent }
        guard values.count <= Limits.fieldItemsMax else {
            fail(name, "has more than \(Limits.fieldItemsMax) items")
            return .absent
        }
        var read: Set<String> = []
        for (index, value) in values.enumerated() {
            guard case .string(let text) = value, text.utf8.count <= Limits.recordLineBytesMax, !text.trimmed.isEmpty
            else {
                fail("\(name)[\(index)]", "must be text of 1 to \(Limits.recordLineBytesMax) bytes")
                continue
            }
            switch check(text.trimmed) {
            case .success(let item): read.insert(item)
            case .failure(let problem): fail("\(name)[\(index)]", problem.message)
            }
        }
        return .value(read.sorted())
    }
}

/// What is wrong with an item of a list.
struct ListProblem: Error {
    var message: String
}

extension Patch {
    /// True for `null`.
    var isCleared: Bool {
        if case .cleared = self { true } else { false }
    }
}

extension String {
    /// The text without white space at its ends.
    var trimmed: String {
        var scalars = unicodeScalars[...]
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }
}
