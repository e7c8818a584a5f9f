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

extension AgentBook {
    /// Ends every state whose time has run out.
    ///
    /// The events' reservations name the contacts that are free again.
    package mutating func expire(at now: Moment) -> [AgentEvent] {
        startDay(at: now)
        var events: [AgentEvent] = []
        // A state that ends may lead to one that has a deadline of its own, later than now: each seat moves at most
        // twice here (a conversation into a wrap-up of no length, then into an idle state).
        var budget = seats.count * 2
        while budget > 0, let due = deadlines.first, due.at <= now.instant {
            budget -= 1
            guard let seat = seats[due.agent] else {
                deadlines.remove(due)
                continue
            }
            events += expire(seat, at: now)
        }
        return events
    }

    private mutating func expire(_ seat: AgentSeat, at now: Moment) -> [AgentEvent] {
        let agent = seat.profile.agent
        switch seat.state {
        case .reserved: return move(agent, to: idleState(of: seat), cause: .reservationExpired, at: now)
        case .ringing: return setAside(agent, cause: .noAnswer, at: now)
        case .talking, .held: return end(seat, cause: .talkingExpired, at: now)
        case .wrapUp: return move(agent, to: idleState(of: seat), cause: .wrapUpExpired, at: now)
        case .notResponding:
            return move(
                agent,
                to: .notReady(reason: Self.noAnswerReason),
                cause: .notRespondingExpired,
                at: now
            )
        case .loggedOut, .notReady, .ready, .unreachable:
            return move(agent, to: seat.state, cause: .asked, at: now)
        }
    }

    mutating func end(_ seat: AgentSeat, cause: AgentCause, at now: Moment) -> [AgentEvent] {
        guard seat.wrapUp > .zero else {
            return move(seat.profile.agent, to: idleState(of: seat), cause: cause, at: now)
        }
        let deadline = now.instant + seat.wrapUp
        return move(seat.profile.agent, to: .wrapUp, cause: cause, until: deadline, at: now)
    }

    mutating func setAside(_ agent: AgentID, cause: AgentCause, at now: Moment) -> [AgentEvent] {
        let deadline = now.instant + settings.notRespondingMax
        return move(agent, to: .notResponding, cause: cause, until: deadline, at: now)
    }
}
