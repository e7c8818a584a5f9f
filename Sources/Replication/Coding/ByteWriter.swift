package import Kernel

/// Appends numbers, text and values to bytes: variable-length numbers (LEB128), lengths before contents.
package struct ByteWriter {
    /// What was written.
    package private(set) var bytes: [UInt8] = []

    /// Starts empty, with room for `capacity` bytes.
    package init(capacity: Int = 512) {
        bytes.reserveCapacity(capacity)
    }

    /// One byte.
    package mutating func byte(_ value: UInt8) { bytes.append(value) }

    /// A variable-length number.
    package mutating func number(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// A count; never negative.
    package mutating func number(_ value: Int) { number(UInt64(value)) }

    /// Small magnitudes of either sign stay short (zigzag).
    package mutating func signed(_ value: Int64) {
        number(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    /// Eight bytes, little-endian.
    package mutating func fixed(_ value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// A text with its length before it.
    package mutating func text(_ value: String) {
        number(value.utf8.count)
        bytes.append(contentsOf: value.utf8)
    }

    /// Bytes with their length before them.
    package mutating func block(_ value: [UInt8]) {
        number(value.count)
        bytes.append(contentsOf: value)
    }

    /// Bytes as they are.
    package mutating func raw(_ value: [UInt8]) { bytes.append(contentsOf: value) }

    /// What `body` writes, with its length before it.
    package mutating func framed(_ body: (inout ByteWriter) -> Void) {
        let place = bytes.count
        bytes.append(0)
        body(&self)
        let length = bytes.count - place - 1
        if length < 0x80 {
            bytes[place] = UInt8(length)
        } else {
            var front = ByteWriter(capacity: 8)
            front.number(length)
            bytes.replaceSubrange(place...place, with: front.bytes)
        }
    }

    /// A value.
    package mutating func value(_ value: Value) {
        switch value {
        case .null: byte(0)
        case .bool(let truth): byte(truth ? 2 : 1)
        case .int(let number):
            byte(3)
            signed(number)
        case .double(let number):
            byte(4)
            fixed(number.bitPattern)
        case .string(let string):
            byte(5)
            text(string)
        case .bytes(let content):
            byte(6)
            block(content)
        case .list(let items):
            byte(7)
            number(items.count)
            for item in items { self.value(item) }
        }
    }
}
