package import Kernel

/// What queues gained at level 2 of the schema.
extension QueueField {
    /// Register, list of text: `Relaxation.description`, by time.
    package static let relaxation = FieldID(10)
    /// Register, text: `TierTable.description`.
    package static let tiers = FieldID(11)
    /// Register, whole number: the share of contacts that shall be answered in time, in percent.
    package static let serviceLevelPercent = FieldID(12)
    /// Register, whole number, seconds: who gives up sooner does not count as abandoned.
    package static let shortAbandonSeconds = FieldID(13)
    /// Register, whole number: what a chat takes of an agent's capacity, in percent.
    package static let chatCost = FieldID(14)
    /// Register, whole number: what an e-mail takes.
    package static let emailCost = FieldID(15)
    /// Register, whole number: what a ticket from the portal takes.
    package static let portalCost = FieldID(16)
    /// Register, whole number: how many contacts may wait.
    package static let maxWaiting = FieldID(17)
    /// Register, list of text: `OverflowStep.description`, in the order in which they are tried.
    package static let overflow = FieldID(18)
    /// Register, text: the key of the calendar.
    package static let calendar = FieldID(19)
    /// Register, list of text: `SiteCalendar.description`.
    package static let siteCalendars = FieldID(20)
    /// Register, text: `OverflowAction.description`, for contacts that arrive while it is closed.
    package static let closedAction = FieldID(21)
}

/// What queues gained at level 3 of the schema: what their callers hear, and what is recorded.
extension QueueField {
    /// Register, text: `AnnouncementMode.rawValue`.
    package static let announcements = FieldID(22)
    /// Register, text: `SpokenLanguage.rawValue`.
    package static let language = FieldID(23)
    /// Register, truth value: whether a customer on hold hears music.
    package static let musicOnHold = FieldID(24)
    /// Register, whole number, seconds: how often place and wait are told.
    package static let announceEverySeconds = FieldID(25)
    /// Register, text: `RecordingPolicy.description`.
    package static let recording = FieldID(26)
    /// Register, truth value: whether callers are told that they are recorded.
    package static let recordingNotice = FieldID(27)
}

/// The fields of a calendar (type 10), since level 2.
package enum CalendarField {
    /// Register, text: the name that people see.
    package static let name = FieldID(1)
    /// Register, text: the IANA time zone.
    package static let zone = FieldID(2)
    /// Set of text: `Holiday.stored`.
    package static let holidays = FieldID(10)
    /// Register, list: `EmergencyOverride.stored`.
    package static let emergency = FieldID(11)

    /// Register, list of text: the hours of one weekday, Monday in field 3 to Sunday in field 9.
    package static func hours(of weekday: Weekday) -> FieldID {
        FieldID(UInt16(3 + weekday.rawValue))
    }
}

/// The fields of a break reason (type 11), since level 2.
package enum BreakReasonField {
    /// Register, text: the name in English.
    package static let name = FieldID(1)
    /// Register, text: the name in simplified Chinese.
    package static let nameHans = FieldID(2)
    /// Register, text: the name in traditional Chinese.
    package static let nameHant = FieldID(3)
    /// Register, truth value: whether it counts as work.
    package static let paid = FieldID(4)
    /// Register, whole number, minutes: how long it should last at most.
    package static let longestMinutes = FieldID(5)
    /// Register, truth value: false once it is no longer offered.
    package static let active = FieldID(6)
    /// Register, whole number: its place in the list.
    package static let order = FieldID(7)
}
