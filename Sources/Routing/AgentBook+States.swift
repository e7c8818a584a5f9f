package import ContactCenter
package import Kernel

extension AgentBook {
    /// Makes an agent free; with contacts in hand, open for more and free when they are done.
    ///
    /// Ends wrap-up when nothing but paperwork is in hand.
    package mutating func setReady(_ agent: AgentID, at now: Moment) throws(AgentRefusal) -> [AgentEvent] {
        guard let seat = seats[agent] else { throw .notLoggedIn }
        switch seat.state {
        case .reserved, .ringing, .talking, .held:
            change(agent) { $0.breakReason = nil }
            return []
        case .ready:
            return []
        case .wrapUp:
            guard seat.phoneRegistered || !settings.requiresPhone else { throw .phoneUnregistered }
            seats[agent]?.breakReason = nil
            return finishAll(of: seat, at: now)
        case .notReady, .notResponding:
            guard seat.phoneRegistered || !settings.requiresPhone else { throw .phoneUnregistered }
            return rest(agent, as: .ready, cause: .asked, at: now)
        case .loggedOut, .unreachable:
            throw .wrongState(seat.state.kind)
        }
    }

    /// Takes an agent out of service for a reason; with contacts in hand no new ones come, and the break begins
    /// when the last is done.
    package mutating func setNotReady(
        _ agent: AgentID,
        reason: String,
        at now: Moment
    ) throws(AgentRefusal) -> [AgentEvent] {
        guard let seat = seats[agent] else { throw .notLoggedIn }
        switch seat.state {
        case .reserved, .ringing, .talking, .held:
            change(agent) { $0.breakReason = reason }
            return []
        case .wrapUp:
            seats[agent]?.breakReason = reason
            return finishAll(of: seat, at: now)
        case .ready, .notReady, .notResponding:
            return rest(agent, as: .notReady(reason: reason), cause: .asked, at: now)
        case .loggedOut, .unreachable:
            throw .wrongState(seat.state.kind)
        }
    }

    /// Ends wrap-up before its time.
    ///
    /// - Parameter contact: the contact whose paperwork is done; nil for all that are in wrap-up.
    package mutating func finishWrapUp(
        _ agent: AgentID,
        contact: ContactID? = nil,
        at now: Moment
    ) throws(AgentRefusal) -> [AgentEvent] {
        guard let seat = seats[agent] else { throw .notLoggedIn }
        let done = seat.engagements.filter {
            $0.phase == .wrapUp && (contact == nil || $0.contact == contact)
        }
        guard !done.isEmpty else { throw .wrongState(state(of: contact, in: seat)) }
        var events: [AgentEvent] = []
        for engagement in done { events += finish(engagement, cause: .wrapUpFinished, at: now) }
        return events
    }

    /// Gives an agent the queue's wrap-up time once more, a bounded number of times.
    ///
    /// - Parameter contact: the contact in wrap-up; nil for the one that the agent shows.
    package mutating func extendWrapUp(
        _ agent: AgentID,
        contact: ContactID? = nil,
        at now: Moment
    ) throws(AgentRefusal) -> [AgentEvent] {
        guard let seat = seats[agent] else { throw .notLoggedIn }
        let found =
            contact.map { wanted in
                seat.engagements.last { $0.phase == .wrapUp && $0.contact == wanted }
            } ?? seat.shown
        guard let old = found, old.phase == .wrapUp, old.wrapUpExtensions < settings.wrapUpExtensionsMax,
            let index = seat.index(of: old.reservation.number)
        else { throw .wrongState(state(of: contact, in: seat)) }
        let number = old.reservation.number
        let extended = old.deadline + old.wrapUp
        deadlines.remove(SeatDeadline(at: old.deadline, agent: agent, number: number))
        deadlines.insert(SeatDeadline(at: extended, agent: agent, number: number))
        seats[agent]?.engagements[index].deadline = extended
        seats[agent]?.engagements[index].wrapUpExtensions += 1
        touch(agent)
        // The phase goes on: it keeps its beginning, and no time was spent in another.
        return [
            AgentEvent(
                agent: agent,
                fence: seat.fence,
                from: seat.state,
                to: seat.state,
                cause: .wrapUpExtended,
                reservation: old.reservation,
                channel: old.channel,
                before: .wrapUp,
                after: .wrapUp,
                at: now.wall,
                spent: .zero
            )
        ]
    }

    /// What to name in a refusal: how far the agent is with that contact, or what she shows.
    private func state(of contact: ContactID?, in seat: AgentSeat) -> AgentStateKind {
        let named = contact.flatMap { engagement(of: seat.profile.agent, with: $0) }
        return named?.phase.state.kind ?? seat.state.kind
    }

    /// Changes a seat in a way that shows only in whether the agent is open.
    mutating func change(_ agent: AgentID, _ edit: (inout AgentSeat) -> Void) {
        let before = view(of: agent)
        if var seat = seats[agent] {
            edit(&seat)
            seats[agent] = seat
        }
        if view(of: agent) != before { touch(agent) }
    }

    private mutating func finishAll(of seat: AgentSeat, at now: Moment) -> [AgentEvent] {
        var events: [AgentEvent] = []
        for engagement in seat.engagements { events += finish(engagement, cause: .wrapUpFinished, at: now) }
        return events
    }
}
