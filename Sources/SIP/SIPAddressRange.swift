/// A numeric address or a prefix of addresses.
package struct SIPAddressRange: Hashable, Sendable {
    /// The text that it was read from.
    package let text: String
    /// The address's bytes, 4 or 16.
    let bytes: [UInt8]
    /// How many leading bits count.
    let bits: Int

    /// Reads `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`; nil for anything else.
    ///
    /// An IPv4 address written into IPv6 (`::ffff:192.0.2.7`) is the same as the plain one.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let written = SIPAddressRange.written(String(first)) else { return nil }
        let plain = SIPAddressRange.unmapped(written)
        self.text = text
        guard parts.count == 2 else {
            bytes = plain
            bits = plain.count * 8
            return
        }
        let digits = parts[1]
        guard !digits.isEmpty, digits.utf8.count <= 3, digits.utf8.allSatisfy({ ASCII.isDigit($0) }),
            let number = Int(digits), number <= written.count * 8
        else { return nil }
        // A prefix that ends before the IPv4 part is one of IPv6.
        let isMapped = plain.count < written.count && number >= 96
        bytes = isMapped ? plain : written
        bits = isMapped ? number - 96 : number
    }

    /// Whether a numeric address lies in it.
    package func contains(_ host: String) -> Bool {
        guard let other = SIPAddressRange.address(host) else { return false }
        return contains(other)
    }

    /// Whether the bytes of an address lie in it.
    func contains(_ other: [UInt8]) -> Bool {
        guard other.count == bytes.count else { return false }
        for index in bytes.indices {
            let left = bits - index * 8
            if left <= 0 { return true }
            let mask: UInt8 = left >= 8 ? 0xFF : ~(0xFF >> UInt8(left))
            if bytes[index] & mask != other[index] & mask { return false }
        }
        return true
    }

    /// The bytes of a numeric address: 4 for IPv4, also within IPv6, else 16; nil for anything else.
    static func address(_ host: String) -> [UInt8]? {
        written(host).map(unmapped)
    }

    private static func unmapped(_ bytes: [UInt8]) -> [UInt8] {
        let isMapped = bytes.count == 16 && bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 255 && bytes[11] == 255
        return isMapped ? Array(bytes[12...]) : bytes
    }

    private static func written(_ host: String) -> [UInt8]? {
        host.utf8.contains(ASCII.colon) ? v6(host) : v4(host)
    }

    private static func v4(_ host: some StringProtocol) -> [UInt8]? {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            // No leading zeros: other readers would take them for octal.
            guard part.utf8.allSatisfy({ ASCII.isDigit($0) }), part.utf8.count == 1 || part.utf8.first != 0x30,
                let number = UInt8(part)
            else { return nil }
            bytes.append(number)
        }
        return bytes
    }

    private static func v6(_ host: String) -> [UInt8]? {
        // At most one `::`, which stands for one group of zeros or more.
        let halves = cutAtGap(Array(host.utf8))
        guard let head = groups(halves.head, mayEndInV4: halves.tail == nil) else { return nil }
        guard let tailText = halves.tail else { return head.count == 16 ? head : nil }
        guard let tail = groups(tailText, mayEndInV4: true), head.count + tail.count <= 14 else { return nil }
        return head + Array(repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func cutAtGap(_ bytes: [UInt8]) -> (head: [UInt8], tail: [UInt8]?) {
        for index in bytes.indices.dropLast() where bytes[index] == ASCII.colon && bytes[index + 1] == ASCII.colon {
            return (Array(bytes[..<index]), Array(bytes[(index + 2)...]))
        }
        return (bytes, nil)
    }

    /// The bytes of groups between colons; a dotted IPv4 address may be the last.
    private static func groups(_ text: [UInt8], mayEndInV4: Bool) -> [UInt8]? {
        if text.isEmpty { return [] }
        var bytes: [UInt8] = []
        let words = text.split(separator: ASCII.colon, omittingEmptySubsequences: false)
        for (index, word) in words.enumerated() {
            if mayEndInV4, index == words.count - 1, word.contains(UInt8(ascii: ".")) {
                guard let last = v4(String(decoding: word, as: UTF8.self)) else { return nil }
                bytes += last
                continue
            }
            guard (1...4).contains(word.count), word.allSatisfy({ ASCII.hexValue($0) != nil }) else { return nil }
            let number = word.reduce(UInt16(0)) { $0 << 4 | UInt16(ASCII.hexValue($1) ?? 0) }
            bytes += [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)]
        }
        return bytes.count <= 16 ? bytes : nil
    }
}
