import Testing

/// Habits that make tests and sources lie.
struct HonestyTests {
    @Test("No unfinished work hides in the sources")
    func noStubs() throws {
        let words = #"\b(TODO|FIXME|XXX|HACK)\b|not ?implemented|unimplemented"#
        let rule = try Regex(words)
        for file in try Repository.swiftFiles(below: "Sources") where !file.isGenerated {
            for (index, line) in file.lines.enumerated() {
                #expect(try rule.firstMatch(in: line) == nil, "\(file.path):\(index + 1): \(line)")
            }
        }
    }

    @Test("No test sleeps, and no check is always true")
    func testsAreHonest() throws {
        // Written in pieces so that this file does not find itself.
        let words = [
            "Task" + ".sleep", "Thread" + ".sleep", "usle" + "ep(", "#expect(" + "true)", "#expect(Bool(" + "true))",
        ]
        for file in try Repository.swiftFiles(below: "Tests") {
            for (index, line) in file.lines.enumerated() {
                for word in words {
                    #expect(!line.contains(word), "\(file.path):\(index + 1): \(word)")
                }
            }
        }
    }

    @Test("Nothing in the repository names a path of the machine it was written on")
    func noForeignPaths() throws {
        for folder in ["Sources", "Tests"] {
            for file in try Repository.swiftFiles(below: folder) {
                for (index, line) in file.lines.enumerated() {
                    #expect(!line.contains("/wo" + "rk/"), "\(file.path):\(index + 1)")
                }
            }
        }
    }
}
