package import Kernel

/// When an overflow step is taken.
package enum OverflowCondition: Hashable, Sendable {
    /// The contact has waited this long, in seconds.
    case waited(Int64)
    /// The contact is told that it will wait this long or longer, in seconds.
    case estimate(Int64)
    /// So many contacts wait in the queue, or more.
    case waiting(Int64)
    /// No agent who fits is logged in anywhere.
    case noAgents
    /// The queue's calendar says closed.
    case closed
}

/// What a caller hears before the centre hangs up.
package enum ClosingAnnouncement: String, Hashable, CaseIterable, Sendable {
    /// All agents are busy.
    case busy
    /// Outside business hours.
    case closed
    /// A holiday.
    case holiday
    /// Closed for an emergency.
    case emergency
    /// Nobody is at work.
    case noAgents
}

/// What becomes of a contact that overflows.
package enum OverflowAction: Hashable, Sendable {
    /// It goes on in another queue, with the time it has waited.
    case queue(QueueID)
    /// Agents of these sites only, or these first and the others after them.
    case sites([SiteID], only: Bool)
    /// A callback is offered.
    case callback
    /// The caller can leave a message, which becomes a ticket.
    case message
    /// An announcement, then the end.
    case hangUp(ClosingAnnouncement)

    /// The queue that it leads to, if it does.
    package var queue: QueueID? {
        if case .queue(let id) = self { id } else { nil }
    }

    /// True when the contact is in this queue no longer afterwards, so that no later step can follow.
    package var isFinal: Bool {
        switch self {
        case .queue, .message, .hangUp: true
        case .sites, .callback: false
        }
    }
}

/// A step that a queue takes when its contacts cannot be served as usual.
package struct OverflowStep: Hashable, Sendable {
    /// When.
    package let condition: OverflowCondition
    /// What then.
    package let action: OverflowAction

    /// Joins a condition and an action.
    package init(_ condition: OverflowCondition, _ action: OverflowAction) {
        self.condition = condition
        self.action = action
    }
}

// Written `waited:60 queue:sales`: one text a step, so that a document holds a list of them.
extension OverflowStep: CustomStringConvertible {
    /// The stored form.
    package var description: String { "\(condition) \(action)" }

    /// Reads the stored form; nil for one that this node does not know.
    package init?(_ text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let condition = OverflowCondition(parts[0]), let action = OverflowAction(parts[1])
        else { return nil }
        self.init(condition, action)
    }
}

extension OverflowCondition: CustomStringConvertible {
    /// The stored form.
    package var description: String {
        switch self {
        case .waited(let seconds): "waited:\(seconds)"
        case .estimate(let seconds): "estimate:\(seconds)"
        case .waiting(let count): "waiting:\(count)"
        case .noAgents: "noAgents"
        case .closed: "closed"
        }
    }

    /// Reads the stored form; nil when it is none or a number is out of bounds.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let number = parts.count == 2 ? Int64(parts[1]) : nil
        switch (parts.first, number, parts.count) {
        case ("waited", .some(let seconds), _): self = .waited(seconds)
        case ("estimate", .some(let seconds), _): self = .estimate(seconds)
        case ("waiting", .some(let count), _): self = .waiting(count)
        case ("noAgents", _, 1): self = .noAgents
        case ("closed", _, 1): self = .closed
        default: return nil
        }
        guard isInBounds else { return nil }
    }

    /// True when its number is one that a rule may have.
    package var isInBounds: Bool {
        switch self {
        case .waited(let seconds): (0...Limits.ruleSecondsMax).contains(seconds)
        case .estimate(let seconds): (1...Limits.ruleSecondsMax).contains(seconds)
        case .waiting(let count): (1...Limits.queueWaitingMax).contains(count)
        case .noAgents, .closed: true
        }
    }
}

extension OverflowAction: CustomStringConvertible {
    /// The stored form.
    package var description: String {
        switch self {
        case .queue(let id): "queue:\(id.key)"
        case .sites(let sites, let only): "sites-\(only ? "only" : "first"):\(sites.map(\.name).joined(separator: ","))"
        case .callback: "callback"
        case .message: "message"
        case .hangUp(let announcement): "hangUp:\(announcement.rawValue)"
        }
    }

    /// Reads the stored form; nil when it is none.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let rest = parts.count == 2 ? parts[1] : ""
        switch parts.first {
        case "queue" where !rest.isEmpty: self = .queue(QueueID(rest))
        case "sites-only", "sites-first":
            let sites = rest.split(separator: ",").prefix(Limits.sitesMax).compactMap { SiteID(String($0)) }
            guard !sites.isEmpty else { return nil }
            self = .sites(sites, only: parts[0] == "sites-only")
        case "callback" where parts.count == 1: self = .callback
        case "message" where parts.count == 1: self = .message
        case "hangUp":
            guard let announcement = ClosingAnnouncement(rawValue: rest) else { return nil }
            self = .hangUp(announcement)
        default: return nil
        }
    }
}
