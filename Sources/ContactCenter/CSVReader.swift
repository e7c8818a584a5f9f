import Kernel

/// One row of a CSV file.
package struct CSVRow: Hashable, Sendable {
    /// The line on which the row starts, from 1; rows with line breaks in quotes span several.
    package let line: Int
    /// The fields as text.
    package let fields: [String]

    /// Makes a row.
    package init(line: Int, fields: [String]) {
        self.line = line
        self.fields = fields
    }
}

/// What is wrong with a place in a CSV file.
package struct CSVError: Hashable, Error, Sendable {
    /// The line, from 1.
    package let line: Int
    /// The byte in the line, from 1.
    package let column: Int
    /// The field of the row, from 1.
    package let field: Int
    /// What is wrong, in a sentence.
    package let message: String
}

/// A row that could be read, or why one could not.
package enum CSVItem: Hashable, Sendable {
    /// A row.
    case row(CSVRow)
    /// A broken row; reading goes on with the next.
    case error(CSVError)
}

/// Reads comma-separated values (RFC 4180) from bytes as they come, in pieces of any size.
///
/// Takes LF, CRLF and CR as line ends and a leading byte-order mark; leaves out blank lines. After an error the rest
/// of the line is skipped. Fields, rows and the work for each byte are bounded.
package struct CSVReader: Sendable {
    private enum State: Sendable {
        case fieldStart
        case plain
        case quoted
        /// A quote inside a quoted field: its end, or the first of a doubled quote.
        case quoteSeen
        /// Skipping a broken row.
        case broken
    }

    private let separator: UInt8
    private var state = State.fieldStart
    private var field: [UInt8] = []
    private var fields: [String] = []
    private var rowBytes = 0
    private var rowLine = 1
    private var line = 1
    private var column = 0
    private var fieldStartColumn = 1
    private var quoteLine = 1
    private var sawReturn = false
    /// Bytes of the byte-order mark matched so far; nil once the file's start is past.
    private var markBytes: Int? = 0

    /// Makes a reader.
    ///
    /// - Parameter separator: the byte between fields; a comma, or the semicolon or tab of some spreadsheets.
    package init(separator: UInt8 = UInt8(ascii: ",")) {
        self.separator = separator
    }

    /// Reads further bytes and gives the rows that they complete.
    package mutating func read(_ bytes: some Sequence<UInt8>) -> [CSVItem] {
        var items: [CSVItem] = []
        for byte in bytes {
            if let matched = markBytes {
                if byte == CSVReader.mark[matched] {
                    markBytes = matched == 2 ? nil : matched + 1
                    continue
                }
                markBytes = nil
                for marked in CSVReader.mark[..<matched] { take(marked, &items) }
            }
            take(byte, &items)
        }
        return items
    }

    /// Ends the file and gives its last row, or the error of a quote that was never closed.
    package mutating func finish() -> [CSVItem] {
        var items: [CSVItem] = []
        if let matched = markBytes {
            markBytes = nil
            for marked in CSVReader.mark[..<matched] { take(marked, &items) }
        }
        if state == .quoted {
            items.append(error("The quote opened on line \(quoteLine) is never closed."))
            reset()
        } else if state != .fieldStart || !fields.isEmpty {
            endRow(&items)
        }
        return items
    }

    /// The whole file at once.
    package static func rows(of bytes: some Sequence<UInt8>, separator: UInt8 = UInt8(ascii: ",")) -> [CSVItem] {
        var reader = CSVReader(separator: separator)
        return reader.read(bytes) + reader.finish()
    }

    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
}

extension CSVReader {
    private static var quote: UInt8 { UInt8(ascii: "\"") }
    private static var lineFeed: UInt8 { 0x0A }
    private static var carriageReturn: UInt8 { 0x0D }

    private mutating func take(_ byte: UInt8, _ items: inout [CSVItem]) {
        let endsPair = sawReturn && byte == CSVReader.lineFeed
        sawReturn = byte == CSVReader.carriageReturn
        let isBreak = byte == CSVReader.lineFeed || byte == CSVReader.carriageReturn
        column += 1
        switch state {
        case .quoted:
            inQuotes(byte, endsPair: endsPair, &items)
        case .fieldStart, .plain, .quoteSeen, .broken:
            if endsPair { break }
            if isBreak { endRow(&items) } else { outsideQuotes(byte, &items) }
        }
        if isBreak {
            if !endsPair { line += 1 }
            column = 0
            if state == .fieldStart && fields.isEmpty {
                rowLine = line
                fieldStartColumn = 1
            }
        }
    }

    private mutating func inQuotes(_ byte: UInt8, endsPair: Bool, _ items: inout [CSVItem]) {
        if byte == CSVReader.quote {
            state = .quoteSeen
        } else {
            append(byte, &items)
        }
    }

    private mutating func outsideQuotes(_ byte: UInt8, _ items: inout [CSVItem]) {
        switch (state, byte) {
        case (.broken, _):
            return
        case (.fieldStart, CSVReader.quote):
            state = .quoted
            quoteLine = line
        case (.quoteSeen, CSVReader.quote):
            state = .quoted
            append(byte, &items)
        case (_, separator):
            endField(&items)
        case (.quoteSeen, _):
            fail("After a closing quote only a separator or the end of the line may follow.", &items)
        case (_, CSVReader.quote):
            fail("A quote inside a field needs the whole field in quotes, and itself doubled.", &items)
        default:
            state = .plain
            append(byte, &items)
        }
    }

    private mutating func append(_ byte: UInt8, _ items: inout [CSVItem]) {
        rowBytes += 1
        field.append(byte)
        if field.count > Limits.csvFieldBytesMax {
            fail("A field may have \(Limits.csvFieldBytesMax) bytes; is a closing quote missing?", &items)
        } else if rowBytes > Limits.csvRowBytesMax {
            fail("A row may have \(Limits.csvRowBytesMax) bytes.", &items)
        }
    }

    private mutating func endField(_ items: inout [CSVItem]) {
        guard let text = String(validating: field, as: UTF8.self) else {
            let hint = fields.isEmpty && rowLine == 1 ? " Save the file as UTF-8." : ""
            items.append(
                .error(
                    CSVError(
                        line: line,
                        column: fieldStartColumn,
                        field: fields.count + 1,
                        message: "The field is not UTF-8 text." + hint
                    )
                )
            )
            state = .broken
            return
        }
        fields.append(text)
        field.removeAll(keepingCapacity: true)
        state = .fieldStart
        fieldStartColumn = column + 1
        if fields.count >= Limits.csvFieldsPerRowMax {
            fail("A row may have \(Limits.csvFieldsPerRowMax) fields.", &items)
        }
    }

    private mutating func endRow(_ items: inout [CSVItem]) {
        if state == .broken {
            reset()
            return
        }
        let isBlank = state == .fieldStart && fields.isEmpty
        if !isBlank {
            endField(&items)
            // The last field was not text, or one too many: the row is told of already.
            if state != .broken { items.append(.row(CSVRow(line: rowLine, fields: fields))) }
        }
        reset()
    }

    private mutating func fail(_ message: String, _ items: inout [CSVItem]) {
        items.append(error(message))
        state = .broken
    }

    private func error(_ message: String) -> CSVItem {
        .error(CSVError(line: line, column: max(column, 1), field: fields.count + 1, message: message))
    }

    private mutating func reset() {
        state = .fieldStart
        field.removeAll(keepingCapacity: true)
        fields = []
        rowBytes = 0
    }
}
