import Kernel

/// The bytes of a `PresenceDelta`.
///
/// ```
/// delta  := text site (empty: the sender) | incarnation | flags | base? | counter, less base | age? | part, parts?
///           | entry…
/// entry  := (zigzag(alias, less the one before) << 2 | op) | body
/// whole  := kind | bytes shared with the key before | text rest | count | field…     op 0
/// fields := count | field…                                                            op 1
/// gone   := nothing                                                                   op 2
/// alike  := shared | text rest | bits of the fields that differ | value…              op 3
/// field  := (number << 3 | form) | value
/// ```
/// "Alike" has the kind and the fields of the whole entry before, and differing values of the same type. Numbers in
/// whole entries are differences to the whole entry before, texts seen before in the same delta go by their place.
enum PresenceDeltaCodec {
    /// What stands in the two lowest bits before an entry.
    enum Op {
        static let whole: UInt64 = 0
        static let fields: UInt64 = 1
        static let gone: UInt64 = 2
        static let alike: UInt64 = 3
    }

    /// What stands in the three lowest bits before a field.
    enum Form {
        static let gone: UInt64 = 0
        /// What this field was given last in this delta.
        static let same: UInt64 = 1
        static let number: UInt64 = 2
        static let text: UInt64 = 3
        static let no: UInt64 = 4
        static let yes: UInt64 = 5
        /// A form of its own follows.
        static let other: UInt64 = 6
    }

    /// What stands before a value that stands alone.
    enum Kind {
        static let null: UInt8 = 0
        static let no: UInt8 = 1
        static let yes: UInt8 = 2
        static let number: UInt8 = 3
        static let double: UInt8 = 4
        static let text: UInt8 = 5
        static let bytes: UInt8 = 6
        static let list: UInt8 = 7
    }

    enum Flag {
        static let hasBase: UInt64 = 1
        static let hasParts: UInt64 = 2
        static let hasAge: UInt64 = 4
    }

    /// The bytes.
    static func encode(_ delta: PresenceDelta) -> [UInt8] {
        var encoder = PresenceDeltaEncoder(capacity: 32 + delta.entries.count * 24)
        encoder.write(delta)
        return encoder.bytes
    }

    /// The delta of some bytes; throws when they mean nothing or break a bound.
    static func decode(_ bytes: [UInt8]) throws(FrameError) -> PresenceDelta {
        do {
            var decoder = PresenceDeltaDecoder(bytes)
            return try decoder.delta()
        } catch {
            throw .malformed("presence delta")
        }
    }
}

/// What both ends remember while they go through one delta.
///
/// Fields are few and have small numbers: an array is found in sooner than a dictionary. Larger numbers are simply
/// not remembered.
struct PresenceDeltaMemory {
    /// What each field was given last in a whole entry.
    private var wholes: [Value?] = []
    /// What became of each field last in an entry of which only some changed.
    private var changes: [PresenceDelta.FieldChange?] = []
    /// The kind of the whole entry before.
    var kind: UInt8?
    /// The bytes of its key.
    var key: [UInt8] = []
    /// Its fields, ascending.
    var ids: [FieldID] = []

    private static let remembered = 128

    func whole(_ id: FieldID) -> Value? { Int(id.number) < wholes.count ? wholes[Int(id.number)] : nil }

    func change(_ id: FieldID) -> PresenceDelta.FieldChange? {
        Int(id.number) < changes.count ? changes[Int(id.number)] : nil
    }

    mutating func remember(_ value: Value, of id: FieldID) {
        guard id.number < Self.remembered else { return }
        if wholes.isEmpty { wholes = Array(repeating: nil, count: Self.remembered) }
        wholes[Int(id.number)] = value
    }

    mutating func remember(_ change: PresenceDelta.FieldChange, of id: FieldID) {
        guard id.number < Self.remembered else { return }
        if changes.isEmpty { changes = Array(repeating: nil, count: Self.remembered) }
        changes[Int(id.number)] = change
    }
}
