/// One change of one field as an op carries it: complete, so that every site applies it alike.
package enum Mutation: Hashable, Sendable {
    /// Writes a register, replacing the writes named by `seen`.
    case set(FieldID, Value, seen: [Dot])
    /// Drops lost writes of a register that somebody has decided about.
    case settle(FieldID, [Dot])
    /// Inserts a value into a set.
    case insert(FieldID, Value)
    /// Takes the named inserts of a value out of a set.
    case remove(FieldID, Value, dots: [Dot])
    /// Adds to a counter.
    case add(FieldID, Int64)
    /// Appends to a log.
    case append(FieldID, Value)
    /// Deletes what the author had seen of the document, and hides the rest for good.
    case delete(seen: VersionVector)
    /// A kind that only a newer node understands. Its op's original bytes are kept and passed on.
    case unknown
}

/// The changes of one document within an op.
package struct DocumentChange: Hashable, Sendable {
    /// Which document.
    package let document: DocumentID
    /// What changes, in order.
    package var mutations: [Mutation]

    /// Makes the changes of one document.
    package init(document: DocumentID, mutations: [Mutation]) {
        self.document = document
        self.mutations = mutations
    }
}

/// One atomic change of one or more documents by one actor at one site.
package struct Op: Hashable, Sendable {
    /// Its name.
    package let dot: Dot
    /// When, by the hybrid clock of its origin; above the stamp of everything that it depends on.
    package let stamp: HybridTimestamp
    /// Who asked for it.
    package let actor: Actor
    /// What must be applied before it, beside its origin's earlier ops: the heads of other origins that rose at
    /// its origin since the op before it.
    package let needs: VersionVector
    /// What changes, sorted as the request had it, one entry per document.
    package let changes: [DocumentChange]

    /// Makes an op.
    package init(
        dot: Dot,
        stamp: HybridTimestamp,
        actor: Actor,
        needs: VersionVector,
        changes: [DocumentChange]
    ) {
        self.dot = dot
        self.stamp = stamp
        self.actor = actor
        self.needs = needs
        self.changes = changes
    }
}
