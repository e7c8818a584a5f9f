import ContactCenter
import GRDB
import Kernel

/// The rows of merges: the edges, and for each document that counts as one with others the root of all.
///
/// Edges are named by keys, because a document's row may come later than a merge that names it. Roots are looked up
/// when an edge or the existence of a document changes, by following the edges (`MergedClass`), so that lists and
/// look-ups need one step.
final class MergeTable {
    private let kinds: [DocumentType: Kind]
    private let addEdge: BoundStatement
    private let deleteEdge: BoundStatement
    private let edgesAt: BoundStatement
    private let addMember: BoundStatement
    private let deleteMember: BoundStatement
    private let deleteClass: BoundStatement

    /// What differs between customers and tickets: the table that tells which documents exist.
    private struct Kind {
        let row: BoundStatement
        let neighbours: BoundStatement

        init(_ db: Database, table: String) throws {
            row = try BoundStatement(
                db,
                "SELECT t.id FROM document d JOIN \(table) t ON t.id = d.id WHERE d.type = ? AND d.key = ?"
            )
            func side(_ here: String, _ there: String) -> String {
                """
                SELECT e.\(there) FROM merge_edge e JOIN document d ON d.type = e.type AND d.key = e.\(there)
                JOIN \(table) t ON t.id = d.id WHERE e.type = ?1 AND e.\(here) = ?2
                """
            }
            neighbours = try BoundStatement(
                db,
                "\(side("low", "high")) UNION ALL \(side("high", "low")) LIMIT \(Limits.mergedClassResolvedMax + 1)"
            )
        }
    }

    init(_ db: Database) throws {
        kinds = [
            Schema.customer: try Kind(db, table: "customer"),
            Schema.ticket: try Kind(db, table: "ticket"),
        ]
        addEdge = try BoundStatement(db, "INSERT OR IGNORE INTO merge_edge(type, low, high) VALUES (?, ?, ?)")
        deleteEdge = try BoundStatement(db, "DELETE FROM merge_edge WHERE type = ? AND low = ? AND high = ?")
        edgesAt = try BoundStatement(
            db,
            """
            SELECT low, high FROM merge_edge WHERE type = ?1 AND low = ?2
            UNION ALL SELECT low, high FROM merge_edge WHERE type = ?1 AND high = ?2
            """
        )
        addMember = try BoundStatement(db, "INSERT OR REPLACE INTO merged(id, root) VALUES (?, ?)")
        deleteMember = try BoundStatement(db, "DELETE FROM merged WHERE id = ?")
        deleteClass = try BoundStatement(
            db,
            "DELETE FROM merged WHERE root = (SELECT root FROM merged WHERE id = ?)"
        )
    }

    /// Brings the rows up to date with one document; the rows of its own table stand already.
    func replace(id: Int64, before: Document?, after: Document) throws {
        guard let kind = kinds[after.id.type] else { return }
        let (type, key) = (Int64(after.id.type.number), after.id.key)
        let appears = before?.isDeleted != false && !after.isDeleted
        let vanishes = before?.isDeleted == false && after.isDeleted
        let new = Set(MergeEdge.edges(of: after))
        var old = Set(before.map(MergeEdge.edges) ?? [])
        var keys = [key]
        if appears || vanishes {
            // Others may name it; and of a document that was damaged nobody knows what it held, but its rows.
            let edges = try touching(type, key)
            old.formUnion(edges.filter { $0.low == key })
            keys += edges.map(\.low)
        }
        guard old != new || keys.count > 1 || vanishes else { return }
        for edge in old.subtracting(new).sorted() { try deleteEdge.run(type, edge) }
        for edge in new.subtracting(old).sorted() { try addEdge.run(type, edge) }
        keys += old.union(new).sorted().map(\.high)
        if vanishes { try deleteMember.run { $0.bind(1, id) } }
        try resolve(keys, type: type, kind: kind)
    }

    /// Finds the classes of these documents again; every class that a change touches holds one of them.
    private func resolve(_ keys: [String], type: Int64, kind: Kind) throws {
        var done: Set<String> = []
        for key in keys where !done.contains(key) {
            guard try row(key, type, kind) != nil else { continue }
            let found = try MergedClass(around: key) { try neighbours($0, type, kind) }
            done.formUnion(found.members)
            let rows = try found.members.compactMap { try row($0, type, kind) }
            for row in rows { try deleteClass.run { $0.bind(1, row) } }
            guard !found.isTooLarge, rows.count > 1, let root = rows.first else { continue }
            for row in rows {
                try addMember.run {
                    $0.bind(1, row)
                    $0.bind(2, root)
                }
            }
        }
    }

    /// The edges that end at a document.
    private func touching(_ type: Int64, _ key: String) throws -> [MergeEdge] {
        var edges: [MergeEdge] = []
        try edgesAt.each(
            {
                $0.bind(1, type)
                $0.bind(2, key)
            },
            read: {
                if let edge = MergeEdge($0.text(0), $0.text(1)) { edges.append(edge) }
                return true
            }
        )
        return edges
    }

    private func row(_ key: String, _ type: Int64, _ kind: Kind) throws -> Int64? {
        try kind.row.first(
            {
                $0.bind(1, type)
                $0.bind(2, key)
            },
            read: { $0.int(0) }
        )
    }

    private func neighbours(_ key: String, _ type: Int64, _ kind: Kind) throws -> [String] {
        var found: [String] = []
        try kind.neighbours.each(
            {
                $0.bind(1, type)
                $0.bind(2, key)
            },
            read: {
                found.append($0.text(0))
                return true
            }
        )
        return found
    }
}

extension BoundStatement {
    fileprivate func run(_ type: Int64, _ edge: MergeEdge) throws {
        try run {
            $0.bind(1, type)
            $0.bind(2, edge.low)
            $0.bind(3, edge.high)
        }
    }
}
