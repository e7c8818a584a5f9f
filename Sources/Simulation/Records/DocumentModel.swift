import Kernel

/// What a document must be, worked out naively from all ops that touched it, in no order.
///
/// Independent of how documents merge: whatever was written is there unless some op names it as seen, settled, removed
/// or deleted.
struct DocumentModel {
    /// Something written once.
    struct Written: Hashable {
        var field: FieldID
        var dot: Dot
        var value: Value
        /// Its place among the changes of its op, for logs.
        var index = 0
    }

    private(set) var version = VersionVector()
    private(set) var updated = HybridTimestamp.zero
    private(set) var isDeleted = false
    private(set) var registers: Set<Written> = []
    private(set) var members: Set<Written> = []
    private(set) var entries: Set<Written> = []
    private(set) var counts: [FieldID: Int64] = [:]

    /// Works out a document from its ops.
    init(_ id: DocumentID, ops: [Op]) {
        var deletions: [VersionVector] = []
        var seen: [FieldID: Set<Dot>] = [:]
        var removed: Set<Written> = []
        for op in ops {
            version.include(op.dot)
            updated = max(updated, op.stamp)
            for change in op.changes where change.document == id {
                for (index, mutation) in change.mutations.enumerated() {
                    switch mutation {
                    case .set(let field, let value, let dots):
                        // The last write of an op to a field is the one that stays.
                        registers = registers.filter { $0.dot != op.dot || $0.field != field }
                        registers.insert(Written(field: field, dot: op.dot, value: value))
                        seen[field, default: []].formUnion(dots.filter { $0 != op.dot })
                    case .settle(let field, let dots): seen[field, default: []].formUnion(dots)
                    case .insert(let field, let value):
                        members.insert(Written(field: field, dot: op.dot, value: value))
                    case .remove(let field, let value, let dots):
                        for dot in dots {
                            let insert = Written(field: field, dot: dot, value: value)
                            if dot == op.dot { members.remove(insert) } else { removed.insert(insert) }
                        }
                    case .add(let field, let amount): counts[field, default: 0] &+= amount
                    case .append(let field, let value):
                        entries.insert(Written(field: field, dot: op.dot, value: value, index: index))
                    case .delete(let seen): deletions.append(seen)
                    case .unknown: break
                    }
                }
            }
        }
        isDeleted = !deletions.isEmpty
        let isGone = { (dot: Dot) in deletions.contains { $0.contains(dot) } }
        registers = registers.filter { !isGone($0.dot) && seen[$0.field]?.contains($0.dot) != true }
        members = members.filter { !isGone($0.dot) && !removed.contains($0) }
        entries = entries.filter { !isGone($0.dot) }
        if isDeleted { counts = [:] }
    }

    /// What a document says otherwise; nil when it is as it must be.
    func difference(from document: Document?) -> String? {
        guard let document else {
            // A deleted document that nothing hangs on may be forgotten.
            if isDeleted, registers.isEmpty, members.isEmpty, entries.isEmpty { return nil }
            return version.isEmpty ? nil : "it is not there"
        }
        if document.isDeleted != isDeleted { return isDeleted ? "it was deleted and is there" : "it is deleted" }
        // A tombstone that was forgotten and made again knows only what came after that.
        if !isDeleted, document.version != version {
            return "its version is \(document.version.text) and not \(version.text)"
        }
        if !isDeleted, document.updated != updated { return "it names another newest stamp" }
        if written(document.registers.mapValues(\.writes)) != registers { return "registers hold other writes" }
        if written(document.sets) != members { return "sets hold other members" }
        if written(document.logs) != entries { return "logs hold other entries" }
        return nil
    }

    /// The counters that say something else than the sum of their increments.
    func miscount(_ document: Document?) -> String? {
        guard let document, !isDeleted, !document.isDeleted else { return nil }
        for field in Set(counts.keys).union(document.counters.keys).sorted()
        where counts[field] ?? 0 != document.count(field) {
            return
                "counter \(field.number) is \(document.count(field)) and its increments sum up to \(counts[field] ?? 0)"
        }
        return nil
    }

    private func written(_ registers: [FieldID: [RegisterWrite]]) -> Set<Written> {
        Set(
            registers.flatMap { field, writes in
                writes.map { Written(field: field, dot: $0.dot, value: $0.value) }
            }
        )
    }

    private func written(_ sets: [FieldID: ObservedRemoveSet]) -> Set<Written> {
        Set(
            sets.flatMap { field, set in
                set.elements.flatMap { element in
                    element.dots.map { Written(field: field, dot: $0, value: element.value) }
                }
            }
        )
    }

    private func written(_ logs: [FieldID: AppendLog]) -> Set<Written> {
        Set(
            logs.flatMap { field, log in
                log.entries.map { Written(field: field, dot: $0.dot, value: $0.value, index: Int($0.index)) }
            }
        )
    }
}
