import Kernel

/// An error of an import, by place.
package struct ImportError: Hashable, Sendable {
    /// The line of the file, from 1.
    package let line: Int
    /// The column's name; nil when it is about the whole row.
    package let column: String?
    /// What is wrong and what would be right, in a sentence.
    package let message: String

    /// Makes an error.
    package init(line: Int, column: String?, message: String) {
        self.line = line
        self.column = column
        self.message = message
    }
}

/// A row of an import, by column name.
package struct ImportRow: Hashable, Sendable {
    /// The line of the file, from 1.
    package let line: Int
    /// The fields that are not empty, trimmed, by the header's name in lower case.
    package let values: [String: String]

    /// Makes a row.
    package init(line: Int, values: [String: String]) {
        self.line = line
        self.values = values
    }
}

/// A file for an import, read into rows by the names of its header.
package struct ImportFile: Hashable, Sendable {
    /// The rows that could be read.
    package let rows: [ImportRow]
    /// Those that could not, by line; at most `Limits.importErrorsMax`.
    package let errors: [ImportError]

    /// Reads a file whose header may have these columns, of which those `required` must be there.
    ///
    /// The separator is a comma, or a semicolon or tab when the first line has more of those.
    package init(_ bytes: [UInt8], columns: [String], required: [String]) {
        var rows: [ImportRow] = []
        var errors: [ImportError] = []
        var header: [String]?
        for item in CSVReader.rows(of: bytes, separator: ImportFile.separator(of: bytes)) {
            guard errors.count < Limits.importErrorsMax else { break }
            switch item {
            case .error(let error):
                let column = header.flatMap { $0.indices.contains(error.field - 1) ? $0[error.field - 1] : nil }
                let place = " (byte \(error.column) of the line)"
                errors.append(ImportError(line: error.line, column: column, message: error.message + place))
                if header == nil { break }
            case .row(let row):
                guard let header else {
                    let names = row.fields.map { ChangeList.trimmed($0).lowercased() }
                    errors += ImportFile.headerErrors(names, line: row.line, columns: columns, required: required)
                    header = names
                    continue
                }
                guard row.fields.count == header.count else {
                    let message = "The row has \(row.fields.count) fields, the header has \(header.count)."
                    errors.append(ImportError(line: row.line, column: nil, message: message))
                    continue
                }
                guard rows.count < Limits.csvRowsMax else {
                    let message = "One file may have \(Limits.csvRowsMax) rows; divide it."
                    errors.append(ImportError(line: row.line, column: nil, message: message))
                    break
                }
                rows.append(ImportFile.row(row, header: header))
            }
            if header == nil || rows.count == Limits.csvRowsMax && !errors.isEmpty { break }
        }
        if header == nil && errors.isEmpty {
            errors.append(ImportError(line: 1, column: nil, message: "The file is empty."))
        }
        self.rows = rows
        self.errors = errors
    }

    private static func row(_ row: CSVRow, header: [String]) -> ImportRow {
        var values: [String: String] = [:]
        for (name, field) in zip(header, row.fields) {
            let value = ChangeList.trimmed(field)
            if !value.isEmpty { values[name] = value }
        }
        return ImportRow(line: row.line, values: values)
    }

    private static func headerErrors(
        _ names: [String],
        line: Int,
        columns: [String],
        required: [String]
    ) -> [ImportError] {
        var errors: [ImportError] = []
        var seen: Set<String> = []
        let known = columns.joined(separator: ", ")
        for name in names {
            if !columns.contains(name) {
                let message = "There is no column \(CustomerPatch.quoted(name)); the columns are \(known)."
                errors.append(ImportError(line: line, column: name, message: message))
            } else if !seen.insert(name).inserted {
                errors.append(ImportError(line: line, column: name, message: "The column is there twice."))
            }
        }
        for name in required where !seen.contains(name) {
            errors.append(ImportError(line: line, column: name, message: "The header lacks this column."))
        }
        return errors
    }

    private static func separator(of bytes: [UInt8]) -> UInt8 {
        let line = bytes.prefix(Limits.csvRowBytesMax).prefix { $0 != 0x0A && $0 != 0x0D }
        let choices: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        var best = (separator: choices[0], count: -1)
        for choice in choices {
            let count = line.count { $0 == choice }
            if count > best.count { best = (choice, count) }
        }
        return best.separator
    }
}
