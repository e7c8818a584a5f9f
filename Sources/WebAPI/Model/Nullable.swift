/// A field that may be absent: written as an explicit `null`, so that readers see each field of a resource.
@propertyWrapper
package struct Nullable<Wrapped: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
    /// The value, if there is one.
    package var wrappedValue: Wrapped?

    /// Wraps a value.
    package init(wrappedValue: Wrapped?) {
        self.wrappedValue = wrappedValue
    }

    /// Reads a value or `null`.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        wrappedValue = container.decodeNil() ? nil : try container.decode(Wrapped.self)
    }

    /// Writes the value or `null`.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let wrappedValue {
            try container.encode(wrappedValue)
        } else {
            try container.encodeNil()
        }
    }
}

extension KeyedDecodingContainer {
    /// Reads a field that an older or newer node may leave out.
    package func decode<Wrapped>(_ type: Nullable<Wrapped>.Type, forKey key: Key) throws -> Nullable<Wrapped> {
        try decodeIfPresent(type, forKey: key) ?? Nullable(wrappedValue: nil)
    }
}
