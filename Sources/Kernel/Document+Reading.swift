extension Document {
    /// True once somebody deleted it.
    package var isDeleted: Bool { deletion != nil }

    /// The causal version as text, for an ETag: the same at every site that applied the same ops to it.
    package var versionTag: String { version.text }

    /// The value of a register; nil when it was never written or was cleared with `.null`.
    package func value(_ field: FieldID) -> Value? {
        guard !isDeleted, let value = registers[field]?.current?.value, value != .null else { return nil }
        return value
    }

    /// The write that a register shows: value, dot, stamp, actor.
    package func register(_ field: FieldID) -> RegisterWrite? {
        isDeleted ? nil : registers[field]?.current
    }

    /// The values of a set, sorted.
    package func members(_ field: FieldID) -> [Value] {
        isDeleted ? [] : sets[field]?.members ?? []
    }

    /// The value of a counter.
    package func count(_ field: FieldID) -> Int64 {
        isDeleted ? 0 : counters[field]?.value ?? 0
    }

    /// The entries of a log, oldest first.
    package func entries(_ field: FieldID) -> [LogEntry] {
        isDeleted ? [] : logs[field]?.entries ?? []
    }

    /// What to name as `seen` when a writer who read this document at `version` now writes a register.
    ///
    /// Nil when the value shown here is one that they had before them; otherwise a dot that is not the shown
    /// one's, so that the write is recorded as a conflict.
    package func seen(_ field: FieldID, at version: VersionVector) -> Dot? {
        guard let register = registers[field], let current = register.current, !version.contains(current.dot) else {
            return nil
        }
        let known = register.writes.dropFirst().first { version.contains($0.dot) }
        return known?.dot ?? Dot(origin: current.dot.origin, sequence: 0)
    }

    /// The writes of registers that lost unseen against the shown one, sorted by field, then most preferred first.
    package var conflicts: [Conflict] {
        // Almost always there is none: look before sorting.
        guard !isDeleted, registers.values.contains(where: { $0.writes.count > 1 }) else { return [] }
        var result: [Conflict] = []
        for (field, register) in registers.sorted(by: { $0.key < $1.key }) {
            guard let won = register.current else { continue }
            result += register.lost.map {
                Conflict(id: ConflictID(document: id, field: field, dot: $0.dot), lost: $0, won: won)
            }
        }
        return result
    }

    /// Rough size in bytes when stored: for bounds, not for accounts.
    package var weight: Int {
        let dot = 16
        var total = 64
        for register in registers.values {
            total += register.writes.reduce(0) { $0 + $1.value.weight + dot * 2 }
        }
        for set in sets.values {
            total += set.elements.reduce(0) { $0 + $1.value.weight + $1.dots.count * dot }
        }
        for counter in counters.values { total += counter.shares.count * dot * 2 }
        for log in logs.values {
            total += log.entries.reduce(0) { $0 + $1.value.weight + dot * 2 }
        }
        return total
    }
}
