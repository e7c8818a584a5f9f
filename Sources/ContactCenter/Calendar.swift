package import Kernel

/// Names a calendar; the key is its short name.
package struct CalendarID: DocumentKey {
    /// Calendars are documents of type 10.
    package static var type: DocumentType { Schema.calendar }
    /// The short name.
    package let key: String

    /// Wraps a short name.
    package init(_ key: String) { self.key = key }
}

/// When a queue, or a site of a queue, is open: weekly hours in a zone, holidays, and an override for emergencies.
package struct Calendar: Hashable, Sendable {
    /// Which one.
    package let id: CalendarID
    /// The name that people see.
    package var name: String
    /// The IANA name of the zone in which its hours are meant.
    package var zone: String
    /// The hours of each weekday, from Monday; seven of them.
    package private(set) var week: [OpeningHours]
    /// Days that keep other hours, sorted.
    package var holidays: [Holiday]
    /// What goes before all else; nil as a rule.
    package var emergency: EmergencyOverride?
    /// The causal version.
    package let version: String
    /// Who wrote it last; nil when nobody has.
    package let lastWrite: LastWrite?

    /// Makes a calendar that is closed on the days that it is not told about.
    package init(
        id: CalendarID,
        name: String? = nil,
        zone: String = "UTC",
        week: [Weekday: OpeningHours] = [:],
        holidays: [Holiday] = [],
        emergency: EmergencyOverride? = nil
    ) {
        self.id = id
        self.name = name ?? id.key
        self.zone = zone
        self.week = Weekday.allCases.map { week[$0] ?? .closed }
        self.holidays = holidays.sorted()
        self.emergency = emergency
        version = ""
        lastWrite = nil
    }

    /// Reads a document; nil when it is of another type or deleted.
    package init?(_ document: Document) {
        guard let id = CalendarID(document.id), !document.isDeleted else { return nil }
        self.id = id
        name = document.optionalText(CalendarField.name) ?? id.key
        zone = document.optionalText(CalendarField.zone) ?? "UTC"
        week = Weekday.allCases.map { OpeningHours(stored: document.list(CalendarField.hours(of: $0))) }
        holidays = document.texts(CalendarField.holidays).compactMap { Holiday(stored: $0) }.sorted()
        emergency = EmergencyOverride(stored: document.value(CalendarField.emergency))
        version = document.versionTag
        lastWrite = LastWrite(document)
    }

    /// The hours of a weekday.
    package func hours(of weekday: Weekday) -> OpeningHours { week[weekday.rawValue] }

    /// Sets the hours of a weekday.
    mutating func setHours(_ hours: OpeningHours, of weekday: Weekday) { week[weekday.rawValue] = hours }

    /// True when no day of the week ever opens.
    package var isNeverOpen: Bool {
        week.allSatisfy { $0.minutes == 0 } && holidays.allSatisfy { $0.hours.minutes == 0 }
    }
}

extension Document {
    /// The texts of a register that holds a list; empty when it is unset.
    func list(_ field: FieldID) -> [String] { value(field)?.list?.compactMap(\.string) ?? [] }
}
