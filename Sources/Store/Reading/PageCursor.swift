import Foundation
import Kernel
import Replication

/// Part of a list.
package struct StorePage<Item: Sendable>: Sendable {
    /// The items.
    package let items: [Item]
    /// Where the next part begins; nil at the end.
    package let next: String?

    /// Makes a page.
    package init(items: [Item], next: String?) {
        self.items = items
        self.next = next
    }
}

/// Where a page ended: the order value and the key of its last row, as URL-safe text.
///
/// Rows that appear or go between two pages shift nothing, and page 1000 costs what page 1 costs; both would not be
/// so if a cursor counted rows.
struct PageCursor: Equatable {
    enum Order: Equatable {
        case text(String)
        case number(Int64)
    }

    var order: Order
    var key: String

    /// How many rows to read for a page of `limit`, within the bound.
    static func rows(_ limit: Int) -> Int { min(max(limit, 1), Limits.storePageRowsMax) }

    init(order: Order, key: String) {
        self.order = order
        self.key = key
    }

    /// Reads a cursor that `text` wrote.
    init(_ text: String) throws {
        var base = text.replacing("-", with: "+").replacing("_", with: "/")
        while base.utf8.count % 4 != 0 { base += "=" }
        guard text.utf8.count <= 1_024, let data = Data(base64Encoded: base) else { throw Self.bad }
        var reader = ByteReader([UInt8](data))
        do {
            switch try reader.byte() {
            case 1: order = .text(try reader.text())
            case 2: order = .number(try reader.signed())
            default: throw ByteReader.Damaged()
            }
            key = try reader.text()
            guard reader.isAtEnd else { throw ByteReader.Damaged() }
        } catch {
            throw Self.bad
        }
    }

    var text: String {
        var writer = ByteWriter(capacity: 64)
        switch order {
        case .text(let value):
            writer.byte(1)
            writer.text(value)
        case .number(let value):
            writer.byte(2)
            writer.signed(value)
        }
        writer.text(key)
        return Data(writer.bytes).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Cuts rows read with one more than `limit` into a page.
    static func page<Row, Item: Sendable>(
        _ rows: [Row],
        limit: Int,
        cursor: (Row) -> PageCursor,
        item: (Row) throws -> Item
    ) rethrows -> StorePage<Item> {
        let limit = Self.rows(limit)
        let shown = rows.prefix(limit)
        let next = rows.count > limit ? shown.last.map { cursor($0).text } : nil
        return StorePage(items: try shown.map(item), next: next)
    }

    private static var bad: StoreFailure {
        StoreFailure(.badCursor, "The cursor is not one that this site gave out; start again without it.")
    }
}
