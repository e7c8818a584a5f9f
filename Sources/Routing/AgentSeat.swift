import ContactCenter
import Kernel

/// One login as the book keeps it; every change goes through `AgentBook.move` and `AgentBook.rest`.
struct AgentSeat: Hashable, Sendable {
    var profile: AgentProfile
    var fence: LoginFence
    /// What the agent is with nothing in hand; an idle state or `notResponding`.
    var rest: AgentState
    /// Since when nothing is in hand.
    var restSince: Moment
    /// When `rest` ends by itself.
    var restDeadline: Instant?
    /// Contacts in hand and promised, in the order of their grants.
    var engagements: [Engagement] = []
    /// What the agent asked to be after the contacts in hand; nil is ready, and open for more meanwhile.
    var breakReason: String?
    /// From when time with answered contacts in hand is not yet in `load`.
    var handlingSince: Instant?
    /// From when time ready with nothing in hand is not yet in `load`.
    var idleSince: Instant?
    var load: DayLoad
    var phoneRegistered: Bool
    var version: UInt64

    /// The contact that has most of the agent's attention.
    var shown: Engagement? { engagements.max { $0.attention < $1.attention } }

    var state: AgentState { shown?.phase.state ?? rest }

    var since: Moment { shown?.since ?? restSince }

    var deadline: Instant? { shown?.deadline ?? restDeadline }

    var occupied: Int { engagements.reduce(0) { $0 + $1.cost } }

    /// Whether the agent takes a further contact of a cost beside those in hand.
    func hasRoom(for cost: Int, spoken: Bool) -> Bool {
        guard engagements.count < Limits.agentContactsMax else { return false }
        if spoken && engagements.contains(where: \.channel.isSpoken) { return false }
        return occupied + cost <= Channel.fullCapacity
    }

    /// Whether the agent may call somebody herself: on a break too, during paperwork, and with a callback in hand.
    var mayCall: Bool {
        guard engagements.isEmpty else { return !engagements.contains { $0.channel == .voice && $0.phase != .wrapUp } }
        if case .notReady = rest { return true }
        return rest == .ready
    }

    /// Counts time ready with nothing in hand; to be called after each change.
    mutating func countIdle(at now: Instant) {
        let isIdle = engagements.isEmpty && rest == .ready
        if let since = idleSince { load.idle = load.idle + (now - since) }
        idleSince = isIdle ? now : nil
    }

    func index(of number: UInt64) -> Int? { engagements.firstIndex { $0.reservation.number == number } }

    /// True when the agent wants more, phone and all.
    func isWilling(requiresPhone: Bool) -> Bool {
        guard !engagements.isEmpty else { return rest == .ready }
        return breakReason == nil && (phoneRegistered || !requiresPhone)
    }

    func view(requiresPhone: Bool) -> AgentView {
        let shown = shown
        let occupied = occupied
        return AgentView(
            agent: profile.agent,
            name: profile.name,
            fence: fence,
            state: state,
            since: since.wall,
            tier: profile.tier,
            skills: profile.skills,
            handlingToday: load.handling,
            contactsToday: load.contacts,
            idleToday: load.idle,
            contact: shown?.contact,
            queue: shown?.queue,
            isOpen: isWilling(requiresPhone: requiresPhone) && hasRoom(for: 1, spoken: false),
            occupied: occupied,
            version: version
        )
    }
}

/// A deadline in the book's order of deadlines.
struct SeatDeadline: Hashable, Comparable, Sendable {
    let at: Instant
    let agent: AgentID
    /// The number of the reservation whose phase ends; 0 for the state of an agent with nothing in hand.
    let number: UInt64

    static func < (left: SeatDeadline, right: SeatDeadline) -> Bool {
        (left.at, left.agent, left.number) < (right.at, right.agent, right.number)
    }
}
