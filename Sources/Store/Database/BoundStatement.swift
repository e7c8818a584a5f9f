import GRDB
import GRDBSQLite

/// A prepared statement for the writer's inner loop.
///
/// GRDB's own arguments go through an array of boxed values and `Data`; at a hundred thousand ops a second that
/// costs more than SQLite does. This binds bytes, text and numbers straight from Swift's buffers. It lives on the
/// writer's connection and must be released before that is closed.
final class BoundStatement {
    private let statement: Statement
    private let handle: OpaquePointer

    init(_ db: Database, _ sql: String) throws {
        statement = try db.cachedStatement(sql: sql)
        handle = statement.sqliteStatement
    }

    /// Runs a statement that returns no rows.
    func run(_ bind: (borrowing BoundStatement) -> Void = { _ in }) throws {
        bind(self)
        defer { reset() }
        try step(expecting: SQLITE_DONE)
    }

    /// Runs a statement and reads its first row, if there is one.
    func first<T>(_ bind: (borrowing BoundStatement) -> Void, read: (borrowing BoundStatement) -> T) throws -> T? {
        bind(self)
        defer { reset() }
        return try next() ? read(self) : nil
    }

    /// Runs a statement and reads rows for as long as `read` returns true.
    func each(_ bind: (borrowing BoundStatement) -> Void, read: (borrowing BoundStatement) throws -> Bool) throws {
        bind(self)
        defer { reset() }
        while try next(), try read(self) {}
    }

    func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(handle, index, value) }

    func bind(_ index: Int32, _ value: Int64?) {
        if let value { bind(index, value) } else { sqlite3_bind_null(handle, index) }
    }

    func bind(_ index: Int32, _ value: String) {
        var value = value
        _ = value.withUTF8 { sqlite3_bind_text(handle, index, $0.baseAddress, Int32($0.count), Self.copied) }
    }

    func bind(_ index: Int32, _ value: String?) {
        if let value { bind(index, value) } else { sqlite3_bind_null(handle, index) }
    }

    func bind(_ index: Int32, _ value: [UInt8]) {
        _ = value.withUnsafeBytes { buffer in
            // A null pointer would bind NULL: an empty blob has a length, too.
            buffer.isEmpty
                ? sqlite3_bind_zeroblob(handle, index, 0)
                : sqlite3_bind_blob(handle, index, buffer.baseAddress, Int32(buffer.count), Self.copied)
        }
    }

    func int(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func blob(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
    }

    private func next() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw failure()
        }
    }

    private func step(expecting code: Int32) throws {
        guard sqlite3_step(handle) == code else { throw failure() }
    }

    private func failure() -> DatabaseError {
        let connection = sqlite3_db_handle(handle)
        return DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: String(cString: sqlite3_errmsg(connection))
        )
    }

    private func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    /// SQLITE_TRANSIENT: SQLite makes its own copy before the call returns.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
