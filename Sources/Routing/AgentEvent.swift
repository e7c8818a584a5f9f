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

/// One change of one agent's state, as it happened at the agent's own site.
package struct AgentEvent: Hashable, Sendable {
    /// Who.
    package let agent: AgentID
    /// The login that the change belongs to.
    package let fence: LoginFence
    /// The state left.
    package let from: AgentState
    /// The state entered.
    package let to: AgentState
    /// Why.
    package let cause: AgentCause
    /// The reservation that the change is about.
    package let reservation: Reservation?
    /// When.
    package let at: WallTime
    /// How long the agent was in `from`.
    package let spent: Span

    /// The contact that this change sends back to its queue: it was promised or rang, and was not answered.
    ///
    /// Nil when it was the contact's side that withdrew.
    package var returned: ContactID? {
        guard from == .reserved || from == .ringing, !to.kind.isBusy, cause != .withdrawn else { return nil }
        return reservation?.contact
    }
}
