package import ContactCenter
import Kernel

/// A queue.
package struct QueueResource: Codable, Hashable, Sendable {
    /// The short name.
    package var id: String
    /// The display name.
    package var name: String
    /// Dialled numbers that lead here, sorted.
    package var numbers: [String]
    /// Skills needed, as `skill:level`, sorted.
    package var requiredSkills: [String]
    /// From when on other skills are asked for, by time.
    package var relaxation: [RelaxationResource]
    /// Which agents' tiers may serve, as `TierTable` writes it; null for the rule of the house.
    @Nullable package var tiers: String?
    /// An answer within this time counts for the service level.
    @Nullable package var serviceLevelSeconds: Int64?
    /// The share that shall be answered in time, in percent.
    @Nullable package var serviceLevelPercent: Int64?
    /// Who gives up sooner does not count as abandoned.
    @Nullable package var shortAbandonSeconds: Int64?
    /// How long a phone rings before the caller goes on.
    @Nullable package var ringSeconds: Int64?
    /// Time for paperwork after a contact.
    @Nullable package var wrapUpSeconds: Int64?
    /// How an agent is chosen.
    package var strategy: String
    /// Added to the class of its contacts.
    package var priority: Int
    /// How long a caller waits for the agent of the latest ticket.
    @Nullable package var affinitySeconds: Int64?
    /// What a chat takes of an agent's capacity, in percent.
    @Nullable package var chatCost: Int64?
    /// What an e-mail takes.
    @Nullable package var emailCost: Int64?
    /// What a ticket from the portal takes.
    @Nullable package var portalCost: Int64?
    /// How many contacts may wait.
    @Nullable package var maxWaiting: Int64?
    /// What is done when contacts cannot be served as usual, in order.
    package var overflow: [OverflowResource]
    /// The calendar; null for always open.
    @Nullable package var calendar: String?
    /// Other calendars at some sites.
    package var siteCalendars: [SiteCalendarResource]
    /// What becomes of contacts that arrive while it is closed; null for an announcement and the end.
    @Nullable package var closedAction: OverflowActionResource?
    /// When callers hear announcements and music: `off`, `early` or `answered`; null for the rule of the house.
    @Nullable package var announcements: String?
    /// The language of the announcements: `en`, `zh-hans` or `zh-hant`.
    @Nullable package var language: String?
    /// Whether a customer on hold hears music.
    @Nullable package var musicOnHold: Bool?
    /// How often place and wait are told.
    @Nullable package var announceEverySeconds: Int64?
    /// Which calls are recorded: `off`, `always` or `share:20`, which is 20 of 100.
    @Nullable package var recording: String?
    /// Whether callers are told that they are recorded.
    @Nullable package var recordingNotice: Bool?
    /// Who wrote it last.
    @Nullable package var changed: LastWriteResource?
    /// The causal version, the ETag without its quotes.
    package var version: String

    /// A queue as it is stored.
    package init(_ queue: Queue) {
        id = queue.id.key
        name = queue.name
        numbers = queue.numbers
        requiredSkills = queue.requiredSkills.skills.map(\.description)
        relaxation = queue.relaxation.map(RelaxationResource.init)
        tiers = queue.tiers.description.nilIfEmpty
        serviceLevelSeconds = queue.serviceLevelSeconds
        serviceLevelPercent = queue.serviceLevelPercent
        shortAbandonSeconds = queue.shortAbandonSeconds
        ringSeconds = queue.ringSeconds
        wrapUpSeconds = queue.wrapUpSeconds
        strategy = queue.strategy.rawValue
        priority = queue.priority
        affinitySeconds = queue.affinitySeconds
        chatCost = queue.costs[.chat].map { Int64($0) }
        emailCost = queue.costs[.email].map { Int64($0) }
        portalCost = queue.costs[.portal].map { Int64($0) }
        maxWaiting = queue.maxWaiting
        overflow = queue.overflow.map(OverflowResource.init)
        calendar = queue.calendar?.key
        siteCalendars = queue.siteCalendars.map { .init(site: $0.site.name, calendar: $0.calendar.key) }
        closedAction = queue.closedAction.map(OverflowActionResource.init)
        announcements = queue.announcements?.rawValue
        language = queue.language?.rawValue
        musicOnHold = queue.musicOnHold
        announceEverySeconds = queue.announceEverySeconds
        recording = queue.recording?.description
        recordingNotice = queue.recordingNotice
        changed = queue.lastWrite.map(LastWriteResource.init)
        version = queue.version
    }
}

/// From a wait on, other demands.
package struct RelaxationResource: Codable, Hashable, Sendable {
    /// The wait.
    package var afterSeconds: Int64
    /// What is asked for from then on, as `skill:level`.
    package var requiredSkills: [String]
    /// The tiers that may serve from then on, `consultant..senior`; null where they stay.
    @Nullable package var tiers: String?

    /// A step as it is stored.
    init(_ step: Relaxation) {
        afterSeconds = step.seconds
        requiredSkills = step.skills.skills.map(\.description)
        tiers = step.tiers.map {
            $0.lowerBound == $0.upperBound ? $0.lowerBound.name : "\($0.lowerBound.name)..\($0.upperBound.name)"
        }
    }
}

/// The calendar of a queue at one site.
package struct SiteCalendarResource: Codable, Hashable, Sendable {
    /// The site.
    package var site: String
    /// The calendar.
    package var calendar: String
}

/// Who wrote a record last.
package struct LastWriteResource: Codable, Hashable, Sendable {
    /// Who.
    package var by: String
    /// At which site.
    package var site: String
    /// When.
    package var at: Timestamp

    /// As the record tells.
    init(_ write: LastWrite) {
        by = write.by.name
        site = write.site.name
        at = Timestamp(write.at)
    }
}
