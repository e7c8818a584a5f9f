/// Bounds of the rules of routing: queues, calendars, break reasons.
extension Limits {
    /// Overflow steps of one queue: they are tried one by one whenever the queue's contacts are looked at.
    package static let overflowStepsMax = 16
    /// Waits that rules may name, in seconds: a day; a longer wait is no queue.
    package static let ruleSecondsMax: Int64 = 86_400
    /// Contacts that may wait in one queue: beyond, the figures of every wall would be of no help to anybody.
    package static let queueWaitingMax: Int64 = 10_000
    /// Times a day that a calendar opens: a morning, an afternoon, an evening, and room.
    package static let intervalsPerDayMax = 8
    /// Holidays of one calendar: some years of them, entered ahead.
    package static let holidaysMax = 400
    /// How far ahead the next opening or closing is looked for, in days: past the longest closed season and a leap day.
    package static let calendarLookAheadDays = 400
    /// Changes of a zone's offset in one table: two a year for a century.
    package static let zoneTransitionsMax = 256
    /// Break reasons, those no longer in use included: an agent must find one at a glance.
    package static let breakReasonsMax = 40
    /// The longest break that can be set, in minutes: a day.
    package static let breakMinutesMax: Int64 = 1_440
    /// How often callers are told their place at most, in seconds: more often there would be more speech than music.
    package static let announceEveryMin: Int64 = 15
    /// And at least, where they are told at all: ten minutes of music alone sound like a dead line.
    package static let announceEveryMax: Int64 = 600
    /// What a check of the rules tells of at most: nobody mends more in one go.
    package static let routingFindingsMax = 200
}
