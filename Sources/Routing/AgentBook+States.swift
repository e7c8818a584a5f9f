package import ContactCenter
package import Kernel

extension AgentBook {
    /// Makes an agent free; after a contact that is still going on, if there is one.
    ///
    /// Ends wrap-up.
    package mutating func setReady(_ agent: AgentID, at now: Moment) throws(AgentRefusal) -> [AgentEvent] {
        guard let seat = seats[agent] else { throw .notLoggedIn }
        switch seat.state {
        case .reserved, .ringing, .talking, .held:
            seats[agent]?.breakReason = nil
            return []
        case .ready:
            return []
        case .notReady, .notResponding, .wrapUp:
            guard seat.phoneRegistered || !settings.requiresPhone else { throw .phoneUnregistered }
            let cause: AgentCause = seat.state == .wrapUp ? .wrapUpFinished : .asked
            return move(agent, to: .ready, cause: cause, at: now)
        case .loggedOut, .unreachable:
            throw .wrongState(seat.state.kind)
        }
    }

    /// Takes an agent out of service for a reason; after a contact that is still going on, if there is one.
    package mutating func setNotReady(
        _ agent: AgentID,
        reason: String,
        at now: Moment
    ) throws(AgentRefusal) -> [AgentEvent] {
        guard let seat = seats[agent] else { throw .notLoggedIn }
        switch seat.state {
        case .reserved, .ringing, .talking, .held:
            seats[agent]?.breakReason = reason
            return []
        case .ready, .notReady, .notResponding, .wrapUp:
            let cause: AgentCause = seat.state == .wrapUp ? .wrapUpFinished : .asked
            return move(agent, to: .notReady(reason: reason), cause: cause, at: now)
        case .loggedOut, .unreachable:
            throw .wrongState(seat.state.kind)
        }
    }

    /// Ends wrap-up before its time.
    package mutating func finishWrapUp(_ agent: AgentID, at now: Moment) throws(AgentRefusal) -> [AgentEvent] {
        guard let seat = seats[agent] else { throw .notLoggedIn }
        guard seat.state == .wrapUp else { throw .wrongState(seat.state.kind) }
        return move(agent, to: idleState(of: seat), cause: .wrapUpFinished, at: now)
    }

    /// Gives an agent the queue's wrap-up time once more, a bounded number of times.
    package mutating func extendWrapUp(_ agent: AgentID, at now: Moment) throws(AgentRefusal) -> [AgentEvent] {
        guard let seat = seats[agent] else { throw .notLoggedIn }
        guard seat.state == .wrapUp, let deadline = seat.deadline,
            seat.wrapUpExtensions < settings.wrapUpExtensionsMax
        else { throw .wrongState(seat.state.kind) }
        let extended = deadline + seat.wrapUp
        deadlines.remove(SeatDeadline(at: deadline, agent: agent))
        deadlines.insert(SeatDeadline(at: extended, agent: agent))
        seats[agent]?.deadline = extended
        seats[agent]?.wrapUpExtensions += 1
        touch(agent)
        // The state goes on: it keeps its beginning, and no time was spent in another.
        return [
            AgentEvent(
                agent: agent,
                fence: seat.fence,
                from: .wrapUp,
                to: .wrapUp,
                cause: .wrapUpExtended,
                reservation: seat.reservation,
                at: now.wall,
                spent: .zero
            )
        ]
    }
}
