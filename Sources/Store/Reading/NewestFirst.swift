import GRDB
import Kernel
import Replication

/// A list of documents in falling order of a time, with conditions on the columns of its query table.
struct NewestFirst {
    private let table: String
    private let time: String
    private let isSearch: Bool
    private var conditions: [String]
    private var arguments: StatementArguments

    init(table: String, time: String, search: SearchSQL? = nil) {
        self.table = table
        self.time = time
        isSearch = search?.isEmpty == false
        conditions = search?.conditions ?? []
        arguments = search?.arguments ?? StatementArguments()
    }

    /// Demands a column's value, unless it is nil.
    mutating func add(_ column: String, _ value: String?) {
        guard let value else { return }
        conditions.append("t.\(column) = ?")
        arguments += [value]
    }

    /// Demands that a column has one of some values.
    mutating func add(_ column: String, anyOf values: [String]) {
        guard values.count != 1 else { return add(column, values[0]) }
        add(condition: "t.\(column) IN (\(MergedRows.places(values.count)))", StatementArguments(values))
    }

    /// Adds a condition.
    mutating func add(condition: String, _ arguments: StatementArguments = StatementArguments()) {
        conditions.append(condition)
        self.arguments += arguments
    }

    /// Reads one page.
    func page<Item: Sendable>(
        _ db: Database,
        limit: Int,
        cursor: String?,
        item: (Document) throws -> Item
    ) throws -> StorePage<Item> {
        var conditions = conditions
        var arguments = arguments
        if let cursor {
            let place = try PageCursor(cursor)
            guard case .number(let time) = place.order else { throw StoreFailure(.badCursor, "Wrong cursor.") }
            conditions.append("(t.\(self.time), t.key) < (?, ?)")
            arguments += [time, place.key]
        }
        // A plus sign keeps SQLite from walking the whole list in order while it looks for a few hits.
        let plus = isSearch ? "+" : ""
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT t.\(time) AS time, d.type AS type, d.key AS key, d.body AS body
                FROM \(table) t JOIN document d ON d.id = t.id
                \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND "))
                ORDER BY \(plus)t.\(time) DESC, \(plus)t.key DESC LIMIT \(PageCursor.rows(limit) + 1)
                """,
            arguments: arguments
        )
        return try PageCursor.page(
            rows,
            limit: limit,
            cursor: { PageCursor(order: .number($0["time"]), key: $0["key"]) },
            item: { row in
                let type = DocumentType(UInt16(truncatingIfNeeded: row["type"] as Int64))
                return try item(DocumentDecoder.decode(row["body"], id: DocumentID(type: type, key: row["key"])))
            }
        )
    }
}
