package import Kernel

/// Holds queues, calendars and agents against each other: what cannot work, and what will disappoint.
///
/// Changes of different records at different sites may each be right and together wrong, so the whole is looked at
/// again at any time; nothing that stands is ever refused, only a change that makes it worse.
package struct RoutingRules: Sendable {
    private let queues: [Queue]
    private let calendars: [Calendar]
    private let sites: Set<SiteID>
    private let staff: StaffedSkills

    /// Takes the records as they stand; agents who have left do not count.
    package init(queues: [Queue], calendars: [Calendar], agents: [Agent], sites: [SiteID]) {
        self.queues = queues.sorted { $0.id < $1.id }
        self.calendars = calendars.sorted { $0.id < $1.id }
        self.sites = Set(sites)
        staff = StaffedSkills(agents.filter(\.isActive).sorted { $0.id < $1.id })
    }

    /// All findings, errors first, by record; at most `Limits.routingFindingsMax`.
    package func check() -> [RoutingFinding] {
        let found = references() + OverflowRings(queues).findings + hours() + lines() + queues.flatMap(staff.findings)
        let errors = found.filter(\.code.isError)
        let warnings = found.filter { !$0.code.isError }
        return Array((errors + warnings).prefix(Limits.routingFindingsMax))
    }

    /// The errors that a record has a part in: they refuse the change that made it so.
    package func errors(of id: DocumentID) -> [RoutingFinding] {
        let found = references() + OverflowRings(queues).findings + hours()
        return found.filter { $0.code.isError && $0.concerns(id) }
    }

    /// The warnings about one record.
    package func warnings(of id: DocumentID) -> [RoutingFinding] {
        let found = references() + hours() + lines() + queues.filter { $0.id.documentID == id }.flatMap(staff.findings)
        return found.filter { !$0.code.isError && $0.concerns(id) }
    }

    private func lines() -> [RoutingFinding] { queues.flatMap { LineFindings(queue: $0).findings } }

    /// What queues name and nobody has.
    private func references() -> [RoutingFinding] {
        let known = Set(queues.map(\.id))
        let calendars = Set(calendars.map(\.id))
        var found: [RoutingFinding] = []
        for queue in queues {
            let about = FindingWriter(queue)
            for (index, step) in queue.overflow.enumerated() {
                found += missing(step.action, "overflow[\(index)]", known: known, about)
            }
            if let action = queue.closedAction { found += missing(action, "closedAction", known: known, about) }
            if let id = queue.calendar, !calendars.contains(id) { found.append(about.noCalendar(id, "calendar")) }
            for (index, own) in queue.siteCalendars.enumerated() {
                let field = "siteCalendars[\(index)]"
                if !calendars.contains(own.calendar) {
                    found.append(about.noCalendar(own.calendar, "\(field).calendar"))
                }
                if !sites.contains(own.site) { found.append(about.noSite(own.site, "\(field).site")) }
            }
            let isAlwaysOpen = queue.calendar == nil && queue.siteCalendars.isEmpty
            let hasClosing = queue.closedAction != nil || queue.overflow.contains { $0.condition == .closed }
            if isAlwaysOpen, hasClosing {
                let message = "The queue \(queue.id) says what to do while it is closed, but has no calendar."
                found.append(about.finding(.closingWithoutCalendar, "calendar", message))
            }
        }
        return found
    }

    private func missing(
        _ action: OverflowAction,
        _ field: String,
        known: Set<QueueID>,
        _ about: FindingWriter
    ) -> [RoutingFinding] {
        switch action {
        case .queue(let id) where !known.contains(id): [about.noQueue(id, "\(field).queue")]
        case .sites(let named, _): named.filter { !sites.contains($0) }.map { about.noSite($0, "\(field).sites") }
        default: []
        }
    }

    private func hours() -> [RoutingFinding] {
        var found: [RoutingFinding] = []
        for calendar in calendars {
            let about = FindingWriter(calendar)
            for day in Weekday.allCases {
                guard let (first, second) = calendar.hours(of: day).overlap else { continue }
                found.append(
                    about.finding(
                        .overlappingHours,
                        "hours.\(day.name)",
                        "In the calendar \(calendar.id), \(first) and \(second) overlap on \(day.name).",
                        ["day": day.name, "first": first.description, "second": second.description]
                    )
                )
            }
            if calendar.isNeverOpen {
                let message = "The calendar \(calendar.id) has no opening hours, so it is always closed."
                found.append(about.finding(.neverOpen, "hours", message))
            }
        }
        return found
    }
}

/// Writes findings about one record.
struct FindingWriter {
    private let subject: DocumentID
    private let kind: String

    init(_ queue: Queue) {
        subject = queue.id.documentID
        kind = "queue"
    }

    init(_ calendar: Calendar) {
        subject = calendar.id.documentID
        kind = "calendar"
    }

    func finding(
        _ code: RoutingFinding.Code,
        _ field: String,
        _ message: String,
        _ names: [String: String] = [:]
    ) -> RoutingFinding {
        let names = names.merging([kind: subject.key]) { own, _ in own }
        return RoutingFinding(code: code, subject: subject, field: field, names: names, message: message)
    }

    func noQueue(_ id: QueueID, _ field: String) -> RoutingFinding {
        finding(.unknownQueue, field, "There is no queue \(id).", ["other": id.key])
    }

    func noSite(_ site: SiteID, _ field: String) -> RoutingFinding {
        finding(.unknownSite, field, "There is no site \(site).", ["site": site.name])
    }

    func noCalendar(_ id: CalendarID, _ field: String) -> RoutingFinding {
        finding(.unknownCalendar, field, "There is no calendar \(id).", ["calendar": id.key])
    }
}
