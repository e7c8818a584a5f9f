import ContactCenter
import Kernel

/// One login as the book keeps it; every change goes through `AgentBook.move`.
struct AgentSeat: Hashable, Sendable {
    var profile: AgentProfile
    var fence: LoginFence
    var state: AgentState
    var since: Moment
    /// When the state ends by itself; nil only in idle states.
    var deadline: Instant?
    var reservation: Reservation?
    var queue: QueueID?
    var ringTime: Span = .zero
    var wrapUp: Span = .zero
    var wrapUpExtensions = 0
    /// What the agent asked to be after the present contact; nil is ready.
    var breakReason: String?
    /// When the present contact was answered.
    var answeredAt: Instant?
    var load: DayLoad
    var phoneRegistered: Bool
    var version: UInt64

    var view: AgentView {
        AgentView(
            agent: profile.agent,
            name: profile.name,
            fence: fence,
            state: state,
            since: since.wall,
            tier: profile.tier,
            skills: profile.skills,
            handlingToday: load.handling,
            contactsToday: load.contacts,
            contact: reservation?.contact,
            queue: queue,
            version: version
        )
    }
}

/// A deadline in the book's order of deadlines.
struct SeatDeadline: Hashable, Comparable, Sendable {
    let at: Instant
    let agent: AgentID

    static func < (left: SeatDeadline, right: SeatDeadline) -> Bool {
        (left.at, left.agent) < (right.at, right.agent)
    }
}
