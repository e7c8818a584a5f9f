import Yams

/// Reads one mapping of a YAML file key by key, noting what is missing, wrong or unknown with its line.
///
/// Reading never stops at the first problem: a person mends a file once, not line by line. Yams is used directly
/// because it knows the line of every node; see docs/decisions/0002-configuration.md.
final class ConfigurationReader {
    /// Collects what is wrong; shared by all readers of one file.
    final class Problems {
        var found: [ConfigurationProblem] = []
    }

    private let file: String
    private let path: [String]
    private let node: Node?
    private let environment: [String: String]
    private let problems: Problems
    private var known: Set<String> = []

    init(file: String, path: [String], node: Node?, environment: [String: String], problems: Problems) {
        self.file = file
        self.path = path
        self.node = node
        self.environment = environment
        self.problems = problems
        if let node, node.mapping == nil, !node.isEmptyScalar {
            report("'\(pathText)' must hold keys and values", at: node)
        }
    }

    /// A text; `fallback` nil makes the key required.
    func string(_ key: String, default fallback: String? = nil) -> String {
        guard let (text, origin) = scalar(key) else {
            if let fallback { return fallback }
            reportMissing(key)
            return ""
        }
        if text.isEmpty, fallback == nil { origin("'\(name(key))' is empty; give it a value") }
        return text
    }

    /// A text that may be absent.
    func optionalString(_ key: String) -> String? {
        scalar(key)?.text
    }

    /// A whole number within `range`; `fallback` nil makes the key required.
    func integer(_ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil) -> Int {
        guard let (text, origin) = scalar(key) else {
            if let fallback { return fallback }
            reportMissing(key)
            return range.lowerBound
        }
        guard let number = Int(text), range.contains(number) else {
            let allowed = "\(range.lowerBound) to \(range.upperBound)"
            origin("'\(name(key))' is '\(text)'; it must be a whole number from \(allowed)")
            return range.lowerBound
        }
        return number
    }

    /// A whole number within `range` that may be absent.
    func optionalInteger(_ key: String, in range: ClosedRange<Int>) -> Int? {
        scalar(key) == nil ? nil : integer(key, in: range)
    }

    /// Yes or no, written `true` or `false`.
    func boolean(_ key: String, default fallback: Bool) -> Bool {
        choice(key, of: ["true", "false"], default: fallback ? "true" : "false") == "true"
    }

    /// A list of texts; a single one may stand alone, and an absent list reads as empty.
    func strings(_ key: String) -> [String] {
        known.insert(key)
        guard let child = node?.mapping?[Node(key)], !child.isEmptyScalar else { return [] }
        if let text = child.scalar?.string { return [text] }
        guard let sequence = child.sequence, sequence.allSatisfy({ $0.scalar != nil }) else {
            report("'\(name(key))' must be a list of single values", at: child)
            return []
        }
        return sequence.compactMap { $0.scalar?.string }
    }

    /// Whether the file gives the key.
    func has(_ key: String) -> Bool { node?.mapping?[Node(key)] != nil }

    /// A variable of the environment, by its full name; for what may stand in no file.
    func variableValue(_ variable: String) -> String? { environment[variable] }

    /// One of a few words.
    func choice(_ key: String, of allowed: [String], default fallback: String) -> String {
        guard let (text, origin) = scalar(key) else { return fallback }
        guard allowed.contains(text) else {
            origin("'\(name(key))' is '\(text)'; it must be one of \(allowed.joined(separator: ", "))")
            return fallback
        }
        return text
    }

    /// A nested mapping; absent ones read as empty.
    func section(_ key: String) -> ConfigurationReader {
        known.insert(key)
        return ConfigurationReader(
            file: file,
            path: path + [key],
            node: node?.mapping?[Node(key)],
            environment: environment,
            problems: problems
        )
    }

    /// A list of mappings; absent ones read as empty.
    func list(_ key: String) -> [ConfigurationReader] {
        known.insert(key)
        guard let child = node?.mapping?[Node(key)], !child.isEmptyScalar else { return [] }
        guard let sequence = child.sequence else {
            report("'\(name(key))' must be a list; begin each entry with '- '", at: child)
            return []
        }
        return sequence.enumerated().map { index, entry in
            ConfigurationReader(
                file: file,
                path: path + ["\(key)[\(index + 1)]"],
                node: entry,
                environment: [:],
                problems: problems
            )
        }
    }

    /// Notes a problem with the value of `key`.
    func reject(_ key: String, _ message: String) {
        report("'\(name(key))' \(message)", at: node?.mapping?[Node(key)] ?? node)
    }

    /// Reports keys that nobody asked for; call it when the mapping has been read.
    func finish() {
        for (keyNode, _) in node?.mapping ?? [:] {
            guard let key = keyNode.string, !known.contains(key) else { continue }
            let near = known.min { distance($0, key) < distance($1, key) }
            let hint = near.map { distance($0, key) <= 2 ? "; did you mean '\($0)'?" : "" } ?? ""
            let list = known.sorted().joined(separator: ", ")
            report("unknown key '\(name(key))'\(hint) Known here: \(list)", at: keyNode)
        }
    }

    // MARK: - Private

    private var pathText: String { path.joined(separator: ".") }

    private func name(_ key: String) -> String { (path + [key]).joined(separator: ".") }

    /// `sip.port` is overridden by `TANDEM_SIP_PORT`.
    private func variable(_ key: String) -> String {
        "TANDEM_" + (path + [key]).joined(separator: "_").uppercased()
    }

    private func scalar(_ key: String) -> (text: String, problem: (String) -> Void)? {
        known.insert(key)
        if let text = environment[variable(key)] {
            let variable = variable(key)
            return (text, { [problems] in problems.found.append(.init(source: variable, line: nil, message: $0)) })
        }
        guard let child = node?.mapping?[Node(key)], !child.isEmptyScalar else { return nil }
        guard let text = child.scalar?.string else {
            report("'\(name(key))' must be a single value", at: child)
            return nil
        }
        return (text, { [self] in report($0, at: child) })
    }

    private func reportMissing(_ key: String) {
        report("'\(name(key))' is missing; add it, or set \(variable(key))", at: node)
    }

    private func report(_ message: String, at node: Node?) {
        problems.found.append(.init(source: file, line: node?.mark?.line, message: message))
    }
}

extension Node {
    /// True for `key:` with nothing behind it.
    fileprivate var isEmptyScalar: Bool {
        scalar.map { $0.string.isEmpty || $0.string == "~" || $0.string == "null" } ?? false
    }
}

/// How many letters must change to make one word the other (Levenshtein), for hints at misspelt keys.
private func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left), right = Array(right)
    var previous = Array(0...right.count)
    for (row, letter) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in right.enumerated() {
            current.append(
                min(previous[column + 1] + 1, current[column] + 1, previous[column] + (letter == other ? 0 : 1))
            )
        }
        previous = current
    }
    return previous[right.count]
}
