import ContactCenter
import Kernel

/// The fields of a queue in a request.
enum QueueFields {
    static func change(_ fields: inout BodyFields, isNew: Bool) -> QueueChange {
        var change = QueueChange()
        let name = fields.line("name")
        if isNew || name.isCleared { _ = fields.require("name", name) }
        change.name = name.value
        change.numbers = fields.list("numbers").itemsOrEmpty
        change.requiredSkills = fields.list("requiredSkills", SkillFields.check).itemsOrEmpty.map(SkillFields.set)
        numbers(&fields, &change)
        change.strategy = take(fields.choice("strategy", RoutingStrategy.self), QueueField.strategy, &change)
        rules(&fields, &change)
        opening(&fields, &change)
        line(&fields, &change)
        return change
    }

    private static func numbers(_ fields: inout BodyFields, _ change: inout QueueChange) {
        func number(_ name: String, _ range: ClosedRange<Int64>, _ field: FieldID) -> Int64? {
            take(fields.integer(name, in: range), field, &change)
        }
        let full = Int64(Channel.fullCapacity)
        change.serviceLevelSeconds = number("serviceLevelSeconds", 1...3_600, QueueField.serviceLevelSeconds)
        change.serviceLevelPercent = number("serviceLevelPercent", 1...100, QueueField.serviceLevelPercent)
        change.shortAbandonSeconds = number("shortAbandonSeconds", 0...120, QueueField.shortAbandonSeconds)
        change.ringSeconds = number("ringSeconds", 5...120, QueueField.ringSeconds)
        change.wrapUpSeconds = number("wrapUpSeconds", 0...3_600, QueueField.wrapUpSeconds)
        change.priority = number("priority", 0...10, QueueField.priority)
        change.affinitySeconds = number("affinitySeconds", 0...600, QueueField.affinitySeconds)
        change.maxWaiting = number("maxWaiting", 1...Limits.queueWaitingMax, QueueField.maxWaiting)
        for (channel, field) in Queue.costFields {
            change.costs[channel] = number("\(channel.rawValue)Cost", 1...full, field)
        }
    }

    private static func rules(_ fields: inout BodyFields, _ change: inout QueueChange) {
        switch fields.objects("relaxation", max: Limits.relaxationsMax, relaxation) {
        case .absent: break
        case .cleared: change.relaxation = []
        case .value(let steps): change.relaxation = steps
        }
        switch fields.line("tiers") {
        case .absent: break
        case .cleared: change.tiers = .standard
        case .value(let text):
            change.tiers = TierTable(text)
            if change.tiers == nil {
                fields.fail("tiers", "must be such as critical/gold=senior normal/*=consultant..intermediate")
            }
        }
        switch fields.objects("overflow", max: Limits.overflowStepsMax, OverflowFields.step) {
        case .absent: break
        case .cleared: change.overflow = []
        case .value(let steps): change.overflow = steps
        }
    }

    private static func opening(_ fields: inout BodyFields, _ change: inout QueueChange) {
        let calendar = fields.line("calendar", max: Limits.documentKeyBytesMax)
        change.calendar = take(calendar, QueueField.calendar, &change).map { CalendarID($0) }
        let own = fields.objects("siteCalendars", max: Limits.sitesMax) { fields -> SiteCalendar? in
            let site = fields.require("site", fields.line("site", max: Limits.siteNameBytesMax))
            let calendar = fields.require("calendar", fields.line("calendar", max: Limits.documentKeyBytesMax))
            guard let site, let calendar else { return nil }
            guard let site = SiteID(site) else {
                fields.fail("site", "is not the name of a site")
                return nil
            }
            return SiteCalendar(site: site, calendar: CalendarID(calendar))
        }
        switch own {
        case .absent: break
        case .cleared: change.siteCalendars = []
        case .value(let calendars): change.siteCalendars = calendars
        }
        let action = fields.object("closedAction", OverflowFields.action)
        change.closedAction = take(action, QueueField.closedAction, &change)
    }

    /// What callers hear and what is recorded.
    private static func line(_ fields: inout BodyFields, _ change: inout QueueChange) {
        let announcements = fields.choice("announcements", AnnouncementMode.self)
        change.announcements = take(announcements, QueueField.announcements, &change)
        change.language = take(fields.choice("language", SpokenLanguage.self), QueueField.language, &change)
        change.musicOnHold = take(fields.bool("musicOnHold"), QueueField.musicOnHold, &change)
        let interval = fields.integer("announceEverySeconds", in: Limits.announceEveryMin...Limits.announceEveryMax)
        change.announceEverySeconds = take(interval, QueueField.announceEverySeconds, &change)
        change.recordingNotice = take(fields.bool("recordingNotice"), QueueField.recordingNotice, &change)
        guard let text = take(fields.line("recording"), QueueField.recording, &change) else { return }
        change.recording = RecordingPolicy(text)
        if change.recording == nil { fields.fail("recording", "must be off, always, or share:20 for 20 of 100 calls") }
    }

    /// A register's new value; `null` puts it back to its default.
    private static func take<T>(_ patch: Patch<T>, _ field: FieldID, _ change: inout QueueChange) -> T? {
        if patch.isCleared { change.cleared.insert(field) }
        return patch.value
    }

    private static func relaxation(_ fields: inout BodyFields) -> Relaxation? {
        let seconds = fields.require("afterSeconds", fields.integer("afterSeconds", in: 1...Limits.ruleSecondsMax))
        let skills = fields.list("requiredSkills", SkillFields.check).itemsOrEmpty.map(SkillFields.set) ?? .none
        let tiers = fields.line("tiers")
        guard let seconds else { return nil }
        guard let text = tiers.value else { return Relaxation(after: .seconds(seconds), skills: skills) }
        let step = Relaxation("\(seconds) - \(text)")
        if step == nil { fields.fail("tiers", "must be such as senior, or consultant..senior") }
        return step.map { Relaxation(after: $0.after, skills: skills, tiers: $0.tiers) }
    }
}
