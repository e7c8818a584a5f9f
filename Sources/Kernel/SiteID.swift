/// The name of a site, unique in the cluster and fixed for its life: `north`, `shenzhen-2`.
///
/// It stands in certificates, dots, ticket numbers and log lines, so it is short and plain.
package struct SiteID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name itself.
    package let name: String

    /// Makes an id from a name of 1 to 32 lower-case letters, digits and inner hyphens, starting with a letter.
    ///
    /// Returns nil for any other text.
    package init?(_ name: String) {
        let bytes = Array(name.utf8)
        guard (1...Limits.siteNameBytesMax).contains(bytes.count), let first = bytes.first, let last = bytes.last,
            SiteID.isLetter(first), last != UInt8(ascii: "-"),
            bytes.allSatisfy({ SiteID.isLetter($0) || SiteID.isDigit($0) || $0 == UInt8(ascii: "-") })
        else { return nil }
        self.name = name
    }

    /// Orders sites by name; used wherever a tie needs one answer everywhere.
    package static func < (left: SiteID, right: SiteID) -> Bool {
        left.name < right.name
    }

    /// The name.
    package var description: String { name }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
