import ContactCenter
import Kernel

/// When an overflow step is taken, in the API.
enum OverflowConditionName: String, CaseIterable {
    case waited, estimate, waiting, noAgents, closed
}

/// What an overflow step does, in the API.
enum OverflowActionName: String, CaseIterable {
    case queue, site, siteFirst, callback, message, hangUp
}

/// What becomes of a contact that overflows.
package struct OverflowActionResource: Codable, Hashable, Sendable {
    /// `queue`, `site` (only those), `siteFirst`, `callback`, `message` or `hangUp`.
    package var then: String
    /// The other queue.
    @Nullable package var queue: String?
    /// The other sites.
    @Nullable package var sites: [String]?
    /// What the caller hears before the end.
    @Nullable package var announcement: String?

    /// An action as it is stored.
    init(_ action: OverflowAction) {
        queue = nil
        sites = nil
        announcement = nil
        switch action {
        case .queue(let id):
            then = OverflowActionName.queue.rawValue
            queue = id.key
        case .sites(let named, let only):
            then = (only ? OverflowActionName.site : .siteFirst).rawValue
            sites = named.map(\.name)
        case .callback: then = OverflowActionName.callback.rawValue
        case .message: then = OverflowActionName.message.rawValue
        case .hangUp(let heard):
            then = OverflowActionName.hangUp.rawValue
            announcement = heard.rawValue
        }
    }
}

/// A step that a queue takes when contacts cannot be served as usual.
package struct OverflowResource: Codable, Hashable, Sendable {
    /// `waited`, `estimate`, `waiting`, `noAgents` or `closed`.
    package var when: String
    /// The wait, for `waited` and `estimate`.
    @Nullable package var seconds: Int64?
    /// How many wait, for `waiting`.
    @Nullable package var count: Int64?
    /// What is done.
    private var action: OverflowActionResource

    private enum CodingKeys: CodingKey {
        case when, seconds, count
    }

    /// A step as it is stored.
    init(_ step: OverflowStep) {
        seconds = nil
        count = nil
        action = OverflowActionResource(step.action)
        switch step.condition {
        case .waited(let wait):
            when = OverflowConditionName.waited.rawValue
            seconds = wait
        case .estimate(let wait):
            when = OverflowConditionName.estimate.rawValue
            seconds = wait
        case .waiting(let number):
            when = OverflowConditionName.waiting.rawValue
            count = number
        case .noAgents: when = OverflowConditionName.noAgents.rawValue
        case .closed: when = OverflowConditionName.closed.rawValue
        }
    }

    /// Reads condition and action from one object.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        when = try container.decode(String.self, forKey: .when)
        seconds = try container.decodeIfPresent(Int64.self, forKey: .seconds)
        count = try container.decodeIfPresent(Int64.self, forKey: .count)
        action = try OverflowActionResource(from: decoder)
    }

    /// Writes condition and action into one object.
    package func encode(to encoder: any Encoder) throws {
        try action.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(when, forKey: .when)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(count, forKey: .count)
    }
}

/// Takes overflow steps from a request.
enum OverflowFields {
    /// A step: condition and action in one object.
    static func step(_ fields: inout BodyFields) -> OverflowStep? {
        let when = fields.require("when", fields.choice("when", OverflowConditionName.self))
        let seconds = fields.integer("seconds", in: 0...Limits.ruleSecondsMax)
        let count = fields.integer("count", in: 1...Limits.queueWaitingMax)
        let action = action(&fields)
        let condition: OverflowCondition? =
            switch when {
            case nil: nil
            case .waited: fields.require("seconds", seconds).map { .waited($0) }
            case .estimate: fields.require("seconds", seconds).map { .estimate($0) }
            case .waiting: fields.require("count", count).map { .waiting($0) }
            case .noAgents: .noAgents
            case .closed: .closed
            }
        guard let condition, let action else { return nil }
        return OverflowStep(condition, action)
    }

    /// An action.
    static func action(_ fields: inout BodyFields) -> OverflowAction? {
        let then = fields.require("then", fields.choice("then", OverflowActionName.self))
        let queue = fields.line("queue", max: Limits.documentKeyBytesMax)
        let sites = fields.list("sites") { text in
            SiteID(text) == nil ? .failure(ListProblem(message: "is not the name of a site")) : .success(text)
        }
        let announcement = fields.choice("announcement", ClosingAnnouncement.self)
        let named = (sites.value ?? []).compactMap { SiteID($0) }
        switch then {
        case nil: return nil
        case .queue: return fields.require("queue", queue).map { .queue(QueueID($0)) }
        case .site: return fields.require("sites", sites).map { _ in .sites(named, only: true) }
        case .siteFirst: return fields.require("sites", sites).map { _ in .sites(named, only: false) }
        case .callback: return .callback
        case .message: return .message
        case .hangUp: return fields.require("announcement", announcement).map { .hangUp($0) }
        }
    }
}
