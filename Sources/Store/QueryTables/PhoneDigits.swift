import Kernel

/// The digits of phone numbers, cut for search while somebody types.
enum PhoneDigits {
    /// The digits of a number.
    static func of(_ number: String) -> String {
        number.filter { $0.isASCII && $0.isNumber }
    }

    /// The number's digits, whole and without their first ones, down to `Limits.searchPhoneTailMin`.
    ///
    /// With each as a word, prefix search finds `89 1234` in `+49 89 1234567`; the last few digits are found by
    /// the column of reversed numbers instead.
    static func tails(_ number: String) -> [String] {
        let digits = of(number)
        guard digits.count > Limits.searchPhoneTailMin else { return digits.isEmpty ? [] : [digits] }
        return (Limits.searchPhoneTailMin...digits.count).map { String(digits.suffix($0)) }
    }

    /// What somebody typed, without the zeros that stand for "national" or "international".
    static func typed(_ digits: String) -> String {
        let rest = digits.drop { $0 == "0" }
        return rest.count < 3 ? digits : String(rest)
    }
}
