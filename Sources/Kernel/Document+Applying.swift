extension Document {
    /// Applies an op's changes of this document.
    ///
    /// An op that the document has already changes nothing. The caller lets causes come first (the ledger's version
    /// vector does). Any order within this rule gives the same document. `first` is the place of the
    /// first mutation among all that the op has for this document.
    package mutating func apply(
        _ change: DocumentChange,
        from first: Int = 0,
        of op: Op,
        schema: DocumentSchema
    ) {
        // A snapshot may have brought the document further than the log here is. (Planning goes mutation by mutation.)
        guard first > 0 || !version.contains(op.dot) else { return }
        version.include(op.dot)
        updated = max(updated, op.stamp)
        for (index, mutation) in change.mutations.enumerated() {
            apply(mutation, index: UInt16(truncatingIfNeeded: first + index), of: op, schema: schema)
        }
    }

    private mutating func apply(_ mutation: Mutation, index: UInt16, of op: Op, schema: DocumentSchema) {
        switch mutation {
        case .delete(let seen):
            delete(by: Deletion(dot: op.dot, stamp: op.stamp, actor: op.actor), seen: seen)
        case .set(let field, let value, let seen):
            let write = RegisterWrite(value: value, dot: op.dot, stamp: op.stamp, actor: op.actor)
            registers[field, default: Register()].write(write, seen: seen, rule: schema.rule(field, of: id.type))
        case .settle(let field, let dots):
            registers[field]?.settle(dots, rule: schema.rule(field, of: id.type))
            if registers[field]?.writes.isEmpty == true { registers[field] = nil }
        case .insert(let field, let value):
            sets[field, default: ObservedRemoveSet()].insert(value, dot: op.dot)
        case .remove(let field, let value, let dots):
            sets[field]?.remove(value, dots: dots)
            if sets[field]?.elements.isEmpty == true { sets[field] = nil }
        case .add(let field, let amount):
            // A count of a deleted document says nothing to those who read what was lost with it.
            guard !isDeleted else { return }
            counters[field, default: PNCounter()].add(amount, origin: op.dot.origin)
        case .append(let field, let value):
            let entry = LogEntry(dot: op.dot, index: index, stamp: op.stamp, actor: op.actor, value: value)
            logs[field, default: AppendLog()].append(entry)
        case .unknown:
            break
        }
    }

    /// Takes out what the author of a deletion had seen; what he had not stays, hidden, for `remains`.
    ///
    /// Of several deletions the latest is shown, so that all sites name the same.
    private mutating func delete(by deletion: Deletion, seen: VersionVector) {
        let latest = self.deletion.map { ($0.stamp, $0.dot) < (deletion.stamp, deletion.dot) } ?? true
        if latest { self.deletion = deletion }
        registers = registers.compactMapValues { $0.without(seen) }
        sets = sets.compactMapValues { $0.without(seen) }
        logs = logs.compactMapValues { $0.without(seen) }
        counters = [:]
    }
}
