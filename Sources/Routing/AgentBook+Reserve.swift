package import ContactCenter
package import Kernel

/// What a contact's side tells an agent's site about a reservation.
package enum AgentOrder: String, Hashable, CaseIterable, Sendable {
    /// The phone rings.
    case ringing
    /// The agent answered.
    case answered
    /// The conversation is on hold.
    case held
    /// The conversation goes on.
    case resumed
    /// The conversation is over.
    case ended
    /// The phone rang for the full time.
    case noAnswer
    /// The phone refused the call: busy, rejected, unreachable.
    case declined
    /// The contact wants this agent no longer, before an answer.
    case withdrawn
}

extension AgentBook {
    /// Promises an agent to a contact, or says why not.
    ///
    /// At most one promise is alive for each agent and contact.
    ///
    /// Asking again for the same contact while the promise is fresh returns the same reservation and no event.
    ///
    /// - Parameter fence: the login that the asker saw; any other login refuses.
    package mutating func reserve(
        _ agent: AgentID,
        fence: LoginFence,
        for offer: ContactOffer,
        at now: Moment
    ) throws(AgentRefusal) -> (reservation: Reservation, events: [AgentEvent]) {
        guard let seat = seats[agent] else { throw .notLoggedIn }
        guard seat.fence == fence else { throw .staleLogin(present: seat.fence) }
        if let live = seat.reservation, live.contact == offer.contact, seat.state == .reserved { return (live, []) }
        guard !isDraining else { throw .draining }
        if let live = seat.reservation { throw .reservedFor(live.contact) }
        guard seat.state == .ready else { throw .wrongState(seat.state.kind) }
        guard seat.phoneRegistered || !settings.requiresPhone else { throw .phoneUnregistered }
        if let other = byContact[offer.contact] { throw .contactPlaced(other) }
        grants += 1
        let reservation = Reservation(agent: agent, contact: offer.contact, fence: fence, number: grants)
        seats[agent]?.reservation = reservation
        seats[agent]?.queue = offer.queue
        seats[agent]?.ringTime = offer.ringTime
        seats[agent]?.wrapUp = offer.wrapUp
        byContact[offer.contact] = agent
        let deadline = now.instant + settings.reservedMax
        return (reservation, move(agent, to: .reserved, cause: .granted, until: deadline, at: now))
    }

    /// Follows an order about a live reservation; refuses one about another, and one that does not fit the state.
    package mutating func follow(
        _ order: AgentOrder,
        of reservation: Reservation,
        at now: Moment
    ) throws(AgentRefusal) -> [AgentEvent] {
        guard let seat = seats[reservation.agent] else { throw .notLoggedIn }
        guard seat.fence == reservation.fence else { throw .staleLogin(present: seat.fence) }
        guard seat.reservation == reservation else { throw .staleReservation }
        switch (order, seat.state) {
        case (.ringing, .reserved):
            let deadline = now.instant + seat.ringTime + settings.ringMargin
            return move(reservation.agent, to: .ringing, cause: .ringing, until: deadline, at: now)
        case (.answered, .reserved), (.answered, .ringing):
            return answer(reservation.agent, at: now)
        case (.held, .talking):
            return move(reservation.agent, to: .held, cause: .held, until: seat.deadline, at: now)
        case (.resumed, .held):
            return move(reservation.agent, to: .talking, cause: .resumed, until: seat.deadline, at: now)
        case (.ended, .talking), (.ended, .held):
            return end(seat, cause: .contactEnded, at: now)
        case (.noAnswer, .reserved), (.noAnswer, .ringing):
            return setAside(reservation.agent, cause: .noAnswer, at: now)
        case (.declined, .reserved), (.declined, .ringing):
            return setAside(reservation.agent, cause: .declined, at: now)
        case (.withdrawn, .reserved), (.withdrawn, .ringing), (.ended, .reserved), (.ended, .ringing):
            return move(reservation.agent, to: idleState(of: seat), cause: .withdrawn, at: now)
        default:
            throw .wrongState(seat.state.kind)
        }
    }

    private mutating func answer(_ agent: AgentID, at now: Moment) -> [AgentEvent] {
        startDay(at: now)
        seats[agent]?.answeredAt = now.instant
        seats[agent]?.load.contacts += 1
        let deadline = now.instant + settings.talkingMax
        return move(agent, to: .talking, cause: .answered, until: deadline, at: now)
    }
}
