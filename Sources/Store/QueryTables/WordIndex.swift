import GRDB

/// The full-text index of one table whose column `words` holds what is indexed.
///
/// FTS5 keeps no copy of the text ("external content"), so taking a row out needs the words that went in. These
/// are read back from the table and never derived again: a later version of this program might derive others.
final class WordIndex {
    private var readings = ReadingTable()
    private let read: BoundStatement
    private let insert: BoundStatement
    private let delete: BoundStatement

    init(_ db: Database, table: String) throws {
        read = try BoundStatement(db, "SELECT words FROM \(table) WHERE id = ?")
        insert = try BoundStatement(db, "INSERT INTO \(table)_words(rowid, words) VALUES (?, ?)")
        delete = try BoundStatement(
            db,
            "INSERT INTO \(table)_words(\(table)_words, rowid, words) VALUES ('delete', ?, ?)"
        )
    }

    /// The words that stand in the index for a row.
    func words(_ id: Int64) throws -> String? {
        try read.first({ $0.bind(1, id) }, read: { $0.text(0) })
    }

    /// The words to index for these texts.
    func prepared(names: [String], texts: [String]) -> String {
        SearchText.indexed(texts, names: names, readings: &readings)
    }

    /// Puts new words in the place of old ones; does nothing when they are the same.
    func replace(id: Int64, old: String?, new: String) throws {
        guard old != new else { return }
        if let old { try remove(id: id, words: old) }
        try insert.run {
            $0.bind(1, id)
            $0.bind(2, new)
        }
    }

    /// Takes a row out of the index.
    func remove(id: Int64, words: String) throws {
        try delete.run {
            $0.bind(1, id)
            $0.bind(2, words)
        }
    }
}
