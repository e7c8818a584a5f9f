/// What came, or would come, of an import.
package struct ImportReport: Codable, Hashable, Sendable {
    /// Rows read, without the header.
    package var rows: Int
    /// Files made.
    package var created: Int
    /// Files changed.
    package var updated: Int
    /// Rows that say nothing new.
    package var duplicates: Int
    /// What is wrong; when not empty, nothing was imported.
    package var errors: [ImportProblem]

    /// Puts one together.
    package init(
        rows: Int,
        created: Int,
        updated: Int,
        duplicates: Int,
        errors: [ImportProblem]
    ) {
        self.rows = rows
        self.created = created
        self.updated = updated
        self.duplicates = duplicates
        self.errors = errors
    }
}

/// What is wrong with one row.
package struct ImportProblem: Codable, Hashable, Sendable {
    /// The line of the file, from 1.
    package var line: Int
    /// The column's name.
    @Nullable package var column: String?
    /// What is wrong, for people.
    package var message: String

    /// Puts one together.
    package init(
        line: Int,
        column: String? = nil,
        message: String
    ) {
        self.line = line
        self.column = column
        self.message = message
    }
}
