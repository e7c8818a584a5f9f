extension Document {
    /// Merges another state of the same document: the result is what the ops of both would have made.
    ///
    /// `seen` and `otherSeen` are the contexts of the two states: each reflects every op of this document that its
    /// context has. By default they are the documents' versions; who knows that a state stands for more (a snapshot at
    /// a vector) says so. What one side has and the other's context covers but does not show was replaced or removed;
    /// everything else stays (as in the "optimized OR-set" of Bieniusa and others, 2012). Commutative, associative and
    /// idempotent for states of one history.
    package mutating func merge(
        _ other: Document,
        schema: DocumentSchema,
        seen mine: VersionVector? = nil,
        otherSeen theirs: VersionVector? = nil
    ) {
        guard other.id == id else { return }
        var context = mine ?? version
        context.merge(version)
        var otherContext = theirs ?? other.version
        otherContext.merge(other.version)
        let contexts = MergeContexts(mine: context, theirs: otherContext)

        if let later = other.deletion {
            deletion = deletion.map { ($0.stamp, $0.dot) < (later.stamp, later.dot) ? later : $0 } ?? later
        }
        registers = merged(registers, other.registers) { field, left, right in
            let writes = contexts.merged(left?.writes ?? [], right?.writes ?? [], dot: \.dot, name: \.dot)
            return writes.isEmpty ? nil : Register(writes: writes, rule: schema.rule(field, of: id.type))
        }
        sets = merged(sets, other.sets) { _, left, right in
            var set = left ?? ObservedRemoveSet()
            set.merge(right ?? ObservedRemoveSet(), seen: contexts.mine, otherSeen: contexts.theirs)
            return set.elements.isEmpty ? nil : set
        }
        logs = merged(logs, other.logs) { _, left, right in
            let entries = contexts.merged(left?.entries ?? [], right?.entries ?? [], dot: \.dot) { entry in
                LogEntryName(dot: entry.dot, index: entry.index)
            }
            return entries.isEmpty ? nil : AppendLog(entries: entries)
        }
        // Nobody counts on in a deleted document (see `apply`).
        counters = isDeleted ? [:] : mergedCounters(other)
        version.merge(other.version)
        updated = max(updated, other.updated)
    }

    /// The share of each origin comes from the side that has more of it: totals of one origin only move on.
    private func mergedCounters(_ other: Document) -> [FieldID: PNCounter] {
        merged(counters, other.counters) { _, left, right in
            var shares: [Origin: PNCounter.Share] = [:]
            for share in left?.shares ?? [] { shares[share.origin] = share }
            for share in right?.shares ?? [] {
                let isNewer = other.version[share.origin] > version[share.origin]
                if isNewer || shares[share.origin] == nil { shares[share.origin] = share }
            }
            return PNCounter(shares: Array(shares.values))
        }
    }

    private func merged<Content>(
        _ left: [FieldID: Content],
        _ right: [FieldID: Content],
        _ merge: (FieldID, Content?, Content?) -> Content?
    ) -> [FieldID: Content] {
        var result: [FieldID: Content] = [:]
        for field in Set(left.keys).union(right.keys) { result[field] = merge(field, left[field], right[field]) }
        return result
    }
}

/// Which ops each of two states reflects.
private struct MergeContexts {
    let mine: VersionVector
    let theirs: VersionVector

    /// What both have, and what one has that the other has not seen.
    func merged<Item, Name: Hashable>(
        _ left: [Item],
        _ right: [Item],
        dot: (Item) -> Dot,
        name: (Item) -> Name
    ) -> [Item] {
        let leftNames = Set(left.map(name))
        let rightNames = Set(right.map(name))
        let kept = left.filter { rightNames.contains(name($0)) || !theirs.contains(dot($0)) }
        return kept + right.filter { !leftNames.contains(name($0)) && !mine.contains(dot($0)) }
    }
}

/// What tells log entries apart.
private struct LogEntryName: Hashable {
    let dot: Dot
    let index: UInt16
}
