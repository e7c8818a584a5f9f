import ContactCenter
package import Kernel

extension AgentBook {
    /// Ends every state whose time has run out.
    ///
    /// The events' reservations name the contacts that are free again.
    package mutating func expire(at now: Moment) -> [AgentEvent] {
        startDay(at: now)
        var events: [AgentEvent] = []
        // A state that ends may lead to one that has a deadline of its own, later than now: each contact moves at
        // most twice here (a conversation into a wrap-up of no length, then out of hand), each idle state once.
        var budget = deadlines.count * 2 + seats.count
        while budget > 0, let due = deadlines.first, due.at <= now.instant {
            budget -= 1
            guard let seat = seats[due.agent] else {
                deadlines.remove(due)
                continue
            }
            if due.number == 0 {
                let after = AgentState.notReady(reason: Self.noAnswerReason)
                events += rest(due.agent, as: after, cause: .notRespondingExpired, at: now)
            } else if let index = seat.index(of: due.number) {
                events += expire(seat.engagements[index], at: now)
            } else {
                deadlines.remove(due)
            }
        }
        return events
    }

    private mutating func expire(_ engagement: Engagement, at now: Moment) -> [AgentEvent] {
        switch engagement.phase {
        case .reserved: finish(engagement, cause: .reservationExpired, at: now)
        case .ringing where engagement.isTaken: finish(engagement, cause: .reservationExpired, at: now)
        case .ringing: setAside(engagement, cause: .noAnswer, at: now)
        case .talking, .held: end(engagement, cause: .talkingExpired, at: now)
        case .wrapUp: finish(engagement, cause: .wrapUpExpired, at: now)
        }
    }

    /// Ends a conversation: what follows is the paperwork, if the queue grants time for it.
    mutating func end(_ engagement: Engagement, cause: AgentCause, at now: Moment) -> [AgentEvent] {
        guard engagement.wrapUp > .zero else { return finish(engagement, cause: cause, at: now) }
        return move(engagement, to: .wrapUp, cause: cause, until: now.instant + engagement.wrapUp, at: now)
    }

    /// An offer was not taken: an agent with nothing else in hand is set aside, one who works on other contacts gets
    /// no further ones.
    mutating func setAside(_ engagement: Engagement, cause: AgentCause, at now: Moment) -> [AgentEvent] {
        let agent = engagement.reservation.agent
        if let seat = seats[agent], seat.engagements.count > 1, seat.breakReason == nil {
            seats[agent]?.breakReason = Self.noAnswerReason
        }
        let deadline = now.instant + settings.notRespondingMax
        return finish(engagement, cause: cause, rest: .notResponding, until: deadline, at: now)
    }
}
