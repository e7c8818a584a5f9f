package import Kernel

/// Edits that merge two customer files or two tickets, and that undo it.
///
/// Nothing of a document moves or is lost by either: an edit adds or removes names in `merges` sets only.
package enum MergeEdit {
    /// Makes two documents count as one, together with all that each is merged with already.
    ///
    /// - Parameter graph: both documents and all that they are merged with.
    /// - Throws: `notFound` when the first is not there, `invalid` when the other is not or is the same, `wrongState`
    ///   when they count as one already, `tooLarge` beyond `Limits.mergedClassMax` documents.
    package static func merge(
        _ key: String,
        with other: String,
        in graph: MergeGraph
    ) throws(EditRejection) -> DocumentEdit {
        let (field, edge, noun) = try check(key, other, graph)
        let members = graph.members(of: key)
        guard !members.contains(other) else {
            throw EditRejection(.wrongState, field: "other", "These two \(noun)s are merged already.")
        }
        guard members.count + graph.members(of: other).count <= Limits.mergedClassMax else {
            let most = Limits.mergedClassMax
            throw EditRejection(.tooLarge, field: "other", "At most \(most) \(noun)s can be merged into one.")
        }
        let holder = DocumentID(type: graph.type, key: edge.low)
        return DocumentEdit(.id(holder, mustExist: true), [.insert(field, .string(edge.high))])
    }

    /// Parts two documents that count as one.
    ///
    /// Where they were merged with each other, that merge is undone and each keeps what it had been merged with
    /// before. Where they came together by others, the last merge on the way to `other` goes. Two sites may have
    /// merged them on several ways: all go, in one op.
    ///
    /// - Throws: as `merge`; `wrongState` when they do not count as one.
    package static func undo(
        _ key: String,
        from other: String,
        in graph: MergeGraph
    ) throws(EditRejection) -> [DocumentEdit] {
        let (field, _, noun) = try check(key, other, graph)
        var rest = graph
        var holders: [String: [FieldChange]] = [:]
        while let way = rest.way(from: other, to: key), way.count > 1, let edge = MergeEdge(way[0], way[1]) {
            rest.remove(edge)
            holders[edge.low, default: []].append(.remove(field, .string(edge.high)))
        }
        guard !holders.isEmpty else {
            throw EditRejection(.wrongState, field: "other", "These two \(noun)s are not merged.")
        }
        return holders.sorted { MergeEdge.precedes($0.key, $1.key) }.map { holder in
            DocumentEdit(.id(DocumentID(type: graph.type, key: holder.key), mustExist: true), holder.value)
        }
    }

    private static func check(
        _ key: String,
        _ other: String,
        _ graph: MergeGraph
    ) throws(EditRejection) -> (FieldID, MergeEdge, noun: String) {
        let noun = graph.type == Schema.ticket ? "ticket" : "customer"
        guard let field = Schema.merges(of: graph.type), graph.contains(key) else {
            throw EditRejection(.notFound, "There is no such \(noun).")
        }
        guard let edge = MergeEdge(key, other) else {
            throw EditRejection(.invalid, field: "other", "A \(noun) cannot be merged with itself.")
        }
        guard graph.contains(other) else {
            throw EditRejection(.invalid, field: "other", "There is no such \(noun).")
        }
        return (field, edge, noun)
    }
}
