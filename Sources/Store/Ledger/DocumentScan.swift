import GRDB
import Kernel
import Replication

/// Documents in the order of their ids, as they lie on disk.
final class DocumentScan {
    private let all: BoundStatement
    private let deleted: BoundStatement
    private let bucket: BoundStatement

    init(_ db: Database) throws {
        func page(_ condition: String) -> String {
            """
            SELECT type, key, hash, body FROM document WHERE \(condition) AND (type, key) > (?, ?)
            ORDER BY type, key LIMIT ?
            """
        }
        all = try BoundStatement(db, page("true"))
        deleted = try BoundStatement(db, page("deleted = 1"))
        bucket = try BoundStatement(db, "SELECT type, key, hash FROM document WHERE bucket = ? AND deleted = 0")
    }

    /// Documents after the given one.
    func documents(after id: DocumentID?, limit: Int, deletedOnly: Bool = false) throws -> [Document] {
        var result: [Document] = []
        try (deletedOnly ? deleted : all).each({ Self.bind(id, limit, to: $0) }) { row in
            result.append(try DocumentDecoder.decode(row.blob(3), id: Self.id(row)))
            return true
        }
        return result
    }

    /// Documents after the given one whose bytes are not those of their hash, and where to go on.
    func damaged(
        after id: DocumentID?,
        limit: Int
    ) throws -> (damaged: [DocumentID], next: DocumentID?, looked: Int) {
        var damaged: [DocumentID] = []
        var last: DocumentID?
        var looked = 0
        try all.each({ Self.bind(id, limit, to: $0) }) { row in
            let id = Self.id(row)
            let entry = CachedDocument(id: id)
            entry.load(row: 0, isDeleted: false, hash: DocumentHash(bytes: row.blob(2)), body: row.blob(3))
            if entry.isDamaged { damaged.append(id) }
            last = id
            looked += 1
            return true
        }
        return (damaged, looked == limit ? last : nil, looked)
    }

    /// The hashes of the living documents in some buckets of the digest.
    func hashes(inBuckets buckets: Set<Int>) throws -> [DocumentID: DocumentHash] {
        var result: [DocumentID: DocumentHash] = [:]
        for number in buckets.sorted() {
            try bucket.each({ $0.bind(1, Int64(number)) }) { row in
                // A damaged hash is no document's: the range is repaired all the same.
                result[Self.id(row)] = DocumentHash(bytes: row.blob(2)) ?? DocumentHash(number: 0)
                return true
            }
        }
        return result
    }

    private static func bind(_ id: DocumentID?, _ limit: Int, to row: borrowing BoundStatement) {
        row.bind(1, Int64(id?.type.number ?? 0))
        // No key is empty, so that (0, "") comes before all.
        row.bind(2, id?.key ?? "")
        row.bind(3, Int64(max(limit, 0)))
    }

    private static func id(_ row: borrowing BoundStatement) -> DocumentID {
        DocumentID(type: DocumentType(UInt16(truncatingIfNeeded: row.int(0))), key: row.text(1))
    }
}
