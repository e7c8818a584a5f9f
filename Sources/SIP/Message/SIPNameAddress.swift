/// An address as From, To, Contact and Route carry it: a name, a URI, parameters.
package struct SIPNameAddress: Sendable {
    /// The name without quotes and escapes, empty when there is none.
    package let displayName: String
    /// The URI's bytes.
    package let uri: ArraySlice<UInt8>
    /// The parameters of the header, not of the URI.
    package let parameters: SIPParameters

    /// Cuts an address into its parts; nil when it has no URI.
    package init?(_ value: ArraySlice<UInt8>) {
        let value = value.trimmed
        var index = value.startIndex
        var name = ""
        if value.first == ASCII.quote {
            let close = endOfQuotes(value, from: index)
            guard close > index, value[close] == ASCII.quote else { return nil }
            name = SIPNameAddress.unescaped(value[(index + 1)..<close])
            index = close + 1
            while index < value.endIndex, ASCII.isBlank(value[index]) { index += 1 }
            guard index < value.endIndex, value[index] == ASCII.less else { return nil }
        } else if let open = value.firstIndex(of: ASCII.less) {
            name = value[..<open].trimmed.text
            index = open
        }
        guard index < value.endIndex else { return nil }
        if value[index] == ASCII.less {
            guard let close = value[index...].firstIndex(of: ASCII.greater) else { return nil }
            uri = value[(index + 1)..<close].trimmed
            let rest = value[(close + 1)...].trimmed
            guard rest.isEmpty || rest.first == ASCII.semicolon else { return nil }
            parameters = SIPParameters(bytes: rest)
        } else {
            // Without brackets all parameters are the header's (RFC 3261 §20).
            let end = value.firstIndex(of: ASCII.semicolon) ?? value.endIndex
            uri = value[..<end].trimmed
            parameters = SIPParameters(bytes: value[end...])
        }
        guard !uri.isEmpty else { return nil }
        displayName = name
    }

    /// The tag of From and To.
    package var tag: String? {
        guard let tag = parameters["tag"], !tag.isEmpty else { return nil }
        return tag.text
    }

    private static func unescaped(_ quoted: Bytes) -> String {
        guard quoted.contains(ASCII.backslash) else { return quoted.text }
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in quoted {
            if byte == ASCII.backslash, !isEscaped {
                isEscaped = true
            } else {
                bytes.append(byte)
                isEscaped = false
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
