/// One thing that is wrong in a configuration file, said so that the reader can mend it.
package struct ConfigurationProblem: Hashable, Sendable, CustomStringConvertible {
    /// The file, or the environment variable that overrides it.
    package var source: String
    /// The line in the file, from 1; nil where the problem has no line.
    package var line: Int?
    /// What is wrong and what to do.
    package var message: String

    /// `north.yaml:12: …`.
    package var description: String {
        if let line { "\(source):\(line): \(message)" } else { "\(source): \(message)" }
    }
}

/// A configuration that cannot be used, with everything that is wrong in it at once.
package struct ConfigurationError: Error, CustomStringConvertible {
    /// All problems, in the order of the file.
    package var problems: [ConfigurationProblem]

    /// One line a problem.
    package var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}
