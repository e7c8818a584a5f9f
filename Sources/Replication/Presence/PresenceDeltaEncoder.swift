import Kernel

/// Writes one `PresenceDelta`; see `PresenceDeltaCodec` for the form.
struct PresenceDeltaEncoder {
    private typealias Codec = PresenceDeltaCodec

    private var writer: ByteWriter
    private var memory = PresenceDeltaMemory()
    private var texts: [String: Int] = [:]
    private var alias: UInt64 = 0
    /// With one entry there is nothing to refer back to.
    private var isAlone = false

    var bytes: [UInt8] { writer.bytes }

    init(capacity: Int) {
        writer = ByteWriter(capacity: capacity)
    }

    mutating func write(_ delta: PresenceDelta) {
        isAlone = delta.entries.count == 1
        writer.text(delta.site?.name ?? "")
        writer.number(delta.incarnation)
        let age = delta.age.wire
        var flags: UInt64 = 0
        if delta.base != nil { flags |= Codec.Flag.hasBase }
        if delta.parts != 1 { flags |= Codec.Flag.hasParts }
        if age != 0 { flags |= Codec.Flag.hasAge }
        writer.number(flags)
        if let base = delta.base { writer.number(base) }
        writer.number(delta.counter &- (delta.base ?? 0))
        if age != 0 { writer.number(age) }
        if delta.parts != 1 {
            writer.number(UInt64(max(delta.part, 0)))
            writer.number(UInt64(max(delta.parts, 0)))
        }
        for entry in delta.entries { write(entry) }
    }

    private mutating func write(_ entry: PresenceDelta.Entry) {
        switch entry.change {
        case .gone: head(entry.alias, Codec.Op.gone)
        case .fields(let fields):
            head(entry.alias, Codec.Op.fields)
            writer.number(fields.count)
            for field in fields { write(field) }
        case .whole(let key, let fields): write(key, fields, entry.alias)
        }
    }

    private mutating func head(_ next: UInt64, _ op: UInt64) {
        let step = Int64(bitPattern: next &- alias)
        alias = next
        // Aliases count from 1 and stay far below 2^61, so that the shift loses nothing.
        writer.number(UInt64(bitPattern: (step << 1) ^ (step >> 63)) << 2 | op)
    }

    private mutating func write(_ field: PresenceDelta.Field) {
        let number = UInt64(field.id.number) << 3
        if !isAlone {
            if memory.change(field.id) == field.change { return writer.number(number | Codec.Form.same) }
            memory.remember(field.change, of: field.id)
        }
        switch field.change {
        case .gone: writer.number(number | Codec.Form.gone)
        case .raised(let amount):
            writer.number(number | Codec.Form.number)
            writer.signed(amount)
        case .value(.string(let text)):
            writer.number(number | Codec.Form.text)
            write(text)
        case .value(.bool(let flag)): writer.number(number | (flag ? Codec.Form.yes : Codec.Form.no))
        case .value(let value):
            writer.number(number | Codec.Form.other)
            write(value)
        }
    }

    private mutating func write(_ key: PresenceKey, _ fields: FieldMap, _ alias: UInt64) {
        let sorted = fields.sorted { $0.key < $1.key }
        let differing = differing(key, sorted)
        head(alias, differing == nil ? Codec.Op.whole : Codec.Op.alike)
        if differing == nil { writer.byte(key.kind) }
        memory.kind = key.kind
        let id = Array(key.id.utf8)
        let shared = zip(id, memory.key).prefix { $0 == $1 }.count
        writer.number(shared)
        writer.block(Array(id[shared...]))
        memory.key = id
        if let differing {
            writer.number(differing)
            for (place, (id, value)) in sorted.enumerated() where differing >> UInt64(place) & 1 == 1 {
                switch (memory.whole(id), value) {
                case (.int(let before)?, .int(let now)): writer.signed(now &- before)
                case (.string?, .string(let text)): write(text)
                default: write(value)
                }
                memory.remember(value, of: id)
            }
        } else {
            memory.ids = sorted.map(\.key)
            writer.number(sorted.count)
            for (id, value) in sorted { write(value, of: id) }
        }
    }

    /// The bits of the fields that differ from the whole entry before; nil unless this one is like it.
    private func differing(_ key: PresenceKey, _ fields: [(key: FieldID, value: Value)]) -> UInt64? {
        guard key.kind == memory.kind, fields.count == memory.ids.count, fields.count <= 64 else { return nil }
        var bits: UInt64 = 0
        for (place, (id, value)) in fields.enumerated() {
            guard id == memory.ids[place], let before = memory.whole(id) else { return nil }
            switch (before, value) {
            case (.int, .int), (.string, .string): break
            case (.int, _), (.string, _): return nil
            default: break
            }
            if before != value { bits |= 1 << UInt64(place) }
        }
        return bits
    }

    private mutating func write(_ value: Value, of id: FieldID) {
        let number = UInt64(id.number) << 3
        let before = memory.whole(id)
        if !isAlone {
            if before == value { return writer.number(number | Codec.Form.same) }
            memory.remember(value, of: id)
        }
        switch value {
        case .int(let amount):
            writer.number(number | Codec.Form.number)
            writer.signed(amount &- (before?.int ?? 0))
        case .string(let text):
            writer.number(number | Codec.Form.text)
            write(text)
        case .bool(let flag): writer.number(number | (flag ? Codec.Form.yes : Codec.Form.no))
        default:
            writer.number(number | Codec.Form.other)
            write(value)
        }
    }

    /// A text in full, or the place of the same one before.
    private mutating func write(_ text: String) {
        if !isAlone {
            if let place = texts[text] { return writer.number(UInt64(place) << 1 | 1) }
            if texts.count < Limits.presenceTextsMax { texts[text] = texts.count }
        }
        let utf8 = Array(text.utf8)
        writer.number(UInt64(utf8.count) << 1)
        writer.raw(utf8)
    }

    private mutating func write(_ value: Value) {
        switch value {
        case .null: writer.byte(Codec.Kind.null)
        case .bool(let flag): writer.byte(flag ? Codec.Kind.yes : Codec.Kind.no)
        case .int(let number):
            writer.byte(Codec.Kind.number)
            writer.signed(number)
        case .double(let number):
            // What is not a number is not equal to itself and would be sent again for ever.
            guard number.isFinite else { return writer.byte(Codec.Kind.null) }
            writer.byte(Codec.Kind.double)
            writer.fixed(number.bitPattern)
        case .string(let text):
            writer.byte(Codec.Kind.text)
            write(text)
        case .bytes(let bytes):
            writer.byte(Codec.Kind.bytes)
            writer.block(bytes)
        case .list(let items):
            writer.byte(Codec.Kind.list)
            writer.number(items.count)
            for item in items { write(item) }
        }
    }
}
