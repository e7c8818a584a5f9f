import ContactCenter
import Kernel

/// The only places where a seat's contacts and states change.
extension AgentBook {
    /// Moves one contact of an agent into a phase, and notes everything that follows.
    mutating func move(
        _ engagement: Engagement,
        to phase: EngagementPhase,
        cause: AgentCause,
        until deadline: Instant,
        at now: Moment
    ) -> [AgentEvent] {
        startDay(at: now)
        let agent = engagement.reservation.agent
        let number = engagement.reservation.number
        guard var seat = seats[agent], let index = seat.index(of: number) else { return [] }
        let from = seat.state
        let old = seat.engagements[index]
        deadlines.remove(SeatDeadline(at: old.deadline, agent: agent, number: number))
        deadlines.insert(SeatDeadline(at: deadline, agent: agent, number: number))
        seat.engagements[index].phase = phase
        seat.engagements[index].deadline = deadline
        seat.engagements[index].since = now
        if phase.isConversation, old.answeredAt == nil {
            seat.engagements[index].answeredAt = now.instant
            seat.load.contacts += 1
            seat.handlingSince = seat.handlingSince ?? now.instant
        }
        if phase.isConversation { byContact[old.contact] = agent }
        if phase == .wrapUp, byContact[old.contact] == agent { byContact[old.contact] = nil }
        seats[agent] = seat
        touch(agent)
        return [event(seat, from: from, cause, old, then: phase, at: now, spent: now.instant - old.since.instant)]
    }

    /// Ends an agent's part in a contact; the last one leaves her in an idle state, `rest` if given.
    mutating func finish(
        _ engagement: Engagement,
        cause: AgentCause,
        rest: AgentState? = nil,
        until deadline: Instant? = nil,
        at now: Moment
    ) -> [AgentEvent] {
        startDay(at: now)
        let agent = engagement.reservation.agent
        let number = engagement.reservation.number
        guard var seat = seats[agent], let index = seat.index(of: number) else { return [] }
        let from = seat.state
        let old = seat.engagements.remove(at: index)
        deadlines.remove(SeatDeadline(at: old.deadline, agent: agent, number: number))
        // A contact in wrap-up may be with somebody by now: its place was given up when the conversation ended.
        if old.phase != .wrapUp, byContact[old.contact] == agent { byContact[old.contact] = nil }
        if old.answeredAt != nil, let since = seat.handlingSince {
            seat.load.handling = seat.load.handling + (now.instant - since)
            seat.handlingSince = seat.engagements.contains { $0.answeredAt != nil } ? now.instant : nil
        }
        if seat.engagements.isEmpty {
            seat.rest = rest ?? idleState(of: seat)
            seat.restSince = now
            seat.restDeadline = deadline
            seat.breakReason = nil
            if let deadline { deadlines.insert(SeatDeadline(at: deadline, agent: agent, number: 0)) }
        }
        seat.countIdle(at: now.instant)
        seats[agent] = seat
        touch(agent)
        return [event(seat, from: from, cause, old, then: nil, at: now, spent: now.instant - old.since.instant)]
    }

    /// Changes the state of an agent who has nothing in hand.
    mutating func rest(
        _ agent: AgentID,
        as state: AgentState,
        cause: AgentCause,
        until deadline: Instant? = nil,
        at now: Moment
    ) -> [AgentEvent] {
        startDay(at: now)
        guard var seat = seats[agent], seat.engagements.isEmpty else { return [] }
        let from = seat.rest
        let spent = now.instant - seat.restSince.instant
        if let old = seat.restDeadline { deadlines.remove(SeatDeadline(at: old, agent: agent, number: 0)) }
        if let deadline { deadlines.insert(SeatDeadline(at: deadline, agent: agent, number: 0)) }
        seat.rest = state
        seat.restSince = now
        seat.restDeadline = deadline
        seat.breakReason = nil
        seat.countIdle(at: now.instant)
        seats[agent] = seat
        touch(agent)
        return [event(seat, from: from, cause, nil, then: nil, at: now, spent: spent)]
    }

    /// Puts a new promise into an agent's hands.
    mutating func begin(_ engagement: Engagement, at now: Moment) -> [AgentEvent] {
        startDay(at: now)
        let agent = engagement.reservation.agent
        guard var seat = seats[agent] else { return [] }
        let from = seat.state
        let spent = now.instant - seat.since.instant
        seat.engagements.append(engagement)
        seat.countIdle(at: now.instant)
        if !engagement.isShared { byContact[engagement.contact] = agent }
        deadlines.insert(
            SeatDeadline(at: engagement.deadline, agent: agent, number: engagement.reservation.number)
        )
        seats[agent] = seat
        touch(agent)
        return [
            AgentEvent(
                agent: agent,
                fence: seat.fence,
                from: from,
                to: seat.state,
                cause: .granted,
                reservation: engagement.reservation,
                channel: engagement.channel,
                before: nil,
                after: .reserved,
                at: now.wall,
                spent: spent
            )
        ]
    }

    private func event(
        _ seat: AgentSeat,
        from: AgentState,
        _ cause: AgentCause,
        _ old: Engagement?,
        then phase: EngagementPhase?,
        at now: Moment,
        spent: Span
    ) -> AgentEvent {
        AgentEvent(
            agent: seat.profile.agent,
            fence: seat.fence,
            from: from,
            to: seat.state,
            cause: cause,
            reservation: old?.reservation,
            channel: old?.channel,
            before: old?.phase,
            after: phase,
            at: now.wall,
            spent: spent
        )
    }
}
