package import Kernel

/// A typed name of one document: a thin wrapper of the document's key that keeps agents from being taken for queues.
package protocol DocumentKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The type of the documents that such keys name.
    static var type: DocumentType { get }
    /// The key within the type.
    var key: String { get }
    /// Wraps a key without checking it.
    init(_ key: String)
}

extension DocumentKey {
    /// The name of the document in the whole cluster.
    package var documentID: DocumentID { DocumentID(type: Self.type, key: key) }

    /// The key, for people and log lines.
    package var description: String { key }

    /// Wraps a document's id; nil when the document is of another type.
    package init?(_ id: DocumentID) {
        guard id.type == Self.type else { return nil }
        self.init(id.key)
    }

    /// Orders by key.
    package static func < (left: Self, right: Self) -> Bool {
        left.key < right.key
    }
}
