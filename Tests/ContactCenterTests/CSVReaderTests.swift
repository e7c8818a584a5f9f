import ContactCenter
import Kernel
import TestKit
import Testing

@Suite("CSV reader")
struct CSVReaderTests {
    private func rows(_ text: String) -> [[String]] {
        CSVReader.rows(of: Array(text.utf8)).compactMap { if case .row(let row) = $0 { row.fields } else { nil } }
    }

    private func errors(_ bytes: [UInt8]) -> [CSVError] {
        CSVReader.rows(of: bytes).compactMap { if case .error(let error) = $0 { error } else { nil } }
    }

    @Test("Quotes, doubled quotes, separators and line breaks in quotes are read as RFC 4180 says")
    func quoting() {
        #expect(
            rows("a,b\r\n\"x, \"\"y\"\"\",\"line 1\r\nline 2\"\r\n") == [
                ["a", "b"], ["x, \"y\"", "line 1\r\nline 2"],
            ]
        )
        #expect(rows("\"\",,\"a\"") == [["", "", "a"]])
        #expect(rows("\"a\"\"\"") == [["a\""]])
    }

    @Test("LF, CRLF and CR end lines, blank lines are left out, the last line needs no end")
    func lineEnds() {
        #expect(rows("a\nb\r\nc\rd") == [["a"], ["b"], ["c"], ["d"]])
        #expect(rows("\n\na\n\n\nb\n\n") == [["a"], ["b"]])
        #expect(rows("") == [])
        #expect(rows(",") == [["", ""]])
        #expect(rows("a,") == [["a", ""]])
    }

    @Test("A byte-order mark is taken off, a part of one is text or an error")
    func mark() {
        #expect(rows("\u{FEFF}name\n吳\n") == [["name"], ["吳"]])
        #expect(errors([0xEF, 0xBB]).count == 1)
        #expect(errors([0xEF]).count == 1)
        #expect(CSVReader.rows(of: [0xEF, 0xBB, 0xBF]).isEmpty)
    }

    @Test("Rows know their line, also after rows of several lines")
    func lines() {
        let items = CSVReader.rows(of: Array("h\n\"a\nb\"\n\n\"c\r\nd\"\r\ne".utf8))
        let lines = items.compactMap { if case .row(let row) = $0 { row.line } else { nil } }
        #expect(lines == [1, 2, 5, 7])
    }

    @Test("A broken row is told of by line, column and field, and the next row is read")
    func brokenRows() {
        let text = "a,b\nx,y\"z\n1,2\n\"p\"q,r\n3,4\n"
        let found = errors(Array(text.utf8))
        #expect(found.map(\.line) == [2, 4])
        #expect(found.map(\.column) == [4, 4])
        #expect(found.map(\.field) == [2, 1])
        #expect(rows(text) == [["a", "b"], ["1", "2"], ["3", "4"]])
        let open = errors(Array("a\n\n\"b\nc\n".utf8))
        #expect(open.count == 1)
        #expect(open.first?.message.contains("line 3") == true)
    }

    @Test("Bytes that are no UTF-8 are told of, once for a row, and do not spoil the next")
    func notText() {
        let found = errors(Array("a,b\n".utf8) + [0x78, 0x2C, 0xFF, 0x2C, 0xFE, 0x0A] + Array("1,2\n".utf8))
        #expect(found.map(\.line) == [2])
        #expect(found.map(\.field) == [2])
        #expect(found.map(\.column) == [3])
        // UTF-16 from a spreadsheet: the first field says what to do.
        #expect(errors([0xFF, 0xFE, 0x61, 0x00]).first?.message.contains("Save the file as UTF-8") == true)
    }

    @Test("Endless fields, rows and field counts are cut off with a reason")
    func bounds() {
        let long = errors(Array(repeating: UInt8(ascii: "x"), count: Limits.csvFieldBytesMax + 1))
        #expect(long.count == 1)
        let many = errors(Array(repeating: UInt8(ascii: ","), count: 10_000))
        #expect(many.count == 1)
        let field = Array(repeating: UInt8(ascii: "x"), count: Limits.csvFieldBytesMax) + [UInt8(ascii: ",")]
        let wide = errors(Array(repeatElement(field, count: 5).joined()))
        #expect(wide.count == 1)
        let open = errors(Array("\"".utf8) + Array(repeating: 0x0A, count: Limits.csvFieldBytesMax + 9))
        #expect(open.count >= 1)
    }

    @Test("Cut at any byte, a file reads the same")
    func everySplit() {
        let text = "\u{FEFF}näme,\"q\"\"x\r\ny\"\r\n\r\n,吳\rx\"y,z\n\"open,\n"
        let bytes = Array(text.utf8) + [0x2C, 0xC3]
        let whole = CSVReader.rows(of: bytes)
        #expect(!whole.isEmpty)
        for first in 0...bytes.count {
            for second in stride(from: first, through: bytes.count, by: 3) {
                var reader = CSVReader()
                var items = reader.read(bytes[..<first])
                items += reader.read(bytes[first..<second])
                items += reader.read(bytes[second...])
                #expect(items + reader.finish() == whole)
            }
        }
    }

    @Test("Any bytes are read without a crash, and what is written well comes back", arguments: Seeds.first(60))
    func anything(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let alphabet: [UInt8] = [0x22, 0x2C, 0x0A, 0x0D, 0x61, 0xEF, 0xBB, 0xBF, 0xFF, 0x20]
        let noise = (0..<400).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
        var reader = CSVReader()
        _ = reader.read(noise) + reader.finish()
        let pieces = ["a", "", "\"", ",", "\n", "\r\n", "é", " x "]
        let table = (0..<8).map { _ in
            (0..<4).map { _ in (0..<3).map { _ in pieces[Int.random(in: 0..<8, using: &random)] }.joined() }
        }
        let written = table.map { row in
            row.map {
                "\"" + $0.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
            }
            .joined(separator: ",")
        }
        #expect(rows(written.joined(separator: "\n")) == table)
    }
}
