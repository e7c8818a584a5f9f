import ContactCenter
package import Kernel

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
