package import Kernel

/// A queue, read from its document; nil means unset, so that the defaults of routing hold.
package struct Queue: Hashable, Sendable {
    /// Which one; the key is the short name.
    package let id: QueueID
    /// The name that people see.
    package var name: String
    /// Dialled numbers that lead here, normalised, sorted.
    package var numbers: [String]
    /// Skills that an agent must have.
    package var requiredSkills: SkillSet
    /// From when on other skills are asked for, by time.
    package var relaxation: [Relaxation]
    /// Which agents' tiers may serve, by severity and customer tier.
    package var tiers: TierTable
    /// An answer within this time counts for the service level, in seconds.
    package var serviceLevelSeconds: Int64?
    /// The share of contacts that shall be answered in time, in percent.
    package var serviceLevelPercent: Int64?
    /// Who gives up sooner does not count as abandoned, in seconds.
    package var shortAbandonSeconds: Int64?
    /// How long an agent's phone rings.
    package var ringSeconds: Int64?
    /// Time for paperwork after a contact.
    package var wrapUpSeconds: Int64?
    /// How to choose among free agents.
    package var strategy: RoutingStrategy
    /// Head start of the queue's contacts, 0…10.
    package var priority: Int
    /// How long a caller waits for the agent of the latest ticket.
    package var affinitySeconds: Int64?
    /// What a contact of a text channel takes of an agent's capacity, in percent, where the queue says so.
    package var costs: [Channel: Int]
    /// How many contacts may wait.
    package var maxWaiting: Int64?
    /// What is done when contacts cannot be served as usual, in the order in which it is tried.
    package var overflow: [OverflowStep]
    /// When it is open; nil for always.
    package var calendar: CalendarID?
    /// Other calendars for contacts that arrive at some sites, by site.
    package var siteCalendars: [SiteCalendar]
    /// What becomes of contacts that arrive while it is closed; nil for an announcement and the end.
    package var closedAction: OverflowAction?
    /// When its callers hear announcements and music.
    package var announcements: AnnouncementMode?
    /// In which language.
    package var language: SpokenLanguage?
    /// Whether a customer on hold hears music.
    package var musicOnHold: Bool?
    /// How often place and wait are told, in seconds.
    package var announceEverySeconds: Int64?
    /// Which calls are recorded.
    package var recording: RecordingPolicy?
    /// Whether callers are told that they are recorded.
    package var recordingNotice: Bool?
    /// The causal version.
    package let version: String
    /// Who wrote it last; nil when nobody has.
    package let lastWrite: LastWrite?

    /// The text channels whose cost a queue can set, with the field of each.
    package static let costFields: [(channel: Channel, field: FieldID)] = [
        (.chat, QueueField.chatCost), (.email, QueueField.emailCost), (.portal, QueueField.portalCost),
    ]

    /// A queue of which nothing is stated.
    package init(id: QueueID) {
        self.init(Document(id: id.documentID), id: id)
    }

    /// Reads a document; nil when it is of another type or deleted.
    package init?(_ document: Document) {
        guard let id = QueueID(document.id), !document.isDeleted else { return nil }
        self.init(document, id: id)
    }

    private init(_ document: Document, id: QueueID) {
        self.id = id
        name = document.optionalText(QueueField.name) ?? id.key
        numbers = document.texts(QueueField.numbers)
        requiredSkills = document.skills(QueueField.requiredSkills)
        relaxation = document.list(QueueField.relaxation).prefix(Limits.relaxationsMax)
            .compactMap { Relaxation($0) }.sorted { $0.after < $1.after }
        tiers = TierTable(document.text(QueueField.tiers)) ?? .standard
        serviceLevelSeconds = document.seconds(QueueField.serviceLevelSeconds)
        serviceLevelPercent = document.number(QueueField.serviceLevelPercent).map { min(max($0, 1), 100) }
        shortAbandonSeconds = document.seconds(QueueField.shortAbandonSeconds)
        ringSeconds = document.seconds(QueueField.ringSeconds)
        wrapUpSeconds = document.seconds(QueueField.wrapUpSeconds)
        strategy = RoutingStrategy(rawValue: document.text(QueueField.strategy)) ?? .leastHandlingTime
        priority = Int(min(max(document.number(QueueField.priority) ?? 0, 0), 10))
        affinitySeconds = document.seconds(QueueField.affinitySeconds)
        costs = Queue.costFields.reduce(into: [:]) { costs, one in
            let full = Int64(Channel.fullCapacity)
            costs[one.channel] = document.number(one.field).map { Int(min(max($0, 1), full)) }
        }
        maxWaiting = document.number(QueueField.maxWaiting).map { min(max($0, 1), Limits.queueWaitingMax) }
        overflow = document.list(QueueField.overflow).prefix(Limits.overflowStepsMax).compactMap { OverflowStep($0) }
        calendar = document.optionalText(QueueField.calendar).map { CalendarID($0) }
        siteCalendars = document.list(QueueField.siteCalendars).prefix(Limits.sitesMax)
            .compactMap { SiteCalendar($0) }.sorted()
        closedAction = OverflowAction(document.text(QueueField.closedAction))
        announcements = AnnouncementMode(rawValue: document.text(QueueField.announcements))
        language = SpokenLanguage(rawValue: document.text(QueueField.language))
        musicOnHold = document.value(QueueField.musicOnHold)?.bool
        announceEverySeconds = document.number(QueueField.announceEverySeconds)
            .map { min(max($0, Limits.announceEveryMin), Limits.announceEveryMax) }
        recording = RecordingPolicy(document.text(QueueField.recording))
        recordingNotice = document.value(QueueField.recordingNotice)?.bool
        version = document.versionTag
        lastWrite = LastWrite(document)
    }

    /// The calendar that holds for a contact that arrived at a site; nil when it is always open there.
    package func calendar(at site: SiteID?) -> CalendarID? {
        siteCalendars.first { $0.site == site }?.calendar ?? calendar
    }

    /// The queues that it can lead to, by overflow or while closed.
    package var overflowQueues: [QueueID] {
        Set((overflow.map(\.action) + [closedAction].compactMap { $0 }).compactMap(\.queue)).sorted()
    }
}
