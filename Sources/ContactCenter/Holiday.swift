package import Kernel

/// A day on which a calendar keeps other hours than its week says: closed, or open for less.
package struct Holiday: Hashable, Comparable, Sendable {
    /// Which day.
    package enum Day: Hashable, Sendable {
        /// One day.
        case once(CalendarDate)
        /// The same day each year; 29 February counts in leap years only.
        case yearly(month: Int64, day: Int64)
    }

    /// Which day.
    package let day: Day
    /// Its name, for people.
    package let name: String
    /// When it is open all the same; none when it is closed.
    package let hours: OpeningHours

    /// Names a holiday.
    package init(day: Day, name: String, hours: OpeningHours = .closed) {
        self.day = day
        self.name = name
        self.hours = hours
    }

    /// The date as the API and files write it: `2026-12-25`, every year `*-12-25`.
    package var date: String {
        switch day {
        case .once(let date): date.description
        case .yearly(let month, let day): "*-\(DigitText.padded(month))-\(DigitText.padded(day))"
        }
    }

    /// Reads such a date; a yearly one is held against a leap year.
    package static func day(_ text: String) -> Day? {
        guard text.hasPrefix("*-") else { return CalendarDate(text).map { .once($0) } }
        guard let date = CalendarDate("2024-\(text.dropFirst(2))") else { return nil }
        return .yearly(month: date.month, day: date.day)
    }

    /// True when it falls on this day.
    package func falls(on date: CalendarDate) -> Bool {
        switch day {
        case .once(let own): own == date
        case .yearly(let month, let day): month == date.month && day == date.day
        }
    }

    /// Orders by date, then name.
    package static func < (left: Holiday, right: Holiday) -> Bool {
        left.stored < right.stored
    }

    /// As a document stores it: date, hours and name between semicolons, the name last because it may hold some.
    var stored: String { "\(date);\(hours.texts.joined(separator: ","));\(name)" }

    /// Reads a stored text; nil when it is none.
    init?(stored text: String) {
        let parts = text.split(separator: ";", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let day = Holiday.day(String(parts[0])) else { return nil }
        self.init(
            day: day,
            name: String(parts[2]),
            hours: OpeningHours(stored: parts[1].split(separator: ",").map(String.init))
        )
    }
}

/// A closing, or an opening, out of turn: it goes before hours and holidays.
package struct EmergencyOverride: Hashable, Sendable {
    /// False closes, true opens.
    package let isOpen: Bool
    /// Why, for people.
    package let reason: String
    /// Until when; nil until somebody ends it.
    package let until: WallTime?

    /// States an override.
    package init(isOpen: Bool, reason: String, until: WallTime? = nil) {
        self.isOpen = isOpen
        self.reason = reason
        self.until = until
    }

    /// True while it decides.
    package func holds(at time: WallTime) -> Bool {
        until.map { time < $0 } ?? true
    }

    /// One value, so that its parts always belong together.
    var stored: Value { .list([.bool(isOpen), .string(reason), until.map { .int($0.milliseconds) } ?? .null]) }

    /// Reads a stored value; nil when it is none.
    init?(stored value: Value?) {
        guard let parts = value?.list, parts.count >= 3, let isOpen = parts[0].bool else { return nil }
        self.isOpen = isOpen
        reason = parts[1].string ?? ""
        until = parts[2].int.map { WallTime(milliseconds: min(max($0, 0), 1 << 52)) }
    }
}
