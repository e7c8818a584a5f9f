import Calls
import Calls
import ContactCenter
import Kernel
import Replication
import Routing

/// Text contacts on the desks of agents who are signed in here, wherever the contact arrived.
extension SiteMachine {
    // MARK: What the agent asks

    /// The agent takes an offer; it is hers once the contact's site agrees.
    mutating func accept(_ contact: ContactID, _ agent: AgentID, _ now: Moment) throws(Refusal) {
        let (engagement, desk) = try textOnDesk(contact, agent)
        if engagement.isTaken || engagement.phase.isConversation { return }
        guard desk.originSite == site || linked.contains(desk.originSite) else {
            throw Refusal(.unavailable, "The contact's site \(desk.originSite.name) cannot be reached.")
        }
        push(try ordered(.taken, engagement, now))
        say(TextMessage(.take, engagement.reservation), to: desk.originSite, now)
    }

    /// The agent does not take an offer: it goes back to the head of its queue.
    mutating func decline(_ contact: ContactID, _ agent: AgentID, _ now: Moment) throws(Refusal) {
        let (engagement, _) = try textOnDesk(contact, agent)
        guard !engagement.isTaken else { throw Refusal(.conflict, "The contact has been taken.") }
        push(try ordered(.declined, engagement, now))
    }

    /// The agent is done with a contact; paperwork follows.
    mutating func finishText(_ contact: ContactID, _ agent: AgentID, _ now: Moment) throws(Refusal) {
        let (engagement, desk) = try textOnDesk(contact, agent)
        guard engagement.phase.isConversation else {
            throw Refusal(.conflict, "That is not possible in the state \(engagement.phase.state.kind.name).")
        }
        push(try ordered(.ended, engagement, now))
        report(.finished, engagement.reservation, "finished at the desk", to: desk.originSite, now)
    }

    private func textOnDesk(
        _ contact: ContactID,
        _ agent: AgentID
    ) throws(Refusal) -> (engagement: Engagement, desk: DeskCase) {
        guard book.view(of: agent) != nil else {
            throw Refusal(.notSignedIn, "The agent is not signed in at this site.")
        }
        guard let engagement = book.engagement(of: agent, with: contact),
            let desk = desks[engagement.reservation.number]
        else { throw Refusal(.notFound, "The contact \(contact.key) is not on this desk.") }
        guard engagement.channel != .voice else {
            throw Refusal(.conflict, "The contact \(contact.key) is a call; the phone takes it.")
        }
        return (engagement, desk)
    }

    private mutating func ordered(
        _ order: AgentOrder,
        _ engagement: Engagement,
        _ now: Moment
    ) throws(Refusal) -> [AgentEvent] {
        do {
            return try book.follow(order, of: engagement.reservation, at: now)
        } catch {
            throw Refusal(error)
        }
    }

    // MARK: What the contact's site says

    mutating func deskReceives(_ message: TextMessage, from peer: SiteID, _ now: Moment) {
        let held = engagement(message, from: peer)
        switch message.step {
        case .offer:
            guard let held else { return say(message.answered(.returned, reason: "notReserved"), to: peer, now) }
            // One that stands on the desk already has come twice.
            if let events = try? book.follow(.ringing, of: held.reservation, at: now) { push(events) }
        case .agreed: agreed(message, held, by: peer, now)
        case .gone: gone(message, held, by: peer, now)
        case .take, .finished, .returned: break
        }
    }

    private mutating func agreed(_ message: TextMessage, _ held: Engagement?, by peer: SiteID, _ now: Moment) {
        guard let held, held.phase != .wrapUp else {
            let known = UInt64(exactly: message.reservation).flatMap { endings.ending(of: $0, to: peer) }
            return say(known ?? message.answered(.returned, reason: "unknown"), to: peer, now)
        }
        timers.set(.desk(held.reservation.number), nil)
        if !held.phase.isConversation, let events = try? book.follow(.answered, of: held.reservation, at: now) {
            push(events)
        }
    }

    private mutating func gone(_ message: TextMessage, _ held: Engagement?, by peer: SiteID, _ now: Moment) {
        if let number = UInt64(exactly: message.reservation) { endings.heard(number, by: peer) }
        guard let held, held.phase != .wrapUp,
            let events = try? book.follow(.ended, of: held.reservation, at: now)
        else { return }
        timers.set(.desk(held.reservation.number), nil)
        push(events)
        guard held.phase.isConversation else {
            let isLost = message.reason == CallMachine.answeredByAnother
            return isLost ? tellAnsweredElsewhere(held.reservation.agent, "contact") : ()
        }
        let why = message.reason.isEmpty ? "" : " (\(message.reason))"
        tell(held.reservation.agent, "The contact \(held.contact.key) has ended or gone back to its queue\(why).")
    }

    /// The agent's part that a message is about, if it stands.
    private func engagement(_ message: TextMessage, from peer: SiteID) -> Engagement? {
        guard let number = UInt64(exactly: message.reservation), let desk = desks[number], desk.originSite == peer,
            desk.contact == message.contact, desk.agent == message.agent
        else { return nil }
        return book.engagements(of: desk.agent).first { $0.reservation.number == number && $0.channel != .voice }
    }

    // MARK: What the book decides

    /// Tells the contact's site when the agent's part in a text contact is over without its word.
    mutating func reportText(_ event: AgentEvent, _ now: Moment) {
        guard let reservation = event.reservation, let channel = event.channel, channel != .voice,
            let before = event.before, let desk = desks[reservation.number]
        else { return }
        switch (before, event.after) {
        case (.reserved, nil), (.ringing, nil):
            guard event.cause != .withdrawn else { return }
            report(.returned, reservation, event.cause.rawValue, to: desk.originSite, now)
        case (.talking, nil), (.held, nil), (.talking, .wrapUp), (.held, .wrapUp):
            // Whoever ended it has told the other already.
            guard event.cause != .contactEnded else { return }
            let step: TextMessage.Step = event.cause == .talkingExpired ? .finished : .returned
            report(step, reservation, event.cause.rawValue, to: desk.originSite, now)
        default: break
        }
    }

    private mutating func report(
        _ step: TextMessage.Step,
        _ reservation: Reservation,
        _ reason: String,
        to peer: SiteID,
        _ now: Moment
    ) {
        let message = TextMessage(step, reservation, reason: reason)
        endings.note(message, of: reservation.number, to: peer)
        timers.set(.desk(reservation.number), nil)
        say(message, to: peer, now)
    }

    // MARK: Time and links

    mutating func deskLinkDown(_ peer: SiteID, _ now: Moment) {
        for number in desks.keys.sorted() {
            guard let desk = desks[number], desk.originSite == peer, let held = textEngagement(desk) else { continue }
            if held.phase.isConversation {
                timers.set(.desk(number), now.instant + Limits.textLinkGrace)
            } else if let events = try? book.follow(.withdrawn, of: held.reservation, at: now) {
                push(events)
            }
        }
    }

    mutating func deskLinkUp(_ peer: SiteID, _ now: Moment) {
        for message in endings.all(to: peer) { say(message, to: peer, now) }
        for number in desks.keys.sorted() {
            guard let desk = desks[number], desk.originSite == peer, let held = textEngagement(desk),
                held.phase.isConversation
            else { continue }
            timers.set(.desk(number), nil)
            say(TextMessage(.take, held.reservation), to: peer, now)
        }
    }

    /// The link to a contact's site stayed away: that site gives the contact to somebody else.
    mutating func deskTimedOut(_ number: UInt64, _ now: Moment) {
        guard let desk = desks[number], let held = textEngagement(desk),
            let events = try? book.follow(.ended, of: held.reservation, at: now)
        else { return }
        push(events)
        endings.note(TextMessage(.returned, held.reservation, reason: "link lost"), of: number, to: desk.originSite)
        let text = "The site \(desk.originSite.name) cannot be reached; the contact \(held.contact.key) went back."
        tell(desk.agent, text)
    }

    private func textEngagement(_ desk: DeskCase) -> Engagement? {
        book.engagement(desk.reservation).flatMap { $0.channel == .voice ? nil : $0 }
    }

    private mutating func tell(_ agent: AgentID, _ text: String) {
        outbox.append(.notice(agent, SiteNotice(.warning, text)))
        changedViews.insert(.desk(agent))
    }
}
