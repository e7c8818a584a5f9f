package import ContactCenter
package import Kernel

extension AgentBook {
    /// Logs an agent in at this site, not ready; an agent who already is keeps state and contact.
    ///
    /// - Parameters:
    ///   - above: the highest login epoch of this agent that any presence shows; the new login is above it.
    ///   - carried: what the agent has already done today at other sites, from presence.
    package mutating func signIn(
        _ profile: AgentProfile,
        above: UInt64 = 0,
        carried: DayLoad = DayLoad(),
        phoneRegistered: Bool,
        at now: Moment
    ) throws(AgentRefusal) -> [AgentEvent] {
        guard !isDraining else { throw .draining }
        var events: [AgentEvent] = []
        startDay(at: now)
        if let seat = seats[profile.agent] {
            if seat.fence.epoch > above {
                update(profile)
                return phone(of: profile.agent, isRegistered: phoneRegistered, at: now)
            }
            events = leave(profile.agent, cause: .evicted, at: now)
        }
        guard seats.count < Limits.agentLoginsMax else { throw .full }
        // The clock keeps epochs growing over a restart, which forgets them; what was seen keeps them growing when
        // the clock is behind.
        let seen = max(above, epochs[profile.agent] ?? 0)
        let epoch = max(seen == .max ? seen : seen + 1, UInt64(clamping: now.wall.milliseconds))
        epochs[profile.agent] = epoch
        let seat = AgentSeat(
            profile: profile,
            fence: LoginFence(epoch: epoch, site: site),
            rest: .loggedOut,
            restSince: now,
            load: carried,
            phoneRegistered: phoneRegistered,
            version: 0
        )
        seats[profile.agent] = seat
        return events
            + rest(profile.agent, as: .notReady(reason: Self.signedInReason), cause: .signedIn, at: now)
    }

    /// Logs an agent out; refused in the middle of a conversation.
    ///
    /// Contacts that were only promised or ringing go back, as the events say; paperwork is dropped.
    package mutating func signOut(_ agent: AgentID, at now: Moment) throws(AgentRefusal) -> [AgentEvent] {
        guard let seat = seats[agent] else { throw .notLoggedIn }
        if let busy = seat.engagements.first(where: { $0.phase.isConversation }) {
            throw .wrongState(busy.phase.state.kind)
        }
        return leave(agent, cause: .signedOut, at: now)
    }

    /// Notes a login of the agent that presence shows at another site; a higher fence there ends the login here.
    package mutating func seenElsewhere(_ agent: AgentID, fence: LoginFence, at now: Moment) -> [AgentEvent] {
        epochs[agent] = max(epochs[agent] ?? 0, fence.epoch)
        guard let seat = seats[agent], fence > seat.fence, fence.site != site else { return [] }
        return leave(agent, cause: .evicted, at: now)
    }

    /// Takes over a changed record of a logged-in agent; others see it by the view's version.
    package mutating func update(_ profile: AgentProfile) {
        guard let seat = seats[profile.agent], seat.profile != profile else { return }
        seats[profile.agent]?.profile = profile
        touch(profile.agent)
    }

    /// Notes that an agent's phone registered or is gone; a free agent whose phone has vanished does not respond,
    /// and one with contacts in hand gets no further ones.
    package mutating func phone(of agent: AgentID, isRegistered: Bool, at now: Moment) -> [AgentEvent] {
        guard let seat = seats[agent], seat.phoneRegistered != isRegistered else { return [] }
        change(agent) { $0.phoneRegistered = isRegistered }
        guard settings.requiresPhone, !isRegistered, seat.state == .ready else { return [] }
        let deadline = now.instant + settings.notRespondingMax
        return rest(agent, as: .notResponding, cause: .phoneLost, until: deadline, at: now)
    }

    /// Ends a login: one event for each contact in hand, and the last change is to `loggedOut`.
    private mutating func leave(_ agent: AgentID, cause: AgentCause, at now: Moment) -> [AgentEvent] {
        guard let seat = seats[agent] else { return [] }
        var events: [AgentEvent] = []
        for engagement in seat.engagements {
            events += finish(engagement, cause: cause, rest: .loggedOut, at: now)
        }
        if events.isEmpty { events = rest(agent, as: .loggedOut, cause: cause, at: now) }
        seats[agent] = nil
        return events
    }
}
