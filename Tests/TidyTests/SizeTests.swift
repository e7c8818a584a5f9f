import Testing

/// Files and functions stay small enough to hold in one's head.
struct SizeTests {
    private static let fileLinesMax = 500
    private static let medianLinesMax = 150
    private static let functionLinesMax = 70
    private static let columnsMax = 120

    @Test("No source file is over 500 lines, and half of a module's files are under 150")
    func files() throws {
        let files = try Repository.swiftFiles(below: "Sources").filter { !$0.isGenerated }
        for file in files {
            #expect(file.lines.count <= Self.fileLinesMax, "\(file.path) has \(file.lines.count) lines")
        }
        for (module, group) in Dictionary(grouping: files, by: \.module).sorted(by: { $0.key < $1.key }) {
            let median = group.map(\.lines.count).sorted()[group.count / 2]
            #expect(median <= Self.medianLinesMax, "\(module): the median file has \(median) lines")
        }
    }

    @Test("No function is over 70 lines")
    func functions() throws {
        for file in try Repository.swiftFiles(below: "Sources") where !file.isGenerated {
            var start: (line: Int, indent: Int)?
            for (index, line) in file.lines.enumerated() {
                let indent = line.prefix { $0 == " " }.count
                if line.contains(/^\s*(?:[@\w\(\)]+\s+)*(?:func\s|init[?(<])/) { start = (index, indent) }
                if let begun = start, line.hasPrefix(String(repeating: " ", count: begun.indent) + "}"),
                    indent == begun.indent
                {
                    let length = index - begun.line + 1
                    #expect(
                        length <= Self.functionLinesMax,
                        "\(file.path):\(begun.line + 1): a function of \(length) lines"
                    )
                    start = nil
                }
            }
        }
    }

    @Test("No line is over 120 columns")
    func lines() throws {
        for folder in ["Sources", "Tests"] {
            for file in try Repository.swiftFiles(below: folder) where !file.isGenerated {
                for (index, line) in file.lines.enumerated() where line.count > Self.columnsMax {
                    Issue.record("\(file.path):\(index + 1) has \(line.count) columns")
                }
            }
        }
    }
}
