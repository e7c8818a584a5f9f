/// A record: named fields that merge each by its kind.
///
/// A document is what remains of the ops that touched it. Two sites that applied the same ops, in any order
/// that respects causes, hold equal documents.
package struct Document: Hashable, Sendable {
    /// Who deleted a document, when.
    package struct Deletion: Hashable, Sendable {
        /// The op that did.
        package let dot: Dot
        /// When.
        package let stamp: HybridTimestamp
        /// Who.
        package let actor: Actor

        /// Describes a deletion.
        package init(dot: Dot, stamp: HybridTimestamp, actor: Actor) {
            self.dot = dot
            self.stamp = stamp
            self.actor = actor
        }
    }

    /// Its name.
    package let id: DocumentID
    /// Which ops touched it.
    package internal(set) var version: VersionVector
    /// The latest stamp among them.
    package internal(set) var updated: HybridTimestamp
    /// Who deleted it; the fields of a deleted document hold only what that person had not seen (`remains`).
    package internal(set) var deletion: Deletion?

    // Kept apart by kind, so that two nodes which disagree about a field's kind still converge.
    /// The registers.
    package internal(set) var registers: [FieldID: Register] = [:]
    /// The sets.
    package internal(set) var sets: [FieldID: ObservedRemoveSet] = [:]
    /// The counters.
    package internal(set) var counters: [FieldID: PNCounter] = [:]
    /// The logs.
    package internal(set) var logs: [FieldID: AppendLog] = [:]

    /// A document that no op has touched.
    package init(id: DocumentID) {
        self.id = id
        version = VersionVector()
        updated = .zero
    }

    /// A document as it was stored.
    package init(
        id: DocumentID,
        version: VersionVector,
        updated: HybridTimestamp,
        deletion: Deletion?,
        registers: [FieldID: Register],
        sets: [FieldID: ObservedRemoveSet],
        counters: [FieldID: PNCounter],
        logs: [FieldID: AppendLog]
    ) {
        self.id = id
        self.version = version
        self.updated = updated
        self.deletion = deletion
        self.registers = registers
        self.sets = sets
        self.counters = counters
        self.logs = logs
    }
}
