package import Kernel

/// Documents that count as one: all that merges lead to from one of them.
///
/// The one that stands for all, the root, has the smallest key by bytes. Any rule would do that needs nothing but
/// the members: this one gives the same answer at every site that knows the same merges, whatever came first and
/// in whichever direction, and one more merge can change the root only to the other class's. "The older file" would
/// need clocks that agree; "the one that was named first" is not the same at two sites.
package struct MergedClass: Hashable, Sendable {
    /// The keys, sorted by bytes; the root first.
    package let members: [String]
    /// True when there are more than `Limits.mergedClassResolvedMax`: then `members` are some of them, and each
    /// stands alone.
    package let isTooLarge: Bool

    /// Follows merges from one key.
    ///
    /// - Parameter neighbours: the keys of the documents that exist and have a merge with one that does.
    package init(around key: String, neighbours: (String) throws -> [String]) rethrows {
        var seen: Set<String> = [key]
        var found = [key]
        var next = 0
        while next < found.count, found.count <= Limits.mergedClassResolvedMax {
            for other in try neighbours(found[next]) where found.count <= Limits.mergedClassResolvedMax {
                if seen.insert(other).inserted { found.append(other) }
            }
            next += 1
        }
        isTooLarge = found.count > Limits.mergedClassResolvedMax
        members = found.sorted(by: MergeEdge.precedes)
    }
}

/// Documents of one type with the merges between them; deleted ones take no part.
///
/// A merge counts only while both of its documents exist.
package struct MergeGraph: Hashable, Sendable {
    /// The type of its documents.
    package let type: DocumentType
    private var neighbours: [String: [String]] = [:]

    /// Reads the merges of some documents; those of other types and deleted ones are left out.
    package init(_ type: DocumentType, _ documents: some Sequence<Document>) {
        self.type = type
        let living = documents.filter { $0.id.type == type && !$0.isDeleted }
        for document in living { neighbours[document.id.key] = [] }
        for edge in Set(living.flatMap(MergeEdge.edges)).sorted() where contains(edge.low) && contains(edge.high) {
            neighbours[edge.low, default: []].append(edge.high)
            neighbours[edge.high, default: []].append(edge.low)
        }
    }

    /// True when the document is here.
    package func contains(_ key: String) -> Bool { neighbours[key] != nil }

    /// All that count as one with a document, itself included, the root first; empty when it is not here.
    package func members(of key: String) -> [String] {
        guard contains(key) else { return [] }
        let found = MergedClass(around: key) { neighbours[$0] ?? [] }
        return found.isTooLarge ? [key] : found.members
    }

    /// The document that stands for this one: often itself; nil when it is not here.
    package func root(of key: String) -> String? { members(of: key).first }

    /// The keys of a shortest way over merges, both ends included; nil when there is none.
    func way(from start: String, to end: String) -> [String]? {
        var before: [String: String] = [start: start]
        var found = [start]
        var next = 0
        while next < found.count, before[end] == nil {
            for other in neighbours[found[next]] ?? [] where before[other] == nil {
                before[other] = found[next]
                found.append(other)
            }
            next += 1
        }
        guard before[end] != nil else { return nil }
        var way = [end]
        while let last = way.last, last != start, let step = before[last] { way.append(step) }
        return way.reversed()
    }

    /// Takes a merge out.
    mutating func remove(_ edge: MergeEdge) {
        neighbours[edge.low]?.removeAll { $0 == edge.high }
        neighbours[edge.high]?.removeAll { $0 == edge.low }
    }
}
