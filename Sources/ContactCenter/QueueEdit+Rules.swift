import Kernel

extension QueueChange {
    /// The queue as `RoutingRules` would see it after this change: only what that looks at is brought up to date.
    package func rules(over queue: Queue) -> Queue {
        var queue = queue
        queue.requiredSkills = requiredSkills ?? queue.requiredSkills
        queue.relaxation = relaxation ?? queue.relaxation
        queue.tiers = tiers ?? queue.tiers
        queue.overflow = overflow ?? queue.overflow
        queue.siteCalendars = siteCalendars?.sorted() ?? queue.siteCalendars
        queue.calendar = cleared.contains(QueueField.calendar) ? nil : calendar ?? queue.calendar
        queue.closedAction = cleared.contains(QueueField.closedAction) ? nil : closedAction ?? queue.closedAction
        queue.announcements = cleared.contains(QueueField.announcements) ? nil : announcements ?? queue.announcements
        let interval = announceEverySeconds ?? queue.announceEverySeconds
        queue.announceEverySeconds = cleared.contains(QueueField.announceEverySeconds) ? nil : interval
        queue.recording = cleared.contains(QueueField.recording) ? nil : recording ?? queue.recording
        let notice = recordingNotice ?? queue.recordingNotice
        queue.recordingNotice = cleared.contains(QueueField.recordingNotice) ? nil : notice
        return queue
    }
}

// What callers hear and what is recorded.
extension QueueChange {
    func putLine(_ list: inout ChangeList) throws(EditRejection) {
        if let announcements { list.set(QueueField.announcements, .string(announcements.rawValue)) }
        if let language { list.set(QueueField.language, .string(language.rawValue)) }
        if let musicOnHold { list.set(QueueField.musicOnHold, .bool(musicOnHold)) }
        let bounds = Limits.announceEveryMin...Limits.announceEveryMax
        let field = QueueField.announceEverySeconds
        try list.number(field, announceEverySeconds, in: bounds, name: "announceEverySeconds")
        if let recording {
            guard RecordingPolicy(recording.description) == recording else {
                throw EditRejection(.invalid, field: "recording", "A share is between 1 and 99 percent.")
            }
            list.set(QueueField.recording, .string(recording.description))
        }
        if let recordingNotice { list.set(QueueField.recordingNotice, .bool(recordingNotice)) }
    }
}

// The parts of a queue that are lists: bounded, in order, and stored as one value each.
extension QueueChange {
    func putRules(_ list: inout ChangeList) throws(EditRejection) {
        if let relaxation {
            list.texts(QueueField.relaxation, try QueueChange.checked(relaxation).map(\.description))
        }
        if let tiers {
            list.set(QueueField.tiers, tiers == .standard ? .null : .string(tiers.description))
        }
        if let overflow {
            list.texts(QueueField.overflow, try QueueChange.checked(overflow).map(\.description))
        }
        if let calendar { try list.line(QueueField.calendar, calendar.key, name: "calendar") }
        if let siteCalendars {
            let sites = siteCalendars.map(\.site)
            guard Set(sites).count == sites.count else {
                throw EditRejection(.invalid, field: "siteCalendars", "A site is named twice.")
            }
            guard sites.count <= Limits.sitesMax else {
                throw EditRejection(.tooLarge, field: "siteCalendars", "At most \(Limits.sitesMax) are possible.")
            }
            list.texts(QueueField.siteCalendars, siteCalendars.sorted().map(\.description))
        }
        if let closedAction {
            try QueueChange.check(closedAction, name: "closedAction")
            list.set(QueueField.closedAction, .string(closedAction.description))
        }
    }

    private static func checked(_ steps: [Relaxation]) throws(EditRejection) -> [Relaxation] {
        guard steps.count <= Limits.relaxationsMax else {
            throw EditRejection(.tooLarge, field: "relaxation", "At most \(Limits.relaxationsMax) steps are possible.")
        }
        let sorted = steps.sorted { $0.after < $1.after }
        for (index, step) in sorted.enumerated() {
            guard (1...Limits.ruleSecondsMax).contains(step.seconds) else {
                throw EditRejection(
                    .invalid,
                    field: "relaxation[\(index)].afterSeconds",
                    "\(step.seconds) is not between 1 and \(Limits.ruleSecondsMax)."
                )
            }
            guard step.skills.skills.count <= Limits.skillsMax else {
                throw EditRejection(
                    .tooLarge,
                    field: "relaxation[\(index)].requiredSkills",
                    "At most \(Limits.skillsMax) skills are possible."
                )
            }
        }
        if let (_, second) = zip(sorted, sorted.dropFirst()).first(where: { $0.after == $1.after }) {
            throw EditRejection(.invalid, field: "relaxation", "Two steps begin after \(second.seconds) seconds.")
        }
        return sorted
    }

    private static func checked(_ steps: [OverflowStep]) throws(EditRejection) -> [OverflowStep] {
        guard steps.count <= Limits.overflowStepsMax else {
            throw EditRejection(.tooLarge, field: "overflow", "At most \(Limits.overflowStepsMax) steps are possible.")
        }
        var ended: [OverflowCondition: Int] = [:]
        for (index, step) in steps.enumerated() {
            guard step.condition.isInBounds else {
                throw EditRejection(
                    .invalid,
                    field: "overflow[\(index)]",
                    "Waits go up to \(Limits.ruleSecondsMax) seconds, sizes from 1 to \(Limits.queueWaitingMax)."
                )
            }
            if let other = ended[step.condition] {
                throw EditRejection(
                    .invalid,
                    field: "overflow[\(index)]",
                    "Step \(other + 1) has the same condition, so this one is never taken."
                )
            }
            try check(step.action, name: "overflow[\(index)]")
            if step.action.isFinal { ended[step.condition] = index }
        }
        return steps
    }

    private static func check(_ action: OverflowAction, name: String) throws(EditRejection) {
        guard case .sites(let sites, _) = action else { return }
        guard !sites.isEmpty else {
            throw EditRejection(.missing, field: "\(name).sites", "Name at least one site.")
        }
        guard sites.count <= Limits.sitesMax, Set(sites).count == sites.count else {
            let message = "A site is named twice, or there are more than \(Limits.sitesMax)."
            throw EditRejection(.invalid, field: "\(name).sites", message)
        }
    }
}
