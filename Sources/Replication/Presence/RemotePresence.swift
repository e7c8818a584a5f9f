import Kernel

/// What is known of another site's presence.
struct RemotePresence: Sendable {
    /// One of its entries.
    struct Entry: Sendable {
        /// The owner's number for it; nil when it came through a node that passes no numbers on.
        var alias: UInt64?
        var fields: FieldMap
    }

    /// Entries in either form.
    enum Content {
        case long(PresenceUpdate)
        case short(PresenceDelta)
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

// Changes.
extension RemotePresence {
    /// Applies a change to this life and returns the changed keys; nil when it does not fit, and then nothing changed.
    mutating func apply(_ content: Content, on base: UInt64, leadingTo counter: UInt64) -> [PresenceKey]? {
        let changed: [PresenceKey]
        switch content {
        case .long(let update):
            // The long form names whole entries with the count of each, so that it may also overlap what is here.
            guard base <= self.counter, hasRoom(for: update.entries.count) else { return nil }
            changed = apply(update)
        case .short(let delta):
            guard base == self.counter, hasRoom(for: delta.entries.count), fits(delta) else { return nil }
            changed = apply(delta)
        }
        self.counter = counter
        return changed
    }

    /// A site stays within its bound; who does not gets no further than one frame beyond it.
    private func hasRoom(for count: Int) -> Bool {
        entries.count + count <= Limits.presenceEntriesMax + Limits.presenceEntriesPerFrameMax
    }

    private mutating func apply(_ update: PresenceUpdate) -> [PresenceKey] {
        var changed: [PresenceKey] = []
        for entry in update.entries where entry.counter > counter {
            guard entries[entry.key]?.fields != entry.fields else { continue }
            changed.append(entry.key)
            set(entry.key, entry.fields)
        }
        return changed
    }

    /// True when every change is about something that is here.
    private func fits(_ delta: PresenceDelta) -> Bool {
        delta.entries.allSatisfy { entry in
            switch entry.change {
            case .whole: return true
            case .gone: return keys[entry.alias] != nil
            case .fields(let changes):
                guard let key = keys[entry.alias], let fields = entries[key]?.fields else { return false }
                return changes.allSatisfy { $0.fits(fields) }
            }
        }
    }

    private mutating func apply(_ delta: PresenceDelta) -> [PresenceKey] {
        var changed: [PresenceKey] = []
        changed.reserveCapacity(delta.entries.count)
        for entry in delta.entries {
            switch entry.change {
            case .whole(let key, let fields):
                set(key, fields, alias: entry.alias)
                changed.append(key)
            case .fields(let changes):
                guard let key = keys[entry.alias], let place = entries.index(forKey: key) else { continue }
                for change in changes { change.apply(to: &entries.values[place].fields) }
                changed.append(key)
            case .gone:
                guard let key = keys[entry.alias] else { continue }
                remove(key)
                changed.append(key)
            }
        }
        return changed
    }
}
