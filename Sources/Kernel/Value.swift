/// What a field of a document, a presence record or a message between sites can hold.
///
/// The set is closed and small so that a node can carry values that only a newer node understands.
package enum Value: Hashable, Sendable {
    /// Nothing: a register that was cleared.
    case null
    /// A truth value.
    case bool(Bool)
    /// A whole number; times are stored as Unix milliseconds.
    case int(Int64)
    /// A measured number.
    case double(Double)
    /// Text.
    case string(String)
    /// Opaque bytes.
    case bytes([UInt8])
    /// A short list; treated as one value, never merged inside.
    case list([Value])
}

extension Value {
    /// The truth value, if this is one.
    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The whole number, if this is one.
    package var int: Int64? {
        if case .int(let value) = self { value } else { nil }
    }

    /// The number, if this is a measured or a whole one.
    package var double: Double? {
        switch self {
        case .double(let value): value
        case .int(let value): Double(value)
        default: nil
        }
    }

    /// The text, if this is one.
    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The bytes, if this holds some.
    package var bytes: [UInt8]? {
        if case .bytes(let value) = self { value } else { nil }
    }

    /// The list, if this is one.
    package var list: [Value]? {
        if case .list(let value) = self { value } else { nil }
    }

    /// True for `.null`.
    package var isNull: Bool { self == .null }
}
