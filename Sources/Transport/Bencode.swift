import Kernel

/// A value in bencoding, the form of messages between the node and its media relays and mixer (BEP 3).
package indirect enum Bencode: Hashable, Sendable {
    /// A whole number.
    case integer(Int64)
    /// A string of bytes.
    case bytes([UInt8])
    /// Values in order.
    case list([Bencode])
    /// Values by name.
    case dictionary([String: Bencode])

    /// A text as bytes.
    package static func text(_ text: String) -> Bencode { .bytes(Array(text.utf8)) }

    /// Texts as a list.
    package static func texts(_ texts: [String]) -> Bencode { .list(texts.map { .text($0) }) }

    /// The value of this name, if this is a dictionary that has it.
    package subscript(name: String) -> Bencode? {
        guard case .dictionary(let values) = self else { return nil }
        return values[name]
    }

    /// The bytes, if this is a string.
    package var asBytes: [UInt8]? {
        guard case .bytes(let bytes) = self else { return nil }
        return bytes
    }

    /// The text, if this is a string; bytes that are no UTF-8 are replaced.
    package var asText: String? { asBytes.map { String(decoding: $0, as: UTF8.self) } }

    /// The number, if this is one.
    package var asInteger: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    /// Its bytes; names are written in order, as the form demands.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .integer(let number): bytes += Array("i\(number)e".utf8)
        case .bytes(let string):
            bytes += Array("\(string.count):".utf8)
            bytes += string
        case .list(let values):
            bytes.append(UInt8(ascii: "l"))
            for value in values { value.write(to: &bytes) }
            bytes.append(UInt8(ascii: "e"))
        case .dictionary(let values):
            bytes.append(UInt8(ascii: "d"))
            for (name, value) in values.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                Bencode.text(name).write(to: &bytes)
                value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "e"))
        }
    }

    /// Reads one value that takes up all the bytes; nil when they are anything else, or too deep or too many.
    package static func decode(_ bytes: ArraySlice<UInt8>) -> Bencode? {
        guard bytes.count <= Limits.relayMessageBytesMax else { return nil }
        var reader = BencodeReader(rest: bytes)
        guard let value = reader.value(depth: 0), reader.rest.isEmpty else { return nil }
        return value
    }
}

/// Reads bencoded values one after the other.
private struct BencodeReader {
    var rest: ArraySlice<UInt8>
    private var values = 0

    init(rest: ArraySlice<UInt8>) {
        self.rest = rest
    }

    mutating func value(depth: Int) -> Bencode? {
        values += 1
        guard depth <= Limits.bencodeDepthMax, values <= Limits.bencodeValuesMax, let first = rest.first else {
            return nil
        }
        switch first {
        case UInt8(ascii: "i"):
            rest = rest.dropFirst()
            return number(until: UInt8(ascii: "e")).map { .integer($0) }
        case UInt8(ascii: "l"):
            rest = rest.dropFirst()
            return list(depth: depth)
        case UInt8(ascii: "d"):
            rest = rest.dropFirst()
            return dictionary(depth: depth)
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            return string().map { .bytes($0) }
        default: return nil
        }
    }

    private mutating func list(depth: Int) -> Bencode? {
        var values: [Bencode] = []
        while !takeEnd() {
            guard let value = value(depth: depth + 1) else { return nil }
            values.append(value)
        }
        return .list(values)
    }

    private mutating func dictionary(depth: Int) -> Bencode? {
        var values: [String: Bencode] = [:]
        while !takeEnd() {
            guard let name = string(), let value = value(depth: depth + 1) else { return nil }
            values[String(decoding: name, as: UTF8.self)] = value
        }
        return .dictionary(values)
    }

    private mutating func takeEnd() -> Bool {
        guard rest.first == UInt8(ascii: "e") else { return false }
        rest = rest.dropFirst()
        return true
    }

    private mutating func string() -> [UInt8]? {
        guard let count = number(until: UInt8(ascii: ":")), count >= 0, count <= Int64(rest.count) else { return nil }
        defer { rest = rest.dropFirst(Int(count)) }
        return Array(rest.prefix(Int(count)))
    }

    /// A number and the byte that ends it; 20 places hold every 64-bit number.
    private mutating func number(until end: UInt8) -> Int64? {
        guard let index = rest.prefix(21).firstIndex(of: end) else { return nil }
        let digits = rest[rest.startIndex..<index]
        guard let number = Int64(String(decoding: digits, as: UTF8.self)), digits.first != UInt8(ascii: "+") else {
            return nil
        }
        rest = rest[(index + 1)...]
        return number
    }
}
