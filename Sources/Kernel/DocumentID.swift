/// The kind of a document; the table of kinds and their fields is `ContactCenter`'s schema.
package struct DocumentType: Hashable, Comparable, Sendable {
    /// The number, never reused.
    package let number: UInt16

    /// Makes a type from its number.
    package init(_ number: UInt16) {
        self.number = number
    }

    /// Orders by number.
    package static func < (left: DocumentType, right: DocumentType) -> Bool {
        left.number < right.number
    }
}

/// The name of one document in the whole cluster.
///
/// The key is either natural (an agent's login, a queue's name) or made from the dot of the op that created
/// the document, which needs no coordination: `north-1-42`, `north-1-42.3` for the fourth document of that op.
package struct DocumentID: Hashable, Comparable, Sendable {
    /// What kind of document it is.
    package let type: DocumentType
    /// Its key within the type; URL-safe, at most `Limits.documentKeyBytesMax` bytes.
    package let key: String

    /// Makes an id.
    package init(type: DocumentType, key: String) {
        self.type = type
        self.key = key
    }

    /// The id of the `index`-th document that the op named by `dot` creates.
    package init(type: DocumentType, dot: Dot, index: Int) {
        let base = "\(dot.origin.site)-\(dot.origin.epoch)-\(dot.sequence)"
        self.init(type: type, key: index == 0 ? base : "\(base).\(index)")
    }

    /// The op that made the document, where the key is made from a dot; nil for any other key.
    ///
    /// Natural keys can look alike: ask `DocumentSchema.hasBornKeys` first.
    package var birth: Dot? {
        let parts = key.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, UInt32(parts[1]) == nil { return nil }
        let words = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard words.count >= 3, let sequence = UInt64(words[words.count - 1]), sequence > 0,
            let epoch = UInt32(words[words.count - 2]), epoch > 0,
            let site = SiteID(words.dropLast(2).joined(separator: "-"))
        else { return nil }
        return Dot(origin: Origin(site: site, epoch: epoch), sequence: sequence)
    }

    /// Orders by type, then key.
    package static func < (left: DocumentID, right: DocumentID) -> Bool {
        (left.type, left.key) < (right.type, right.key)
    }
}
