package import ContactCenter
package import Kernel

/// How far an agent is with one contact.
package enum EngagementPhase: UInt8, Hashable, CaseIterable, Sendable {
    /// Promised; the contact's side has yet to go on.
    case reserved = 1
    /// The phone rings, or the offer stands on the desk.
    case ringing = 2
    /// In conversation.
    case talking = 3
    /// In conversation, which is on hold.
    case held = 4
    /// Over; the agent finishes the work of it.
    case wrapUp = 5

    /// The state of an agent who has nothing else in hand.
    package var state: AgentState {
        switch self {
        case .reserved: .reserved
        case .ringing: .ringing
        case .talking: .talking
        case .held: .held
        case .wrapUp: .wrapUp
        }
    }

    /// True between answer and end.
    package var isConversation: Bool { self == .talking || self == .held }
}

/// One contact in an agent's hands, or promised to her: a part of her capacity until it is over.
package struct Engagement: Hashable, Sendable {
    /// The promise that it rests on.
    package let reservation: Reservation
    /// How the contact came.
    package let channel: Channel
    /// What it takes of the agent's capacity, in every phase.
    package let cost: Int
    /// Its queue.
    package let queue: QueueID
    /// How long it rings.
    package let ringTime: Span
    /// Time for paperwork.
    package let wrapUp: Span
    /// Whether other agents here may be promised to the contact too, until one of them answers.
    package let isShared: Bool
    /// How far it is.
    package internal(set) var phase: EngagementPhase = .reserved
    /// Since when it is that far.
    package internal(set) var since: Moment
    /// When the phase ends by itself: every one has an end.
    package internal(set) var deadline: Instant
    /// When the agent answered.
    package internal(set) var answeredAt: Instant?
    /// True once the agent took it and the contact's site has yet to agree: then the agent is not to blame when
    /// nothing comes of it.
    package internal(set) var isTaken = false
    /// How often its wrap-up was extended.
    package internal(set) var wrapUpExtensions = 0

    init(_ reservation: Reservation, _ offer: ContactOffer, since: Moment, deadline: Instant) {
        self.reservation = reservation
        channel = offer.channel
        cost = offer.cost
        queue = offer.queue
        ringTime = offer.ringTime
        wrapUp = offer.wrapUp
        isShared = offer.isShared
        self.since = since
        self.deadline = deadline
    }

    /// The contact.
    package var contact: ContactID { reservation.contact }

    /// How much it has of the agent's attention; the agent shows the state of the contact that has the most.
    ///
    /// A ringing phone first (it must be answered now), then talking, hold, an offer on the desk, a promise,
    /// paperwork; among equals a call before text, then the earlier grant.
    var attention: (phase: Int, isSpoken: Int, age: UInt64) {
        let rank =
            switch phase {
            case .ringing: channel.isSpoken ? 6 : 3
            case .talking: 5
            case .held: 4
            case .reserved: 2
            case .wrapUp: 1
            }
        return (rank, channel.isSpoken ? 1 : 0, .max - reservation.number)
    }
}

extension Channel {
    /// True for channels that take ear and voice: an agent has at most one such contact, whatever its cost.
    package var isSpoken: Bool { self == .voice || self == .callback }
}
