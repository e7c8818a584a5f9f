import Kernel

/// What is known of another site's presence.
struct RemotePresence: Sendable {
    /// One of its entries.
    struct Entry: Sendable {
        /// The owner's number for it; nil when it came through a node that passes no numbers on.
        var alias: UInt64?
        var fields: FieldMap
    }

    var incarnation: UInt64
    var counter: UInt64
    private(set) var entries: [PresenceKey: Entry] = [:]
    private var keys: [UInt64: PresenceKey] = [:]
    /// When this was known to be the newest.
    var confirmed: Instant

    init(incarnation: UInt64, counter: UInt64, confirmed: Instant) {
        self.incarnation = incarnation
        self.counter = counter
        self.confirmed = confirmed
    }

    /// True when every entry's number is known, so that the state can be told in the short form.
    var hasAllAliases: Bool { keys.count == entries.count }

    mutating func set(_ key: PresenceKey, _ fields: FieldMap?, alias: UInt64? = nil) {
        guard let fields else { return remove(key) }
        if entries[key] != nil {
            entries[key]?.fields = fields
            guard let alias, entries[key]?.alias != alias else { return }
            if let old = entries[key]?.alias { keys[old] = nil }
            entries[key]?.alias = alias
        } else {
            entries[key] = Entry(alias: alias, fields: fields)
        }
        if let alias { keys[alias] = key }
    }

    /// The key of a number.
    func key(_ alias: UInt64) -> PresenceKey? { keys[alias] }

    /// Changes an entry that is here; false when a change does not fit.
    mutating func change(_ key: PresenceKey, _ changes: [PresenceDelta.Field]) -> Bool {
        guard let place = entries.index(forKey: key) else { return false }
        for change in changes where !change.apply(to: &entries.values[place].fields) { return false }
        return true
    }

    mutating func remove(_ key: PresenceKey) {
        guard let gone = entries.removeValue(forKey: key), let alias = gone.alias else { return }
        keys[alias] = nil
    }

    /// The keys of which entries differ between two states, sorted.
    func differences(to other: RemotePresence?) -> [PresenceKey] {
        let before = other?.entries ?? [:]
        var result = entries.filter { before[$0.key]?.fields != $0.value.fields }.map(\.key)
        result += before.keys.filter { entries[$0] == nil }
        return result.sorted()
    }
}
