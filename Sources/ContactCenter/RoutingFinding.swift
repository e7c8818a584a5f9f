package import Kernel

/// Something that does not fit together in the rules of routing.
package struct RoutingFinding: Hashable, Sendable {
    /// What kind of trouble; pages have a sentence for each.
    package enum Code: String, Hashable, CaseIterable, Sendable {
        /// A demanded skill that no agent has. Names: queue, skill.
        case unknownSkill
        /// There are no agents at all. Names: queue.
        case noAgents
        /// No agent has all that is demanded. Names: queue, agent, gaps.
        case noFittingAgent
        /// Some agent fits, but only once the demands have relaxed. Names: queue, seconds.
        case fitsOnlyRelaxed
        /// No agent who fits is of a permitted tier. Names: queue, severity, customer, tiers.
        case noAgentOfTier
        /// A relaxation step that asks for more than the queue did before it. Names: queue, seconds, skill.
        case relaxationAsksMore
        /// Overflow to a queue that is not there. Names: queue, other.
        case unknownQueue
        /// Overflow to a site that is not there, or a calendar for one. Names: queue, site.
        case unknownSite
        /// Queues that overflow into each other in a ring. Names: queue, path.
        case overflowCycle
        /// A calendar that is not there. Names: queue, calendar.
        case unknownCalendar
        /// A rule for closing times of a queue that never closes. Names: queue.
        case closingWithoutCalendar
        /// An interval of announcements where nothing is announced. Names: queue.
        case announcesNothing
        /// Calls are recorded and callers are not told. Names: queue.
        case recordingUntold
        /// Callers are told of a recording that is not made. Names: queue.
        case noticeWithoutRecording
        /// Hours of a calendar that overlap. Names: calendar, day, first, second.
        case overlappingHours
        /// A calendar that never opens. Names: calendar.
        case neverOpen

        /// Errors refuse a change; the others are worth knowing.
        package var isError: Bool {
            switch self {
            case .unknownQueue, .unknownSite, .overflowCycle, .unknownCalendar, .overlappingHours: true
            default: false
            }
        }
    }

    /// What kind of trouble.
    package let code: Code
    /// The document whose field should change.
    package let subject: DocumentID
    /// The field, as the API names it.
    package let field: String
    /// What stands in for the names in a page's sentence.
    package let names: [String: String]
    /// The sentence in English.
    package let message: String
    /// The other documents that have a part in it.
    package var others: [DocumentID] = []

    /// True when a change of this document could have caused it.
    package func concerns(_ id: DocumentID) -> Bool {
        subject == id || others.contains(id)
    }
}
