import Kernel

extension WireValue {
    init(_ value: Value) {
        self.init()
        switch value {
        case .null: null = true
        case .bool(let value): flag = value
        case .int(let value): int = value
        case .double(let value): number = value
        case .string(let value): text = value
        case .bytes(let value): data = Wire.data(value)
        case .list(let items): list.items = items.map(WireValue.init)
        }
    }

    /// The value; nil when it is of a kind that only a newer node knows.
    func value() throws(FrameError) -> Value? {
        switch kind {
        case .null: return .null
        case .flag(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .number(let value): return .double(value)
        case .text(let value): return .string(value)
        case .data(let value): return .bytes(Wire.array(value))
        case .list(let list):
            var items: [Value] = []
            items.reserveCapacity(list.items.count)
            for item in list.items {
                guard let value = try item.value() else { return nil }
                items.append(value)
            }
            return .list(items)
        case nil: return nil
        }
    }

    /// The value; null where it is of a kind that only a newer node knows.
    func storedValue() throws(FrameError) -> Value {
        try value() ?? .null
    }
}
