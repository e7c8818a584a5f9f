package import ContactCenter
package import Kernel

/// What a contact's side tells an agent's site about a reservation.
package enum AgentOrder: String, Hashable, CaseIterable, Sendable {
    /// The phone rings, or the offer stands on the desk.
    case ringing
    /// The agent took it at the desk; the contact's site has yet to agree.
    case taken
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
    /// The phone refused the call: busy, rejected, unreachable; or the agent declined at the desk.
    case declined
    /// The contact wants this agent no longer, before an answer.
    case withdrawn
}

extension AgentBook {
    /// Promises an agent to a contact, or says why not.
    ///
    /// At most one promise is alive for each contact, and no more than fit into the agent's capacity. An offer that is
    /// shared may be promised to several agents; only one of them can answer.
    ///
    /// Asking again for the same contact while the promise is fresh returns the same reservation and no event.
    ///
    /// - Parameters:
    ///   - fence: the login that the asker saw; any other login refuses.
    ///   - isOwnWish: the agent calls somebody herself: on a break too, during paperwork, and for a callback in hand.
    package mutating func reserve(
        _ agent: AgentID,
        fence: LoginFence,
        for offer: ContactOffer,
        isOwnWish: Bool = false,
        at now: Moment
    ) throws(AgentRefusal) -> (reservation: Reservation, events: [AgentEvent]) {
        guard let seat = seats[agent] else { throw .notLoggedIn }
        guard seat.fence == fence else { throw .staleLogin(present: seat.fence) }
        if let same = seat.engagements.first(where: { $0.contact == offer.contact && $0.phase != .wrapUp }) {
            guard same.phase == .reserved else { throw .reservedFor(offer.contact) }
            return (same.reservation, [])
        }
        guard !isDraining else { throw .draining }
        let isCalling = isOwnWish && seat.mayCall
        if isCalling, seat.engagements.isEmpty, case .notReady(let reason) = seat.rest {
            seats[agent]?.breakReason = reason
        }
        if !isCalling, let shown = seat.shown, !seat.hasRoom(for: offer.cost, spoken: offer.channel.isSpoken) {
            throw .reservedFor(shown.contact)
        }
        guard isCalling || seat.isWilling(requiresPhone: false) else { throw .wrongState(seat.state.kind) }
        guard seat.phoneRegistered || !settings.requiresPhone else { throw .phoneUnregistered }
        if let other = byContact[offer.contact] { throw .contactPlaced(other) }
        grants += 1
        let reservation = Reservation(agent: agent, contact: offer.contact, fence: fence, number: grants)
        let deadline = now.instant + settings.reservedMax
        return (reservation, begin(Engagement(reservation, offer, since: now, deadline: deadline), at: now))
    }

    /// Follows an order about a live reservation; refuses one about another, and one that does not fit the phase.
    package mutating func follow(
        _ order: AgentOrder,
        of reservation: Reservation,
        at now: Moment
    ) throws(AgentRefusal) -> [AgentEvent] {
        guard let seat = seats[reservation.agent] else { throw .notLoggedIn }
        guard seat.fence == reservation.fence else { throw .staleLogin(present: seat.fence) }
        guard let held = engagement(reservation) else { throw .staleReservation }
        switch (order, held.phase) {
        case (.ringing, .reserved):
            let margin = held.channel == .voice ? settings.ringMargin : .zero
            let deadline = now.instant + held.ringTime + margin
            return move(held, to: .ringing, cause: .ringing, until: deadline, at: now)
        case (.taken, .reserved), (.taken, .ringing):
            guard !held.isTaken else { throw .wrongState(held.phase.state.kind) }
            if let index = seat.index(of: reservation.number) {
                seats[reservation.agent]?.engagements[index].isTaken = true
            }
            return move(held, to: .ringing, cause: .taken, until: now.instant + settings.takenMax, at: now)
        case (.answered, .reserved), (.answered, .ringing):
            if let other = byContact[held.contact], other != reservation.agent { throw .contactPlaced(other) }
            let longest = held.channel.isSpoken ? settings.talkingMax : settings.textMax
            return move(held, to: .talking, cause: .answered, until: now.instant + longest, at: now)
        case (.held, .talking):
            return move(held, to: .held, cause: .held, until: held.deadline, at: now)
        case (.resumed, .held):
            return move(held, to: .talking, cause: .resumed, until: held.deadline, at: now)
        case (.ended, .talking), (.ended, .held):
            return end(held, cause: .contactEnded, at: now)
        case (.noAnswer, .reserved), (.noAnswer, .ringing):
            return setAside(held, cause: .noAnswer, at: now)
        case (.declined, .reserved), (.declined, .ringing):
            return setAside(held, cause: .declined, at: now)
        case (.withdrawn, .reserved), (.withdrawn, .ringing), (.ended, .reserved), (.ended, .ringing):
            return finish(held, cause: .withdrawn, at: now)
        default:
            throw .wrongState(held.phase.state.kind)
        }
    }
}
