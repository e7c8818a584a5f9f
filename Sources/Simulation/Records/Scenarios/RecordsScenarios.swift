import Kernel

/// One scripted situation and what must come of it.
package struct RecordsScenario: Sendable {
    /// What came of it.
    package struct Result: Sendable {
        /// What was not as it should be; nil when all was.
        package let broken: String?
        /// What happened, oldest first.
        package let lines: [String]
    }

    /// Its name.
    package let name: String
    let body: @Sendable () -> RecordsScript

    init(_ name: String, _ body: @escaping @Sendable () -> RecordsScript) {
        self.name = name
        self.body = body
    }

    /// Plays it.
    package func play() -> Result {
        let script = body()
        return Result(broken: script.broken, lines: script.world.trace.lines)
    }
}

/// The fault scenarios of records, by name.
package enum RecordsScenarios {
    /// All of them.
    package static let all: [RecordsScenario] = links + disks + returns

    /// The scenario of a name; nil when there is none.
    package static func named(_ name: String) -> RecordsScenario? {
        (all + regressions).first { $0.name == name }
    }
}
