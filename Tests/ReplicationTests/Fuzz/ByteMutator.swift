import Kernel

/// Spoils bytes as bad memory, bad wires and bad people do.
struct ByteMutator {
    var random: SeededRandom

    /// Numbers at which readers go wrong: ends of ranges, as protobuf and fixed fields write them.
    private static let nasty: [[UInt8]] = [
        [0], [1], [0x7F], [0x80], [0xFF],
        [0xFF, 0xFF, 0xFF, 0xFF],
        [0x7F, 0xFF, 0xFF, 0xFF],
        [0x80, 0, 0, 0],
        [0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
        [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
    ]

    /// One to four changes; `other` is what parts are taken from.
    mutating func spoil(_ bytes: [UInt8], with other: [UInt8]) -> [UInt8] {
        var result = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) { change(&result, other) }
        return result
    }

    private mutating func change(_ bytes: inout [UInt8], _ other: [UInt8]) {
        guard !bytes.isEmpty else {
            bytes = part(of: other)
            return
        }
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
        // A number that lies, in place of what stood there, or before it.
        case 2: bytes.replaceSubrange(range(at: place, in: bytes, most: 10), with: lie())
        case 3: bytes.insert(contentsOf: lie(), at: place)
        case 4: bytes.removeSubrange(place...)
        case 5: bytes.removeSubrange(range(at: place, in: bytes, most: 40))
        // Fields twice, or many times.
        case 6:
            let again = Array(bytes[range(at: place, in: bytes, most: 60)])
            for _ in 0..<Int.random(in: 1...20, using: &random) { bytes.insert(contentsOf: again, at: place) }
        // The beginning of one and the end of another.
        case 7: bytes = Array(bytes[..<place]) + part(of: other)
        case 8: bytes.insert(contentsOf: part(of: other), at: place)
        default:
            let from = Int.random(in: 0..<bytes.count, using: &random)
            bytes.swapAt(place, from)
        }
    }

    private mutating func lie() -> [UInt8] {
        Self.nasty[Int.random(in: 0..<Self.nasty.count, using: &random)]
    }

    private mutating func part(of other: [UInt8]) -> [UInt8] {
        guard !other.isEmpty else { return [0] }
        let start = Int.random(in: 0..<other.count, using: &random)
        return Array(other[range(at: start, in: other, most: 200)])
    }

    private mutating func range(at place: Int, in bytes: [UInt8], most: Int) -> Range<Int> {
        place..<min(bytes.count, place + Int.random(in: 1...most, using: &random))
    }
}
