package import ContactCenter
package import Kernel

/// A calendar, with how it stands now.
package struct CalendarResource: Codable, Hashable, Sendable {
    /// A day that keeps other hours.
    package struct Day: Codable, Hashable, Sendable {
        /// `2026-12-25`, or `*-12-25` for every year.
        package var date: String
        /// Its name.
        package var name: String
        /// When it is open all the same.
        package var hours: [String]
    }

    /// What goes before hours and holidays.
    package struct Emergency: Codable, Hashable, Sendable {
        /// False closes, true opens.
        package var open: Bool
        /// Why.
        package var reason: String
        /// Until when; null until somebody ends it.
        @Nullable package var until: Timestamp?
    }

    /// The short name.
    package var id: String
    /// The display name.
    package var name: String
    /// The IANA time zone.
    package var zone: String
    /// The hours of each weekday, `monday` to `sunday`, as `08:00-12:00`.
    package var hours: [String: [String]]
    /// Holidays, by date.
    package var holidays: [Day]
    /// What goes before all else.
    @Nullable package var emergency: Emergency?
    /// `open`, `afterHours`, `holiday`, `emergency`; null where this site does not know the zone.
    @Nullable package var state: String?
    /// The holiday's name or the emergency's reason.
    @Nullable package var stateReason: String?
    /// When it opens or closes next; null when that is more than a year away.
    @Nullable package var changesAt: Timestamp?
    /// Who wrote it last.
    @Nullable package var changed: LastWriteResource?
    /// The causal version, the ETag without its quotes.
    package var version: String

    /// A calendar as it is stored, at a moment.
    package init(_ calendar: Calendar, zone: ZoneTable?, at now: WallTime) {
        id = calendar.id.key
        name = calendar.name
        self.zone = calendar.zone
        let days = Weekday.allCases.map { ($0.name, calendar.hours(of: $0).texts) }
        hours = Dictionary(days) { first, _ in first }
        holidays = calendar.holidays.map { Day(date: $0.date, name: $0.name, hours: $0.hours.texts) }
        emergency = calendar.emergency.map {
            Emergency(open: $0.isOpen, reason: $0.reason, until: $0.until.map(Timestamp.init))
        }
        changed = calendar.lastWrite.map(LastWriteResource.init)
        version = calendar.version
        state = nil
        stateReason = nil
        changesAt = nil
        guard let zone else { return }
        changesAt = calendar.nextChange(after: now, zone: zone).map(Timestamp.init)
        switch calendar.state(at: now, zone: zone) {
        case .open: state = "open"
        case .afterHours: state = "afterHours"
        case .holiday(let name):
            state = "holiday"
            stateReason = name
        case .emergency(let reason):
            state = "emergency"
            stateReason = reason
        }
    }
}

/// A break reason.
package struct BreakReasonResource: Codable, Hashable, Sendable {
    /// The key.
    package var id: String
    /// The name in English.
    package var name: String
    /// The name in simplified Chinese.
    @Nullable package var nameHans: String?
    /// The name in traditional Chinese.
    @Nullable package var nameHant: String?
    /// Whether it counts as work.
    package var paid: Bool
    /// How long it should last at most.
    @Nullable package var longestMinutes: Int64?
    /// Whether it is offered.
    package var active: Bool
    /// Its place in the list.
    package var order: Int64
    /// Who wrote it last; null for one that is as it came.
    @Nullable package var changed: LastWriteResource?
    /// The causal version; null for one that is as it came.
    @Nullable package var version: String?

    /// A reason as it is stored.
    package init(_ reason: BreakReason) {
        id = reason.id.key
        name = reason.name
        nameHans = reason.nameHans
        nameHant = reason.nameHant
        paid = reason.isPaid
        longestMinutes = reason.longestMinutes
        active = reason.isActive
        order = reason.order
        changed = reason.lastWrite.map(LastWriteResource.init)
        version = reason.version.nilIfEmpty
    }
}

/// Something that does not fit together in the rules.
package struct RoutingFindingResource: Codable, Hashable, Sendable {
    /// What kind of trouble.
    package var code: String
    /// `error` or `warning`.
    package var severity: String
    /// The record whose field should change.
    package var subject: DocumentResource
    /// The field.
    package var field: String
    /// The sentence in English.
    package var message: String
    /// What stands for the names in a page's sentence.
    package var names: [String: String]

    /// As the check found it.
    init(_ finding: RoutingFinding) {
        code = finding.code.rawValue
        severity = finding.code.isError ? "error" : "warning"
        subject = DocumentResource(type: DocumentTypeName.text(finding.subject.type), key: finding.subject.key)
        field = finding.field
        message = finding.message
        names = finding.names
    }
}
