/// One entry of a log field.
package struct LogEntry: Hashable, Sendable {
    /// The op that appended it; its origin tells the site.
    package let dot: Dot
    /// Its place among the op's changes of that document, which tells entries of one op apart.
    package let index: UInt16
    /// When, by the hybrid clock.
    package let stamp: HybridTimestamp
    /// Who.
    package let actor: Actor
    /// What.
    package let value: Value

    /// Makes an entry.
    package init(dot: Dot, index: UInt16, stamp: HybridTimestamp, actor: Actor, value: Value) {
        self.dot = dot
        self.index = index
        self.stamp = stamp
        self.actor = actor
        self.value = value
    }

    /// True when this entry is shown before the other: by stamp, then dot, then place in the op.
    package func precedes(_ other: LogEntry) -> Bool {
        (stamp, dot, index) < (other.stamp, other.dot, other.index)
    }
}

/// A field that only grows: notes, contacts of a ticket.
package struct AppendLog: Hashable, Sendable {
    /// The entries in the order of their stamps.
    package private(set) var entries: [LogEntry]

    /// The empty log.
    package init() {
        entries = []
    }

    /// Takes stored entries in any order.
    package init(entries: [LogEntry]) {
        self.entries = entries.sorted { $0.precedes($1) }
    }

    /// Adds an entry at its place; one that is there already changes nothing.
    package mutating func append(_ entry: LogEntry) {
        // Almost always the newest: look from the end.
        var place = entries.count
        while place > 0, entry.precedes(entries[place - 1]) { place -= 1 }
        if place > 0, !entries[place - 1].precedes(entry) { return }
        entries.insert(entry, at: place)
    }

    /// The entries that the vector does not have; nil when it has all.
    package func without(_ seen: VersionVector) -> AppendLog? {
        let rest = entries.filter { !seen.contains($0.dot) }
        return rest.isEmpty ? nil : AppendLog(entries: rest)
    }

    /// Merges another state of the same log.
    package mutating func merge(_ other: AppendLog) {
        for entry in other.entries { append(entry) }
    }
}
