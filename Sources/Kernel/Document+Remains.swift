/// What was written to a document by people who did not know that it was deleted: the lost-and-found.
package struct DocumentRemains: Hashable, Sendable {
    /// One thing that was written.
    package struct Item: Hashable, Sendable {
        /// The field.
        package let field: FieldID
        /// The op that wrote it.
        package let dot: Dot
        /// When; nil for members of sets, which keep only their dots.
        package let stamp: HybridTimestamp?
        /// Who; nil for members of sets.
        package let actor: Actor?
        /// What.
        package let value: Value
    }

    /// The deleted document.
    package let document: DocumentID
    /// Who deleted it.
    package let deletion: Document.Deletion
    /// What was lost with it, sorted by field, then in the order of the field.
    package let items: [Item]
}

extension Document {
    /// What concurrent editors wrote to a document that was deleted; nil for a living one and where nothing was lost.
    package var remains: DocumentRemains? {
        guard let deletion, !(registers.isEmpty && sets.isEmpty && logs.isEmpty) else { return nil }
        var items: [DocumentRemains.Item] = []
        for (field, register) in registers.sorted(by: { $0.key < $1.key }) {
            items += register.writes.map {
                DocumentRemains.Item(field: field, dot: $0.dot, stamp: $0.stamp, actor: $0.actor, value: $0.value)
            }
        }
        for (field, set) in sets.sorted(by: { $0.key < $1.key }) {
            for element in set.elements {
                items += element.dots.map {
                    DocumentRemains.Item(field: field, dot: $0, stamp: nil, actor: nil, value: element.value)
                }
            }
        }
        for (field, log) in logs.sorted(by: { $0.key < $1.key }) {
            items += log.entries.map {
                DocumentRemains.Item(field: field, dot: $0.dot, stamp: $0.stamp, actor: $0.actor, value: $0.value)
            }
        }
        return DocumentRemains(document: id, deletion: deletion, items: items)
    }

    /// The tombstone of a document whose deletion every site had and forgot: for an edit that arrives after that.
    package static func forgotten(_ id: DocumentID, birth: Dot) -> Document {
        var document = Document(id: id)
        document.deletion = Deletion(dot: birth, stamp: .zero, actor: .system)
        return document
    }
}
