import ContactCenter
import GRDB
import Kernel

/// Finds what counts as one with a document, by the rows that `MergeTable` keeps.
enum MergedRows {
    /// The documents that count as one with this, itself included, the root first; none when there is no such row.
    static func documents(_ db: Database, _ id: DocumentID) throws -> [Document] {
        let found = try merged(db, id)
        return found.isEmpty ? try DocumentRows.one(db, id).map { [$0] } ?? [] : found
    }

    /// The documents that count as one with one that was read already, the root first.
    static func documents(_ db: Database, with document: Document) throws -> [Document] {
        let found = try merged(db, document.id)
        return found.isEmpty ? [document] : found
    }

    private static func merged(_ db: Database, _ id: DocumentID) throws -> [Document] {
        try DocumentRows.all(
            db,
            """
            SELECT type, key, body FROM document WHERE id IN (
                SELECT id FROM merged WHERE root = (
                    SELECT m.root FROM document d JOIN merged m ON m.id = d.id WHERE d.type = ? AND d.key = ?))
            ORDER BY key
            """,
            [Int64(id.type.number), id.key]
        )
    }

    /// The documents that count as one with that of a row, the root first.
    static func documents(_ db: Database, row: Int64) throws -> [Document] {
        try DocumentRows.all(
            db,
            """
            SELECT type, key, body FROM document WHERE id = :row OR id IN (
                SELECT id FROM merged WHERE root = (SELECT root FROM merged WHERE id = :row))
            ORDER BY key
            """,
            ["row": row]
        )
    }

    /// The keys of the documents that count as one with this, itself included, also when it is not here.
    static func keys(_ db: Database, _ id: DocumentID) throws -> [String] {
        let found = try String.fetchAll(
            db,
            sql: """
                SELECT key FROM document WHERE id IN (
                    SELECT id FROM merged WHERE root = (
                        SELECT m.root FROM document d JOIN merged m ON m.id = d.id WHERE d.type = ? AND d.key = ?))
                ORDER BY key
                """,
            arguments: [Int64(id.type.number), id.key]
        )
        return found.isEmpty ? [id.key] : found
    }

    /// The document that stands for this one.
    static func root(_ db: Database, _ id: DocumentID) throws -> Document? {
        try DocumentRows.all(
            db,
            """
            SELECT type, key, body FROM document WHERE id = (
                SELECT coalesce(m.root, d.id) FROM document d LEFT JOIN merged m ON m.id = d.id
                WHERE d.type = ? AND d.key = ?)
            """,
            [Int64(id.type.number), id.key]
        ).first
    }

    /// A condition on `t` that leaves out all but the roots, so that a list shows each class once.
    static let rootsOnly = "NOT EXISTS (SELECT 1 FROM merged h WHERE h.id = t.id AND h.root <> t.id)"

    /// The row numbers of the roots of the rows that a query yields as `id`.
    static func roots(_ query: String) -> String {
        "SELECT coalesce(m.root, x.id) FROM (\(query)) x LEFT JOIN merged m ON m.id = x.id"
    }

    /// `?, ?, ?`: so many places for arguments.
    static func places(_ count: Int) -> String {
        Array(repeating: "?", count: count).joined(separator: ", ")
    }
}
