package import ContactCenter
package import Kernel

/// Why an agent's state changed.
package enum AgentCause: String, Hashable, CaseIterable, Sendable {
    /// The agent signed in.
    case signedIn
    /// The agent signed out.
    case signedOut
    /// The agent signed in elsewhere under a higher fence.
    case evicted
    /// The agent asked for it.
    case asked
    /// A reservation was granted.
    case granted
    /// The phone began to ring.
    case ringing
    /// The agent took a text contact; its site has yet to agree.
    case taken
    /// The agent answered.
    case answered
    /// The conversation went on hold.
    case held
    /// The conversation went on.
    case resumed
    /// The conversation ended.
    case contactEnded
    /// The contact no longer wants the agent: the caller gave up, or another agent took it.
    case withdrawn
    /// The phone rang and nobody answered in time.
    case noAnswer
    /// The agent's phone refused the call.
    case declined
    /// The contact's site did not go on with the reservation in time.
    case reservationExpired
    /// The agent finished the paperwork.
    case wrapUpFinished
    /// The time for paperwork ran out.
    case wrapUpExpired
    /// The agent asked for more time for paperwork.
    case wrapUpExtended
    /// A conversation was longer than any can be: its end was never heard of.
    case talkingExpired
    /// The agent did not come back after an unanswered call.
    case notRespondingExpired
    /// The agent's phone is no longer registered.
    case phoneLost
}

/// One change of an agent's state or of a contact in her hands, as it happened at the agent's own site.
///
/// An agent with several contacts shows the state of the most engaged one: a change of another leaves `from` and
/// `to` equal.
package struct AgentEvent: Hashable, Sendable {
    /// Who.
    package let agent: AgentID
    /// The login that the change belongs to.
    package let fence: LoginFence
    /// The state that the agent showed before.
    package let from: AgentState
    /// The state that the agent shows now.
    package let to: AgentState
    /// Why.
    package let cause: AgentCause
    /// The reservation that the change is about; nil when it is about no contact.
    package let reservation: Reservation?
    /// How that contact came.
    package let channel: Channel?
    /// How far the agent was with that contact; nil when it is new.
    package let before: EngagementPhase?
    /// How far the agent is with it now; nil when nothing more is to be done with it.
    package let after: EngagementPhase?
    /// When.
    package let at: WallTime
    /// How long the contact was in `before`, or, without one, the agent in `from`.
    package let spent: Span

    /// The contact that this change sends back to its queue: it was promised or rang, and was not answered.
    ///
    /// Or it was being written with when the agent signed in elsewhere: text can be taken over, and a talk goes on.
    /// Nil when it was the contact's side that withdrew.
    package var returned: ContactID? {
        guard after == nil, let before, let channel, cause != .withdrawn else { return nil }
        switch before {
        case .reserved, .ringing: return reservation?.contact
        case .talking, .held: return cause == .evicted && !channel.isSpoken ? reservation?.contact : nil
        case .wrapUp: return nil
        }
    }

    /// The reservation that is over with this change; nil when there is none.
    package var over: Reservation? { after == nil ? reservation : nil }
}
