/// A day of the Gregorian calendar without a zone.
///
/// The arithmetic is Howard Hinnant's ("chrono-compatible low-level date algorithms", days_from_civil and back).
package struct CalendarDate: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The years that can be named; arithmetic on them cannot overflow.
    package static let years: ClosedRange<Int64> = 1970...9999

    /// The year.
    package let year: Int64
    /// 1 to 12.
    package let month: Int64
    /// 1 to 31.
    package let day: Int64

    /// A day by its count since 1970-01-01.
    package init(daysSinceEpoch days: Int64) {
        let shifted = min(max(days, -200_000), 4_000_000) + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Nil for a day that does not exist, or of a year out of range.
    package init?(year: Int64, month: Int64, day: Int64) {
        guard CalendarDate.years.contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        self.init(daysSinceEpoch: CalendarDate.days(year, month, day))
        guard self.month == month, self.day == day else { return nil }
    }

    /// The count of days since 1970-01-01.
    package var daysSinceEpoch: Int64 { CalendarDate.days(year, month, day) }

    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// Reads `2026-12-25`.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let year = DigitText.number(parts[0], digits: 4),
            let month = DigitText.number(parts[1], digits: 2), let day = DigitText.number(parts[2], digits: 2)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// As `2026-12-25`.
    package var description: String {
        "\(DigitText.padded(year, 4))-\(DigitText.padded(month))-\(DigitText.padded(day))"
    }

    /// Orders by time.
    package static func < (left: CalendarDate, right: CalendarDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}

/// A day of the week, from Monday.
package enum Weekday: Int, Hashable, CaseIterable, Sendable {
    /// The first day of the working week.
    case monday
    /// The second.
    case tuesday
    /// The third.
    case wednesday
    /// The fourth.
    case thursday
    /// The fifth.
    case friday
    /// The sixth.
    case saturday
    /// The seventh.
    case sunday

    /// The weekday of a day counted from 1970-01-01, which was a Thursday.
    package init(daysSinceEpoch days: Int64) {
        let place = Int(((days % 7) + 7 + 3) % 7)
        self = Weekday.allCases[place]
    }

    /// The name in the API: `monday`.
    package var name: String {
        switch self {
        case .monday: "monday"
        case .tuesday: "tuesday"
        case .wednesday: "wednesday"
        case .thursday: "thursday"
        case .friday: "friday"
        case .saturday: "saturday"
        case .sunday: "sunday"
        }
    }
}

/// Numbers of a fixed width, as dates and times of day are written.
enum DigitText {
    /// Reads exactly so many ASCII digits.
    static func number(_ text: some StringProtocol, digits: Int) -> Int64? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int64(text)
    }

    /// Writes a number with zeros in front.
    static func padded(_ number: Int64, _ digits: Int = 2) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
