package import Kernel

/// Some or all of one site's presence in the form that takes few bytes: only what changed, on top of what is known.
///
/// Entries go by an alias, a small number that the owner gives a key when it first sets it and never gives again in
/// the same life. Only who has exactly the state `base` may apply it. `PresenceUpdate` says the same at length, for
/// nodes that do not read this yet.
package struct PresenceDelta: Hashable, Sendable {
    /// Whose presence; nil: the sender's own.
    package var site: SiteID?
    /// Which life of that site.
    package var incarnation: UInt64
    /// The count that it applies to; nil in a full state.
    package var base: UInt64?
    /// The owner's count with it applied.
    package var counter: UInt64
    /// How old it was when it was sent on: 0 from the owner itself.
    package var age: Span
    /// Which part of a full state this is, from 0.
    package var part: Int
    /// How many parts a full state has; 1 for a change.
    package var parts: Int
    /// What changed; all of a full state is `whole`.
    package var entries: [Entry]

    /// What became of one entry.
    package struct Entry: Hashable, Sendable {
        /// The owner's number for the key.
        package var alias: UInt64
        /// What happened.
        package var change: Change

        /// Makes an entry.
        package init(alias: UInt64, change: Change) {
            self.alias = alias
            self.change = change
        }
    }

    /// What can become of an entry.
    package enum Change: Hashable, Sendable {
        /// It is new, or told in full.
        case whole(PresenceKey, FieldMap)
        /// Some of its fields changed; ascending by field.
        case fields([Field])
        /// It is gone.
        case gone
    }

    /// What became of one field.
    package struct Field: Hashable, Sendable {
        /// Which field.
        package var id: FieldID
        /// What happened.
        package var change: FieldChange

        /// Makes a change of a field.
        package init(id: FieldID, change: FieldChange) {
            self.id = id
            self.change = change
        }
    }

    /// What can become of a field.
    package enum FieldChange: Hashable, Sendable {
        /// It is gone.
        case gone
        /// It has this value now.
        case value(Value)
        /// The number that it was grew by so much (wrapping): most numbers are times and counts.
        case raised(Int64)
    }

    /// Makes a delta.
    package init(
        site: SiteID?,
        incarnation: UInt64,
        base: UInt64?,
        counter: UInt64,
        age: Span = .zero,
        part: Int = 0,
        parts: Int = 1,
        entries: [Entry]
    ) {
        self.site = site
        self.incarnation = incarnation
        self.base = base
        self.counter = counter
        self.age = age
        self.part = part
        self.parts = parts
        self.entries = entries
    }
}

extension PresenceDelta.Field {
    /// The changes that lead from one set of fields to another, ascending by field.
    static func changes(from before: FieldMap, to after: FieldMap) -> [PresenceDelta.Field] {
        var result: [PresenceDelta.Field] = []
        for (id, value) in after {
            let old = before[id]
            guard old != value else { continue }
            if case .int(let old)? = old, case .int(let new) = value {
                result.append(PresenceDelta.Field(id: id, change: .raised(new &- old)))
            } else {
                result.append(PresenceDelta.Field(id: id, change: .value(value)))
            }
        }
        for id in before.keys where after[id] == nil { result.append(PresenceDelta.Field(id: id, change: .gone)) }
        result.sort { $0.id < $1.id }
        return result
    }

    /// True when it can be carried out on what is there.
    func fits(_ fields: FieldMap) -> Bool {
        if case .raised = change { return fields[id]?.int != nil }
        return true
    }

    /// Carries the change out.
    func apply(to fields: inout FieldMap) {
        switch change {
        case .gone: fields[id] = nil
        case .value(let value): fields[id] = value
        case .raised(let amount): fields[id] = .int((fields[id]?.int ?? 0) &+ amount)
        }
    }
}
