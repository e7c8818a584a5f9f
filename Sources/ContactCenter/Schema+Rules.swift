import Kernel

// It came at level 2, some at level 3: an older site relays it, and nobody writes it while such a site is a member.
extension Schema {
    static let queueRuleFields: [FieldID: DocumentSchema.Field] = [
        QueueField.relaxation: .init("relaxation", .register, since: 2),
        QueueField.tiers: .init("tiers", .register, since: 2),
        QueueField.serviceLevelPercent: .init("serviceLevelPercent", .register, since: 2),
        QueueField.shortAbandonSeconds: .init("shortAbandonSeconds", .register, since: 2),
        QueueField.chatCost: .init("chatCost", .register, since: 2),
        QueueField.emailCost: .init("emailCost", .register, since: 2),
        QueueField.portalCost: .init("portalCost", .register, since: 2),
        QueueField.maxWaiting: .init("maxWaiting", .register, since: 2),
        QueueField.overflow: .init("overflow", .register, since: 2),
        QueueField.calendar: .init("calendar", .register, since: 2),
        QueueField.siteCalendars: .init("siteCalendars", .register, since: 2),
        QueueField.closedAction: .init("closedAction", .register, since: 2),
    ]

    static let queueLineFields: [FieldID: DocumentSchema.Field] = [
        QueueField.announcements: .init("announcements", .register, since: 3),
        QueueField.language: .init("language", .register, since: 3),
        QueueField.musicOnHold: .init("musicOnHold", .register, since: 3),
        QueueField.announceEverySeconds: .init("announceEverySeconds", .register, since: 3),
        QueueField.recording: .init("recording", .register, since: 3),
        QueueField.recordingNotice: .init("recordingNotice", .register, since: 3),
    ]

    static let calendarFields: [FieldID: DocumentSchema.Field] = {
        var fields: [FieldID: DocumentSchema.Field] = [
            CalendarField.name: .init("name", .register, since: 2),
            CalendarField.zone: .init("zone", .register, since: 2),
            CalendarField.holidays: .init("holidays", .set, since: 2),
            CalendarField.emergency: .init("emergency", .register, since: 2),
        ]
        for weekday in Weekday.allCases {
            fields[CalendarField.hours(of: weekday)] = .init("hours.\(weekday.name)", .register, since: 2)
        }
        return fields
    }()

    static let breakReasonFields: [FieldID: DocumentSchema.Field] = [
        BreakReasonField.name: .init("name", .register, since: 2),
        BreakReasonField.nameHans: .init("nameHans", .register, since: 2),
        BreakReasonField.nameHant: .init("nameHant", .register, since: 2),
        BreakReasonField.paid: .init("paid", .register, since: 2),
        BreakReasonField.longestMinutes: .init("longestMinutes", .register, since: 2),
        BreakReasonField.active: .init("active", .register, since: 2),
        BreakReasonField.order: .init("order", .register, since: 2),
    ]
}
