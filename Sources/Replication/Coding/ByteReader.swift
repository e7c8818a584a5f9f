package import Kernel

/// Reads what `ByteWriter` wrote; throws on anything else, never traps.
package struct ByteReader {
    /// The bytes are not what was written: the disk changed them.
    package struct Damaged: Error {
        /// Says that bytes make no sense.
        package init() {
        }
    }

    private let bytes: [UInt8]
    private var place = 0

    /// Starts at the first byte.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// True when every byte was read.
    package var isAtEnd: Bool { place == bytes.count }

    /// How many bytes were read.
    package var position: Int { place }

    /// Where a block of `length` bytes that begins here ends.
    package func end(ofBlockOf length: Int) throws(Damaged) -> Int {
        guard length <= bytes.count - place else { throw Damaged() }
        return place + length
    }

    /// Passes over bytes up to a position that `end(ofBlockOf:)` gave; never goes back.
    package mutating func skip(to position: Int) {
        place = max(place, min(position, bytes.count))
    }

    /// One byte.
    package mutating func byte() throws(Damaged) -> UInt8 {
        guard place < bytes.count else { throw Damaged() }
        defer { place += 1 }
        return bytes[place]
    }

    /// A variable-length number.
    package mutating func number() throws(Damaged) -> UInt64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            guard shift < 63 || (shift == 63 && next <= 1) else { throw Damaged() }
            result |= UInt64(next & 0x7F) << shift
            if next & 0x80 == 0 { return result }
            shift += 7
        }
    }

    /// A number that counts things of at least one byte each: never more than there are bytes left.
    package mutating func count() throws(Damaged) -> Int {
        let value = try number()
        guard value <= UInt64(bytes.count - place) else { throw Damaged() }
        return Int(value)
    }

    /// A signed number, zigzag.
    package mutating func signed() throws(Damaged) -> Int64 {
        let value = try number()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// Eight bytes, little-endian.
    package mutating func fixed() throws(Damaged) -> UInt64 {
        guard bytes.count - place >= 8 else { throw Damaged() }
        defer { place += 8 }
        return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: UInt64.self) }.littleEndian
    }

    /// A text with its length before it.
    package mutating func text() throws(Damaged) -> String {
        let length = try count()
        defer { place += length }
        return String(decoding: bytes[place..<place + length], as: UTF8.self)
    }

    /// A text of so many bytes.
    package mutating func text(ofLength length: UInt64) throws(Damaged) -> String {
        guard length <= UInt64(bytes.count - place) else { throw Damaged() }
        defer { place += Int(length) }
        return String(decoding: bytes[place..<place + Int(length)], as: UTF8.self)
    }

    /// Bytes with their length before them.
    package mutating func block() throws(Damaged) -> [UInt8] {
        let length = try count()
        defer { place += length }
        return Array(bytes[place..<place + length])
    }

    /// A value; lists nest within the bound.
    package mutating func value(depth: Int = 0) throws(Damaged) -> Value {
        switch try byte() {
        case 0: return .null
        case 1: return .bool(false)
        case 2: return .bool(true)
        case 3: return .int(try signed())
        case 4:
            // Nobody writes what is not a number; it would not even equal itself.
            let number = Double(bitPattern: try fixed())
            guard number.isFinite else { throw Damaged() }
            return .double(number)
        case 5: return .string(try text())
        case 6: return .bytes(try block())
        case 7:
            guard depth < Limits.valueDepthMax else { throw Damaged() }
            var items: [Value] = []
            for _ in 0..<(try count()) { items.append(try value(depth: depth + 1)) }
            return .list(items)
        default: throw Damaged()
        }
    }
}
