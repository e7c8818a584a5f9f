package import Kernel

/// A calendar as it shall be; nil leaves a field as it is.
package struct CalendarChange: Hashable, Sendable {
    /// The name that people see.
    package var name: String?
    /// The IANA name of the zone; whether there is such a zone is for the asker to find out.
    package var zone: String?
    /// The hours of the weekdays that are named, as texts such as `08:00-12:00`.
    package var hours: [Weekday: [String]] = [:]
    /// All holidays.
    package var holidays: [HolidayDraft]?
    /// An opening or closing out of turn; `.some(nil)` ends it.
    package var emergency: EmergencyOverride??

    /// A holiday as a person entered it.
    package struct HolidayDraft: Hashable, Sendable {
        /// `2026-12-25` or `*-12-25`.
        package var date: String
        /// Its name.
        package var name: String
        /// When it is open all the same.
        package var hours: [String]

        /// Names a holiday.
        package init(date: String, name: String, hours: [String] = []) {
            self.date = date
            self.name = name
            self.hours = hours
        }
    }

    /// Makes a change of nothing.
    package init() {}

    /// The edit that creates or changes the calendar.
    package func put(_ id: CalendarID, over document: Document? = nil) throws(EditRejection) -> DocumentEdit {
        try StaffEdit.checkKey(id.key, name: "id")
        var list = ChangeList(document: document)
        try list.line(CalendarField.name, name, name: "name")
        try list.line(CalendarField.zone, zone, name: "zone")
        for weekday in Weekday.allCases {
            guard let texts = hours[weekday] else { continue }
            let checked = try OpeningHours.checked(texts, name: "hours.\(weekday.name)")
            list.texts(CalendarField.hours(of: weekday), checked.texts)
        }
        if let holidays {
            try list.members(
                CalendarField.holidays,
                try CalendarChange.checked(holidays).map(\.stored),
                max: Limits.holidaysMax,
                name: "holidays"
            )
        }
        if let emergency {
            if let reason = emergency?.reason {
                _ = try ChangeList.checked(reason, name: "emergency.reason", bytesMax: Limits.recordLineBytesMax)
            }
            list.set(CalendarField.emergency, emergency?.stored ?? .null)
        }
        return StaffEdit.put(id.documentID, list)
    }

    private static func checked(_ drafts: [HolidayDraft]) throws(EditRejection) -> [Holiday] {
        guard drafts.count <= Limits.holidaysMax else {
            throw EditRejection(.tooLarge, field: "holidays", "At most \(Limits.holidaysMax) holidays are possible.")
        }
        var seen: [String: Int] = [:]
        var holidays: [Holiday] = []
        for (index, draft) in drafts.enumerated() {
            let field = "holidays[\(index)]"
            guard let day = Holiday.day(ChangeList.trimmed(draft.date)) else {
                throw EditRejection(
                    .invalid,
                    field: "\(field).date",
                    "\(CustomerPatch.quoted(draft.date)) is no day; write 2026-12-25, or *-12-25 for every year."
                )
            }
            let name = try ChangeList.checked(
                draft.name,
                name: "\(field).name",
                bytesMax: Limits.recordLineBytesMax
            )
            let holiday = Holiday(
                day: day,
                name: name,
                hours: try OpeningHours.checked(draft.hours, name: "\(field).hours")
            )
            if let other = seen.updateValue(index, forKey: holiday.date) {
                throw EditRejection(
                    .invalid,
                    field: "\(field).date",
                    "\(holiday.date) is named twice, see holiday \(other + 1)."
                )
            }
            holidays.append(holiday)
        }
        return holidays
    }
}

extension ChangeList {
    /// Writes a list of texts as one value; an empty list clears.
    mutating func texts(_ field: FieldID, _ texts: [String]) {
        set(field, texts.isEmpty ? .null : .list(texts.map { .string($0) }))
    }
}
