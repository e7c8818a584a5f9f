package import Kernel

/// A queue as it shall be; nil leaves a field as it is.
package struct QueueChange: Hashable, Sendable {
    /// The name that people see.
    package var name: String?
    /// All dialled numbers that lead here.
    package var numbers: [String]?
    /// All skills that an agent must have.
    package var requiredSkills: SkillSet?
    /// All steps by which the demands relax.
    package var relaxation: [Relaxation]?
    /// Which agents' tiers may serve.
    package var tiers: TierTable?
    /// An answer within this time counts for the service level; 1…3600.
    package var serviceLevelSeconds: Int64?
    /// The share that shall be answered in time, in percent; 1…100.
    package var serviceLevelPercent: Int64?
    /// Who gives up sooner does not count as abandoned; 0…120.
    package var shortAbandonSeconds: Int64?
    /// How long an agent's phone rings; 5…120.
    package var ringSeconds: Int64?
    /// Time for paperwork; 0…3600.
    package var wrapUpSeconds: Int64?
    /// How to choose among free agents.
    package var strategy: RoutingStrategy?
    /// Head start of the queue's contacts; 0…10.
    package var priority: Int64?
    /// How long a caller waits for the agent of the latest ticket; 0…600.
    package var affinitySeconds: Int64?
    /// What a contact of a text channel takes of an agent's capacity, in percent; 1…100.
    package var costs: [Channel: Int64] = [:]
    /// How many contacts may wait; 1…10000.
    package var maxWaiting: Int64?
    /// All overflow steps, in order.
    package var overflow: [OverflowStep]?
    /// When it is open.
    package var calendar: CalendarID?
    /// All calendars of single sites.
    package var siteCalendars: [SiteCalendar]?
    /// What becomes of contacts that arrive while it is closed.
    package var closedAction: OverflowAction?
    /// When its callers hear announcements and music.
    package var announcements: AnnouncementMode?
    /// In which language.
    package var language: SpokenLanguage?
    /// Whether a customer on hold hears music.
    package var musicOnHold: Bool?
    /// How often place and wait are told; 15…600.
    package var announceEverySeconds: Int64?
    /// Which calls are recorded; a share is 1…99.
    package var recording: RecordingPolicy?
    /// Whether callers are told that they are recorded.
    package var recordingNotice: Bool?
    /// Registers that go back to their default.
    package var cleared: Set<FieldID> = []

    /// Makes a change of nothing.
    package init() {}

    /// The edit that creates or changes the queue.
    package func put(_ id: QueueID, over document: Document? = nil) throws(EditRejection) -> DocumentEdit {
        try StaffEdit.checkKey(id.key, name: "id")
        var list = ChangeList(document: document)
        try list.line(QueueField.name, name, name: "name")
        try list.line(QueueField.strategy, strategy?.rawValue, name: "strategy")
        try putNumbers(&list)
        if let numbers {
            let all = try QueueChange.dialled(numbers)
            try list.members(QueueField.numbers, all, max: Limits.queueNumbersMax, name: "numbers")
        }
        if let requiredSkills {
            try list.members(
                QueueField.requiredSkills,
                requiredSkills.skills.map(\.description),
                max: Limits.skillsMax,
                name: "requiredSkills"
            )
        }
        try putRules(&list)
        try putLine(&list)
        for field in cleared.sorted() { list.set(field, .null) }
        return StaffEdit.put(id.documentID, list)
    }

    private func putNumbers(_ list: inout ChangeList) throws(EditRejection) {
        let target = serviceLevelSeconds
        try list.number(QueueField.serviceLevelSeconds, target, in: 1...3_600, name: "serviceLevelSeconds")
        try list.number(QueueField.serviceLevelPercent, serviceLevelPercent, in: 1...100, name: "serviceLevelPercent")
        try list.number(QueueField.shortAbandonSeconds, shortAbandonSeconds, in: 0...120, name: "shortAbandonSeconds")
        try list.number(QueueField.ringSeconds, ringSeconds, in: 5...120, name: "ringSeconds")
        try list.number(QueueField.wrapUpSeconds, wrapUpSeconds, in: 0...3_600, name: "wrapUpSeconds")
        try list.number(QueueField.priority, priority, in: 0...10, name: "priority")
        try list.number(QueueField.affinitySeconds, affinitySeconds, in: 0...600, name: "affinitySeconds")
        try list.number(QueueField.maxWaiting, maxWaiting, in: 1...Limits.queueWaitingMax, name: "maxWaiting")
        let full = Int64(Channel.fullCapacity)
        for (channel, field) in Queue.costFields {
            try list.number(field, costs[channel], in: 1...full, name: "\(channel.rawValue)Cost")
        }
    }

    private static func dialled(_ numbers: [String]) throws(EditRejection) -> [String] {
        var normalised: [String] = []
        for text in numbers {
            guard let number = PhoneNumber.normalised(text) else {
                let message = "\(CustomerPatch.quoted(text)) is not a number to dial."
                throw EditRejection(.invalid, field: "numbers", message)
            }
            normalised.append(number)
        }
        return normalised
    }
}
