/// A SIP, SIPS or telephone URI, cut into its parts.
package struct SIPURI: Sendable {
    /// The schemes that can be called.
    package enum Scheme: Hashable, Sendable {
        /// `sip:`
        case sip
        /// `sips:`
        case sips
        /// `tel:`; only `user` is set.
        case tel
    }

    /// Why a URI was refused.
    package enum Failure: Error, Hashable, Sendable {
        /// Not a URI.
        case malformed
        /// A URI of a scheme that cannot be called: 416.
        case scheme
    }

    /// The scheme.
    package let scheme: Scheme
    /// The part before `@`, still escaped, without a password.
    package let user: ArraySlice<UInt8>?
    /// The host, IPv6 without brackets.
    package let host: ArraySlice<UInt8>
    /// The port, where given.
    package let port: UInt16?
    /// What follows host and port.
    package let parameters: SIPParameters

    /// Cuts a URI into its parts.
    package init(_ bytes: ArraySlice<UInt8>) throws(Failure) {
        guard let colon = bytes.firstIndex(of: ASCII.colon), colon > bytes.startIndex else { throw .malformed }
        let scheme = bytes[..<colon]
        guard scheme.allSatisfy({ ASCII.isToken($0) }) else { throw .malformed }
        var rest = bytes[(colon + 1)...]
        guard !rest.isEmpty, rest.allSatisfy({ $0 > ASCII.space && $0 != ASCII.less && $0 != ASCII.greater })
        else { throw .malformed }
        if scheme.matches("tel") {
            self.scheme = .tel
            let end = rest.firstIndex(of: ASCII.semicolon) ?? rest.endIndex
            user = rest[..<end]
            host = rest[rest.endIndex...]
            port = nil
            parameters = SIPParameters(bytes: rest[end...])
            return
        }
        guard scheme.matches("sip") || scheme.matches("sips") else { throw .scheme }
        self.scheme = scheme.matches("sip") ? .sip : .sips
        if let at = rest.firstIndex(of: ASCII.at) {
            let info = rest[..<at]
            guard !info.isEmpty else { throw .malformed }
            user = info[..<(info.firstIndex(of: ASCII.colon) ?? info.endIndex)]
            rest = rest[(at + 1)...]
        } else {
            user = nil
        }
        let end = rest.firstIndex { $0 == ASCII.semicolon || $0 == ASCII.question } ?? rest.endIndex
        guard let (host, port) = splitHostPort(rest[..<end]) else { throw .malformed }
        self.host = host
        self.port = port
        let question = rest.firstIndex(of: ASCII.question) ?? rest.endIndex
        parameters = SIPParameters(bytes: rest[min(end, question)..<question])
    }

    /// The user as people know it: escapes resolved, parameters of the user part cut off.
    package var userText: String {
        guard let user else { return "" }
        let plain = user[..<(user.firstIndex(of: ASCII.semicolon) ?? user.endIndex)]
        guard plain.contains(ASCII.percent) else { return plain.text }
        var bytes: [UInt8] = []
        var index = plain.startIndex
        while index < plain.endIndex {
            if plain[index] == ASCII.percent, index + 2 < plain.endIndex,
                let high = ASCII.hexValue(plain[index + 1]), let low = ASCII.hexValue(plain[index + 2])
            {
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(plain[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Splits `host`, `host:port`, `[v6]` or `[v6]:port`; nil when it is none of them.
func splitHostPort(_ bytes: Bytes) -> (host: Bytes, port: UInt16?)? {
    var host = bytes
    var rest = bytes[bytes.endIndex...]
    if bytes.first == ASCII.openBracket {
        guard let close = bytes.firstIndex(of: ASCII.closeBracket) else { return nil }
        host = bytes[(bytes.startIndex + 1)..<close]
        rest = bytes[(close + 1)...]
        guard !host.isEmpty,
            host.allSatisfy({ ASCII.hexValue($0) != nil || $0 == ASCII.colon || $0 == UInt8(ascii: ".") })
        else { return nil }
    } else {
        if let colon = bytes.firstIndex(of: ASCII.colon) {
            host = bytes[..<colon].trimmed
            rest = bytes[colon...]
        }
        guard !host.isEmpty,
            host.allSatisfy({
                ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
                    || $0 == UInt8(ascii: "_")
            })
        else { return nil }
    }
    if rest.isEmpty { return (host, nil) }
    guard rest.first == ASCII.colon, let port = rest.dropFirst().trimmed.decimal, (1...65_535).contains(port)
    else { return nil }
    return (host, UInt16(port))
}
