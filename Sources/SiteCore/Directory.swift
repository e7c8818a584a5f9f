import ContactCenter
import Kernel
import Routing

/// Agents, queues and sites as the core needs them, kept current from commits.
struct Directory: Sendable {
    private(set) var agents: [AgentID: Agent] = [:]
    private(set) var queues: [QueueID: QueueDefinition] = [:]
    /// The queues' records, for what routing itself does not look at: overflow, hours, size.
    private(set) var rules: [QueueID: Queue] = [:]
    private(set) var calendars: [CalendarID: Calendar] = [:]
    private(set) var breakReasons: [BreakReasonID: BreakReason] = [:]
    /// The offsets of the calendars' zones, as far as they were read; nil for a zone that there is not.
    private(set) var zones: [String: ZoneTable?] = [:]
    private(set) var siteNames: [SiteID: String] = [:]
    private var queueOfNumber: [String: QueueID] = [:]
    private var agentOfUser: [String: AgentID] = [:]

    /// What a document turned out to be about.
    enum Change: Hashable, Sendable {
        case agent(AgentID, before: Agent?, after: Agent?)
        case queue(QueueID)
        case site(SiteID)
        case calendar(CalendarID)
        case breakReason(BreakReasonID)
    }

    /// Takes a document as it is now; nil when it is of a type that is not kept here.
    mutating func apply(_ document: Document) -> Change? {
        if let id = AgentID(document.id) {
            let before = agents[id]
            let after = Agent(document)
            agents[id] = after
            if let before, agentOfUser[before.sipUser] == id { agentOfUser[before.sipUser] = nil }
            if let after, after.isActive { agentOfUser[after.sipUser] = id }
            return .agent(id, before: before, after: after)
        }
        if let id = QueueID(document.id) {
            for number in queues[id]?.numbers ?? [] where queueOfNumber[number] == id { queueOfNumber[number] = nil }
            rules[id] = Queue(document)
            queues[id] = rules[id].map { QueueDefinition($0) }
            for number in queues[id]?.numbers ?? [] { claim(number, for: id) }
            return .queue(id)
        }
        if let id = CalendarID(document.id) {
            calendars[id] = Calendar(document)
            return .calendar(id)
        }
        if let id = BreakReasonID(document.id) {
            breakReasons[id] = BreakReason(document)
            return .breakReason(id)
        }
        if document.id.type == Schema.site, let site = SiteID(document.id.key) {
            siteNames[site] = document.value(SiteField.name)?.string
            return .site(site)
        }
        return nil
    }

    /// The queue behind a dialled number; a queue's short name can be dialled too.
    func queue(dialled: String) -> QueueDefinition? {
        let number = PhoneNumber.normalised(dialled) ?? dialled
        let id = queueOfNumber[number] ?? QueueID(dialled)
        return queues[id]
    }

    /// Whose phone registers under this name.
    func agent(sipUser: String) -> AgentID? { agentOfUser[sipUser] }

    /// Takes in the offsets of a zone; nil when there is no such zone.
    mutating func learn(zone: String, _ table: ZoneTable?) { zones[zone] = .some(table) }

    /// The calendars' zones of which nothing was read yet.
    var unreadZones: [String] {
        Set(calendars.values.map(\.zone)).filter { zones[$0] == nil }.sorted()
    }

    /// Whether a queue takes contacts that arrive at a site now; nil when it is open.
    ///
    /// Open, too, when the calendar's zone is not known: nobody is turned away for want of a table.
    func closing(of queue: QueueID, at site: SiteID, _ now: WallTime) -> CalendarState? {
        guard let id = rules[queue]?.calendar(at: site), let calendar = calendars[id],
            let zone = zones[calendar.zone] ?? nil
        else { return nil }
        let state = calendar.state(at: now, zone: zone)
        return state == .open ? nil : state
    }

    /// The reasons for a break that an agent can give, in their order.
    var breaks: [BreakReason] {
        BreakReason.all(recorded: breakReasons.values.sorted { $0.id < $1.id }).filter(\.isActive)
    }

    /// Two queues may claim one number, at two sites at once even; the lower key has it, at every site.
    private mutating func claim(_ number: String, for id: QueueID) {
        if let holder = queueOfNumber[number], holder < id { return }
        queueOfNumber[number] = id
    }
}
