import Foundation
import GRDB
import Kernel
import Replication

/// Documents read by SQL that yields `type, key, body`.
enum DocumentRows {
    static func one(_ db: Database, _ id: DocumentID) throws -> Document? {
        let body = try [UInt8].fetchBlob(
            db,
            "SELECT body FROM document WHERE type = ? AND key = ?",
            [Int64(id.type.number), id.key]
        )
        return try body.map { try DocumentDecoder.decode($0, id: id) }
    }

    static func all(_ db: Database, _ sql: String, _ arguments: StatementArguments) throws -> [Document] {
        var result: [Document] = []
        let rows = try Row.fetchCursor(try db.cachedStatement(sql: sql), arguments: arguments)
        while let row = try rows.next() {
            let type = DocumentType(UInt16(truncatingIfNeeded: row["type"] as Int64))
            result.append(try DocumentDecoder.decode(row["body"], id: DocumentID(type: type, key: row["key"])))
        }
        return result
    }
}

extension [UInt8] {
    /// The first column of the first row; nil without one.
    static func fetchBlob(_ db: Database, _ sql: String, _ arguments: StatementArguments) throws -> [UInt8]? {
        try Data.fetchOne(try db.cachedStatement(sql: sql), arguments: arguments).map { [UInt8]($0) }
    }
}

extension Row {
    /// A column's bytes.
    subscript(_ name: String) -> [UInt8] {
        [UInt8](self[name] as Data)
    }
}
