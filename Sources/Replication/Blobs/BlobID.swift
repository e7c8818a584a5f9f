/// The name of a blob: the SHA-256 of its content, so that whoever has the name can tell whether the content is right.
package struct BlobID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// 64 hexadecimal digits in lower case: safe in a path and in a URL.
    package let hex: String

    /// Takes a name; nil when it is anything but 64 hexadecimal digits in lower case.
    package init?(_ hex: String) {
        guard hex.utf8.count == 64, hex.utf8.allSatisfy({ BlobID.digit($0) != nil }) else { return nil }
        self.hex = hex
    }

    /// Names the content that was hashed.
    package init(_ hash: ContentHash) {
        hex = hash.hex
    }

    /// Names a content.
    package init(of content: [UInt8]) {
        var hash = ContentHash()
        hash.update(content)
        hex = hash.hex
    }

    /// The name from its 32 bytes; nil when there are more or fewer.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        let digits = Array("0123456789abcdef".utf8)
        hex = String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The 32 bytes of the hash.
    package var bytes: [UInt8] {
        let digits = hex.utf8.map { BlobID.digit($0) ?? 0 }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// The name.
    package var description: String { hex }

    /// Orders by name.
    package static func < (left: BlobID, right: BlobID) -> Bool { left.hex < right.hex }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
