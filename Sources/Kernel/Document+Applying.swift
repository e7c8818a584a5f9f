extension Document {
    /// Applies an op's changes of this document.
    ///
    /// The caller keeps each op from being applied twice and lets causes come first (the ledger's version
    /// vector does both). Any order within these rules gives the same document. `first` is the place of the
    /// first mutation among all that the op has for this document.
    package mutating func apply(
        _ change: DocumentChange,
        from first: Int = 0,
        of op: Op,
        schema: DocumentSchema
    ) {
        version.include(op.dot)
        updated = max(updated, op.stamp)
        for (index, mutation) in change.mutations.enumerated() {
            apply(mutation, index: UInt16(truncatingIfNeeded: first + index), of: op, schema: schema)
        }
    }

    private mutating func apply(_ mutation: Mutation, index: UInt16, of op: Op, schema: DocumentSchema) {
        if case .delete = mutation {
            delete(by: Deletion(dot: op.dot, stamp: op.stamp, actor: op.actor))
            return
        }
        // What arrives late at a deleted document changes nothing: that is what deleted means.
        guard !isDeleted else { return }
        switch mutation {
        case .set(let field, let value, let seen):
            let write = RegisterWrite(value: value, dot: op.dot, stamp: op.stamp, actor: op.actor)
            registers[field, default: Register()].write(write, seen: seen, rule: schema.rule(field, of: id.type))
        case .settle(let field, let dots):
            registers[field]?.settle(dots, rule: schema.rule(field, of: id.type))
        case .insert(let field, let value):
            sets[field, default: ObservedRemoveSet()].insert(value, dot: op.dot)
        case .remove(let field, let value, let dots):
            sets[field]?.remove(value, dots: dots)
            if sets[field]?.elements.isEmpty == true { sets[field] = nil }
        case .add(let field, let amount):
            counters[field, default: PNCounter()].add(amount, origin: op.dot.origin)
        case .append(let field, let value):
            let entry = LogEntry(dot: op.dot, index: index, stamp: op.stamp, actor: op.actor, value: value)
            logs[field, default: AppendLog()].append(entry)
        case .delete, .unknown:
            break
        }
    }

    /// Empties the document.
    ///
    /// Of several deletions the latest is shown, so that all sites name the same.
    private mutating func delete(by deletion: Deletion) {
        if let known = self.deletion, (known.stamp, known.dot) >= (deletion.stamp, deletion.dot) { return }
        self.deletion = deletion
        registers = [:]
        sets = [:]
        counters = [:]
        logs = [:]
    }
}
