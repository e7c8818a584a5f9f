import Kernel

/// Reads one `PresenceDelta`; see `PresenceDeltaCodec` for the form.
///
/// Throws on anything else, never traps.
struct PresenceDeltaDecoder {
    private typealias Codec = PresenceDeltaCodec

    private var reader: ByteReader
    private var memory = PresenceDeltaMemory()
    private var texts: [String] = []
    private var alias: UInt64 = 0

    init(_ bytes: [UInt8]) {
        reader = ByteReader(bytes)
    }

    mutating func delta() throws -> PresenceDelta {
        let name = try reader.text()
        let site = name.isEmpty ? nil : try Wire.site(name)
        let incarnation = try reader.number()
        let flags = try reader.number()
        let base = flags & Codec.Flag.hasBase == 0 ? nil : try reader.number()
        let (counter, overflows) = (try reader.number()).addingReportingOverflow(base ?? 0)
        let age = flags & Codec.Flag.hasAge == 0 ? .zero : Wire.span(try reader.number())
        var (part, parts): (UInt64, UInt64) = (0, 1)
        if flags & Codec.Flag.hasParts != 0 { (part, parts) = (try reader.number(), try reader.number()) }
        guard !overflows, part < parts, parts <= UInt64(Limits.presenceEntriesMax) else { throw ByteReader.Damaged() }
        var entries: [PresenceDelta.Entry] = []
        while !reader.isAtEnd {
            guard entries.count < Limits.presenceEntriesPerFrameMax else { throw ByteReader.Damaged() }
            entries.append(try entry())
        }
        return PresenceDelta(
            site: site,
            incarnation: incarnation,
            base: base,
            counter: counter,
            age: age,
            part: Int(part),
            parts: Int(parts),
            entries: entries
        )
    }

    private mutating func entry() throws -> PresenceDelta.Entry {
        let head = try reader.number()
        let zigzag = head >> 2
        alias = alias &+ UInt64(bitPattern: Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1))
        switch head & 3 {
        case Codec.Op.gone: return PresenceDelta.Entry(alias: alias, change: .gone)
        case Codec.Op.fields: return PresenceDelta.Entry(alias: alias, change: .fields(try fields()))
        case Codec.Op.whole: return PresenceDelta.Entry(alias: alias, change: try whole())
        default: return PresenceDelta.Entry(alias: alias, change: try alike())
        }
    }

    private mutating func fields() throws -> [PresenceDelta.Field] {
        let count = try fieldCount()
        var result: [PresenceDelta.Field] = []
        result.reserveCapacity(count)
        for _ in 0..<count {
            let (id, form) = try fieldHead()
            let change: PresenceDelta.FieldChange
            switch form {
            case Codec.Form.gone: change = .gone
            case Codec.Form.same:
                guard let before = memory.change(id) else { throw ByteReader.Damaged() }
                change = before
            case Codec.Form.number: change = .raised(try reader.signed())
            default: change = .value(try value(form))
            }
            memory.remember(change, of: id)
            result.append(PresenceDelta.Field(id: id, change: change))
        }
        return result
    }

    private mutating func whole() throws -> PresenceDelta.Change {
        let kind = try reader.byte()
        memory.kind = kind
        let key = try key(kind)
        let count = try fieldCount()
        memory.ids = []
        var fields = FieldMap(minimumCapacity: count)
        for _ in 0..<count {
            let (id, form) = try fieldHead()
            let before = memory.whole(id)
            let value: Value
            switch form {
            case Codec.Form.same:
                guard let before else { throw ByteReader.Damaged() }
                value = before
            case Codec.Form.number: value = .int((before?.int ?? 0) &+ (try reader.signed()))
            default: value = try self.value(form)
            }
            memory.remember(value, of: id)
            memory.ids.append(id)
            fields[id] = value
        }
        return .whole(key, fields)
    }

    private mutating func alike() throws -> PresenceDelta.Change {
        guard let kind = memory.kind else { throw ByteReader.Damaged() }
        let key = try key(kind)
        let differing = try reader.number()
        var fields = FieldMap(minimumCapacity: memory.ids.count)
        for (place, id) in memory.ids.enumerated() {
            guard let before = memory.whole(id) else { throw ByteReader.Damaged() }
            guard place < 64, differing >> UInt64(place) & 1 == 1 else {
                fields[id] = before
                continue
            }
            let value: Value =
                switch before {
                case .int(let number): .int(number &+ (try reader.signed()))
                case .string: .string(try text())
                default: try self.value()
                }
            memory.remember(value, of: id)
            fields[id] = value
        }
        return .whole(key, fields)
    }

    private mutating func key(_ kind: UInt8) throws -> PresenceKey {
        let shared = try reader.number()
        guard shared <= UInt64(memory.key.count) else { throw ByteReader.Damaged() }
        let rest = try reader.block()
        memory.key = memory.key.prefix(Int(shared)) + rest
        guard memory.key.count <= Limits.documentKeyBytesMax else { throw ByteReader.Damaged() }
        return PresenceKey(kind: kind, id: String(decoding: memory.key, as: UTF8.self))
    }

    private mutating func fieldCount() throws -> Int {
        let count = try reader.count()
        guard count <= Limits.fieldsPerMapMax else { throw ByteReader.Damaged() }
        return count
    }

    private mutating func fieldHead() throws -> (FieldID, UInt64) {
        let head = try reader.number()
        guard let number = UInt16(exactly: head >> 3) else { throw ByteReader.Damaged() }
        return (FieldID(number), head & 7)
    }

    /// A value of a form that needs no value before.
    private mutating func value(_ form: UInt64) throws -> Value {
        switch form {
        case Codec.Form.text: .string(try text())
        case Codec.Form.no: .bool(false)
        case Codec.Form.yes: .bool(true)
        case Codec.Form.other: try value()
        default: throw ByteReader.Damaged()
        }
    }

    private mutating func text() throws -> String {
        let head = try reader.number()
        if head & 1 == 1 {
            guard head >> 1 < UInt64(texts.count) else { throw ByteReader.Damaged() }
            return texts[Int(head >> 1)]
        }
        let text = try reader.text(ofLength: head >> 1)
        if texts.count < Limits.presenceTextsMax { texts.append(text) }
        return text
    }

    private mutating func value(depth: Int = 0) throws -> Value {
        switch try reader.byte() {
        case Codec.Kind.null: return .null
        case Codec.Kind.no: return .bool(false)
        case Codec.Kind.yes: return .bool(true)
        case Codec.Kind.number: return .int(try reader.signed())
        case Codec.Kind.double:
            let number = Double(bitPattern: try reader.fixed())
            guard number.isFinite else { throw ByteReader.Damaged() }
            return .double(number)
        case Codec.Kind.text: return .string(try text())
        case Codec.Kind.bytes: return .bytes(try reader.block())
        case Codec.Kind.list:
            guard depth < Limits.valueDepthMax else { throw ByteReader.Damaged() }
            var items: [Value] = []
            for _ in 0..<(try reader.count()) { items.append(try value(depth: depth + 1)) }
            return .list(items)
        default: throw ByteReader.Damaged()
        }
    }
}
