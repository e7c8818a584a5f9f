import GRDB
package import Kernel
import Replication

extension SiteReader {
    /// Deleted documents in which something was lost that their deleters had not seen, the latest touched first.
    ///
    /// It walks over all deleted documents, which are few: those in which nothing was lost are forgotten once all
    /// active sites have their deletion.
    package func lostFound(limit: Int, cursor: String?) async throws(StoreFailure) -> StorePage<DocumentRemains> {
        try await read("read what was lost in deleted documents") { db in
            let limit = PageCursor.rows(limit)
            let before = try cursor.map { try LostFoundPlace(PageCursor($0)) }
            var found: [(place: LostFoundPlace, remains: DocumentRemains)] = []
            func thin() {
                found.sort { $0.place > $1.place }
                found.removeLast(max(0, found.count - limit - 1))
            }
            let rows = try Row.fetchCursor(
                db,
                sql: "SELECT type, key, body FROM document WHERE deleted = 1 ORDER BY type, key LIMIT ?",
                arguments: [Limits.lostFoundScanMax]
            )
            while let row = try rows.next() {
                let type = DocumentType(UInt16(truncatingIfNeeded: row["type"] as Int64))
                let document = try DocumentDecoder.decode(row["body"], id: DocumentID(type: type, key: row["key"]))
                guard let remains = document.remains else { continue }
                let place = LostFoundPlace(document)
                if let before, place >= before { continue }
                found.append((place, remains))
                if found.count > 4 * limit { thin() }
            }
            thin()
            return PageCursor.page(found, limit: limit, cursor: { $0.place.cursor }, item: { $0.remains })
        }
    }
}

/// Where a document stands in the list: by the latest stamp, then by its id.
private struct LostFoundPlace: Comparable {
    let stamp: Int64
    let name: String

    init(_ document: Document) {
        stamp = Int64(clamping: document.updated.bits)
        name = "\(document.id.type.number).\(document.id.key)"
    }

    init(_ cursor: PageCursor) throws {
        guard case .number(let stamp) = cursor.order else {
            throw StoreFailure(.badCursor, "The cursor is not one of this list; start again without it.")
        }
        self.stamp = stamp
        name = cursor.key
    }

    var cursor: PageCursor { PageCursor(order: .number(stamp), key: name) }

    static func < (left: LostFoundPlace, right: LostFoundPlace) -> Bool {
        (left.stamp, left.name) < (right.stamp, right.name)
    }
}
