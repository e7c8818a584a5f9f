import Kernel

/// What becomes of the many ways to write a phone number, so that a caller is found again.
package enum PhoneNumber {
    /// The digits with an optional leading `+`: spaces, dashes, dots, slashes and brackets go, `00` stays.
    ///
    /// Also takes the user part of a `sip:` or `tel:` address; parameters after `;` and a host after `@` go. Returns
    /// nil when anything else is in it, or no digit or too many (E.164 allows 15; extensions may follow).
    package static func normalised(_ text: some StringProtocol) -> String? {
        var rest = Substring(text)
        for scheme in ["sips:", "sip:", "tel:"] where rest.lowercased().hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.count)
            break
        }
        if let end = rest.firstIndex(where: { $0 == "@" || $0 == ";" }) { rest = rest[..<end] }
        var digits: [UInt8] = []
        var isInternational = false
        for scalar in rest.unicodeScalars {
            switch scalar {
            case "0"..."9":
                digits.append(UInt8(scalar.value))
            case "\u{FF10}"..."\u{FF19}":
                digits.append(UInt8(scalar.value - 0xFF10) + 0x30)
            case "+", "\u{FF0B}":
                guard digits.isEmpty, !isInternational else { return nil }
                isInternational = true
            case " ", "\u{A0}", "\u{3000}", "\t", "-", "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", ".", "/", "(",
                ")":
                continue
            default:
                return nil
            }
        }
        guard (1...Limits.phoneDigitsMax).contains(digits.count) else { return nil }
        return (isInternational ? "+" : "") + String(decoding: digits, as: UTF8.self)
    }

    /// Keys under which a number is filed and looked up, most telling first: all digits without `+`, `00` or a
    /// national `0`, then the last 10, then the last 7.
    ///
    /// Two ways to write one number share a key; sharing a shorter key only means "maybe". Numbers of fewer than 7
    /// digits, such as extensions, have the full key only.
    package static func matchKeys(_ text: some StringProtocol) -> [String] {
        guard let number = normalised(text) else { return [] }
        var digits = Substring(number)
        if digits.hasPrefix("+") {
            digits = digits.dropFirst()
        } else if digits.hasPrefix("00") {
            digits = digits.dropFirst(2)
        } else if digits.hasPrefix("0") {
            digits = digits.dropFirst()
        }
        guard !digits.isEmpty else { return [number] }
        var keys = [String(digits)]
        for length in [10, 7] where digits.count > length { keys.append(String(digits.suffix(length))) }
        return keys
    }

    /// The strength of the best key that two numbers share: its length, 0 when they share none.
    package static func likeness(_ left: some StringProtocol, _ right: some StringProtocol) -> Int {
        let keys = Set(matchKeys(left))
        return matchKeys(right).first { keys.contains($0) }?.count ?? 0
    }
}
