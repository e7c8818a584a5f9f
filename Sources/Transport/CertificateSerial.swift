/// A certificate's serial number: what its authority calls it, and what a list of revoked certificates names.
///
/// Written as hexadecimal digits, lower case, without leading zeros.
package struct CertificateSerial: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The digits.
    package let description: String

    /// No number of any certificate.
    static let none = CertificateSerial(digits: "0")

    /// Reads `0A:1B:2C`, `0a1b2c` or `0x0A1B2C`; nil for anything else, and beyond 20 bytes (RFC 5280 §4.1.2.2).
    package init?(_ text: String) {
        var digits = Substring(text.lowercased())
        if digits.hasPrefix("0x") { digits = digits.dropFirst(2) }
        guard digits.first != ":", digits.last != ":", digits.utf8.count <= 64 else { return nil }
        let kept = digits.filter { $0 != ":" }
        guard !kept.isEmpty, kept.utf8.allSatisfy(CertificateSerial.isDigit) else { return nil }
        let number = kept.drop { $0 == "0" }
        guard number.utf8.count <= 40 else { return nil }
        description = number.isEmpty ? "0" : String(number)
    }

    private init(digits: String) {
        description = digits
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// Orders by number.
    package static func < (left: CertificateSerial, right: CertificateSerial) -> Bool {
        let (one, other) = (left.description, right.description)
        return one.utf8.count == other.utf8.count ? one < other : one.utf8.count < other.utf8.count
    }
}
