/// The `;name=value` list behind a URI, an address or a Via.
package struct SIPParameters: Sendable {
    let bytes: Bytes

    /// The value of a parameter: nil when absent, empty when it is a mere flag; quotes are taken off.
    package subscript(name: StaticString) -> ArraySlice<UInt8>? {
        var rest = bytes
        while let (key, value) = SIPParameters.next(&rest) {
            if key.matches(name) { return value }
        }
        return nil
    }

    /// Takes the next parameter off the front.
    private static func next(_ rest: inout Bytes) -> (Bytes, Bytes)? {
        while let byte = rest.first, byte == ASCII.semicolon || ASCII.isBlank(byte) { rest = rest.dropFirst() }
        guard !rest.isEmpty else { return nil }
        var index = rest.startIndex
        var equal: Int?
        while index < rest.endIndex, rest[index] != ASCII.semicolon {
            if rest[index] == ASCII.equal, equal == nil { equal = index }
            if rest[index] == ASCII.quote { index = endOfQuotes(rest, from: index) }
            index += 1
        }
        let whole = rest[rest.startIndex..<index]
        rest = rest[index...]
        guard let equal else { return (whole.trimmed, whole[whole.endIndex...]) }
        return (whole[..<equal].trimmed, unquoted(whole[(equal + 1)...].trimmed))
    }

    private static func unquoted(_ value: Bytes) -> Bytes {
        guard value.count >= 2, value.first == ASCII.quote, value.last == ASCII.quote else { return value }
        return value.dropFirst().dropLast()
    }
}
