package import Kernel

/// "These two are one": a merge of two customer files or of two tickets.
///
/// An edge has no direction. It is stored in the `merges` set of the document whose key is smaller by bytes and names
/// the other, so that two sites that merge the same two in opposite directions write the same thing. The set is an
/// observed-remove set: undoing a merge removes what was seen, a merge made elsewhere at the same time stays.
package struct MergeEdge: Hashable, Comparable, Sendable {
    /// The smaller key; its document stores the edge.
    package let low: String
    /// The greater key.
    package let high: String

    /// The edge between two keys; nil when they are the same.
    package init?(_ one: String, _ other: String) {
        if MergeEdge.precedes(one, other) {
            (low, high) = (one, other)
        } else if MergeEdge.precedes(other, one) {
            (low, high) = (other, one)
        } else {
            return nil
        }
    }

    /// The edges that a document stores, sorted; none for a deleted one.
    ///
    /// What no merge writes is left out: a value that is no key, or one that is smaller than the document's own.
    package static func edges(of document: Document) -> [MergeEdge] {
        guard let field = Schema.merges(of: document.id.type) else { return [] }
        return document.texts(field).compactMap { text in
            guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
            let edge = MergeEdge(document.id.key, text)
            return edge?.low == document.id.key ? edge : nil
        }
    }

    /// The one order of keys that all sites and their databases share: by bytes.
    package static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// Orders by the smaller key, then the greater.
    package static func < (left: MergeEdge, right: MergeEdge) -> Bool {
        left.low == right.low ? precedes(left.high, right.high) : precedes(left.low, right.low)
    }
}
