import Kernel
import TestKit
import Testing
import Transport

@Suite("Bencoding")
struct BencodeTests {
    private static func value(_ random: inout SeededRandom, depth: Int) -> Bencode {
        switch random.next() % (depth > 3 ? 2 : 4) {
        case 0: .integer(Int64(bitPattern: random.next()))
        case 1: .bytes((0..<(random.next() % 20)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        case 2: .list((0..<(random.next() % 5)).map { _ in value(&random, depth: depth + 1) })
        default:
            .dictionary(
                Dictionary(
                    (0..<(random.next() % 5)).map { ("key\($0)", value(&random, depth: depth + 1)) },
                    uniquingKeysWith: { first, _ in first }
                )
            )
        }
    }

    @Test("What is written reads back, and no part of it does", arguments: Seeds.first(100))
    func truncation(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let value = Self.value(&random, depth: 0)
        let bytes = value.encoded
        #expect(Bencode.decode(bytes[...]) == value)
        for count in bytes.indices { #expect(Bencode.decode(bytes.prefix(count)) == nil) }
    }

    @Test("Changed bytes never break the reader", arguments: Seeds.first(100))
    func mutation(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var bytes = Self.value(&random, depth: 0).encoded
        for _ in 0..<200 {
            bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            if let read = Bencode.decode(bytes[...]) { #expect(Bencode.decode(read.encoded[...]) == read) }
        }
    }

    @Test("Names are in the order that the form demands")
    func order() {
        let value = Bencode.dictionary(["sdp": .text("x"), "call-id": .integer(-3), "a": .list([])])
        #expect(String(decoding: value.encoded, as: UTF8.self) == "d1:ale7:call-idi-3e3:sdp1:xe")
    }

    @Test(
        "What is no bencoding, too deep or too many is refused",
        arguments: [
            "", "x", "i", "ie", "i1", "i+1e", "i99999999999999999999e", "-1:", "99999999999:a", "3:ab", "l", "d3:ab",
            "di1e1:ae", "i1ei2e", "d1:ae", String(repeating: "l", count: 5_000),
            "l" + String(repeating: "le", count: 5_000) + "e",
        ]
    )
    func refused(text: String) {
        #expect(Bencode.decode(Array(text.utf8)[...]) == nil)
    }
}
