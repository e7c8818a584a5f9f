/// A number that people say aloud, such as `NORTH-1042-7`, unique without asking another site.
///
/// The site's name keeps sites apart, its counter keeps numbers apart, and a check digit catches a wrong digit
/// and most swapped neighbours (ISO/IEC 7812-1, Luhn). Letters count as the digits of 10 to 35, as they do in
/// securities numbers (ISO 6166); hyphens in the site's name do not count.
package struct HumanNumber: Hashable, Sendable {
    /// The site's name in upper case.
    package let prefix: String
    /// The site's count.
    package let counter: UInt64

    /// The `counter`-th number of a site.
    package init(site: SiteID, counter: UInt64) {
        prefix = site.name.uppercased()
        self.counter = counter
    }

    /// Reads a number as people type it: case does not matter, and the check digit must be right.
    package init?(text: some StringProtocol) {
        let parts = text.uppercased().split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, let counter = UInt64(parts[parts.count - 2]), let digit = parts.last,
            parts[parts.count - 2] == String(counter),
            let site = SiteID(parts.dropLast(2).joined(separator: "-").lowercased())
        else { return nil }
        self.init(site: site, counter: counter)
        guard digit == String(checkDigit) else { return nil }
    }

    /// The digit after the second hyphen.
    package var checkDigit: Int {
        var digits: [Int] = []
        for byte in (prefix + String(counter)).utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits.append(Int(byte - UInt8(ascii: "0")))
            case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                let number = Int(byte - UInt8(ascii: "A")) + 10
                digits += [number / 10, number % 10]
            default:
                continue
            }
        }
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
            let doubled = place.isMultiple(of: 2) ? digit * 2 : digit
            sum += doubled > 9 ? doubled - 9 : doubled
        }
        return (10 - sum % 10) % 10
    }

    /// The number as people read it.
    package var text: String { "\(prefix)-\(counter)-\(checkDigit)" }
}
