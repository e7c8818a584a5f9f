import Calls
import ContactCenter
import Kernel
import Replication
import Routing

/// Text contacts that arrived here: chats, mails, tickets of the portal, callbacks offered as a task.
///
/// They wait, are routed and are promised as calls are. Then `TextMessage` takes the place of the bridge: offer, take,
/// agreed, finished. This side alone says whose a contact is: an agent's "take" counts only while the offer of that
/// reservation stands. While the link to the agent's site is down an agreed contact stays hers for
/// `Limits.textLinkGrace`, then it goes back to its place in the queue and her reservation is void.
extension SiteMachine {
    // MARK: What the API asks

    mutating func open(_ opening: ContactOpening, _ token: CommandToken, _ now: Moment) throws(Refusal) {
        guard opening.channel != .voice else { throw Refusal(.invalid, "A call cannot be opened; it arrives.") }
        guard directory.queues[opening.queue] != nil else {
            throw Refusal(.notFound, "There is no queue \(opening.queue.key).")
        }
        guard !isDraining else { throw Refusal(.unavailable, "The site is about to stop.") }
        guard contacts.count < boot.settings.contactsMax, pipeline.count < Limits.commitWaitingMax else {
            throw Refusal(.unavailable, "The site has as many contacts as it can hold.")
        }
        contactCounter += 1
        let id = ContactID(site: site, incarnation: boot.incarnation, counter: contactCounter)
        var live = LiveContact(
            id: id,
            queue: opening.queue,
            entryQueue: opening.queue,
            dialled: "",
            callerNumber: String(opening.from.prefix(Limits.textTitleCharactersMax)),
            callerName: "",
            arrived: now,
            file: opening.file,
            stage: .recording,
            stageSince: now.wall
        )
        live.channel = opening.channel
        live.severity = opening.severity
        live.title = String(opening.title.prefix(Limits.textTitleCharactersMax))
        live.givenTicket = opening.ticket
        live.opening = token
        contacts[id] = live
        log(
            .info,
            "contact.arrived",
            [("contact", id.key), ("queue", live.queue.key), ("channel", live.channel.rawValue)]
        )
        record(id, now)
    }

    /// The customer, or whoever speaks for the channel, ends a text contact that arrived here.
    mutating func close(_ id: ContactID, _ by: EndedBy, _ reason: String) throws(Refusal) {
        guard let live = contacts[id], live.isText else {
            let place = id.site.map { $0 == site ? "" : " It belongs to \($0.name)." } ?? ""
            throw Refusal(.notFound, "There is no live text contact \(id.key) here.\(place)")
        }
        work.append(.close(id, by, String(reason.prefix(Limits.textTitleCharactersMax))))
    }

    /// The record could not be made: whoever opened the contact hears why.
    mutating func unrecorded(_ live: LiveContact, _ why: Refusal, _ now: Moment) {
        contacts[live.id] = nil
        if let old = live.place?.contact, heirs[old] == live.id { heirs[old] = nil }
        keepCall(behind: live, now)
        timers.set(.contact(live.id), nil)
        log(.warning, "contact.refused", [("contact", live.id.key), ("why", why.message)])
        if let token = live.opening { reply(token, .refused(why)) }
    }

    // MARK: Offering

    /// The agent's site has promised the agent: the offer goes on her desk.
    mutating func offerText(_ contact: LiveContact, to candidate: Candidate, _ reservation: Int64, _ now: Moment) {
        var live = contact
        let until = now.instant + definition(of: live.queue).ringTime + Limits.textOfferMargin
        live.stage = .textOffering(candidate, reservation: reservation)
        live.stageSince = now.wall
        live.forks.leadUntil = until
        contacts[live.id] = live
        timers.set(.contact(live.id), until)
        if !live.forks.isEmpty { watch(live) }
        log(
            .info,
            "contact.offered",
            [
                ("contact", live.id.key), ("agent", candidate.agent.key), ("site", candidate.fence.site.name),
                ("rule", candidate.rule.rawValue),
            ]
        )
        show(live, now)
        say(TextMessage(.offer, live.id, candidate.agent, reservation), to: candidate.fence.site, now)
    }

    /// Says something about a text contact to a site, or to the other half here.
    mutating func say(_ message: TextMessage, to peer: SiteID, _ now: Moment) {
        if peer == site { work.append(.text(message)) } else { send(.text(message), to: peer) }
    }

    mutating func receive(_ message: TextMessage, from peer: SiteID, _ now: Moment) {
        switch message.step {
        case .take: taken(message, by: peer, now)
        case .finished, .returned: over(message, at: peer, now)
        case .offer, .agreed, .gone: deskReceives(message, from: peer, now)
        }
    }

    // MARK: What the agent's site says

    private mutating func taken(_ message: TextMessage, by peer: SiteID, _ now: Moment) {
        guard var live = contacts[message.contact], live.isText, live.leadStands(message, at: peer) else {
            let isTaken = contacts[message.contact]?.state == .talking
            let why = isTaken ? CallMachine.answeredByAnother : "it is no longer hers"
            return say(message.answered(.gone, reason: why), to: peer, now)
        }
        if case .textOffering(let candidate, let reservation) = live.stage {
            if !live.forks.isEmpty { withdrawForks(of: &live, CallMachine.answeredByAnother, now) }
            // A callback is dialled once in the whole cluster; that takes a moment to make sure of.
            if live.channel == .callback { return claimDial(live, by: candidate, reservation, now) }
            live.stage = .textTalking(reservation: reservation)
            noteAnswer(live, by: candidate, now)
        }
        timers.set(.contact(live.id), nil)
        say(message.answered(.agreed), to: peer, now)
    }

    /// Nobody else dials: the callback is the agent's.
    mutating func dialAgreed(_ contact: LiveContact, _ candidate: Candidate, _ reservation: Int64, _ now: Moment) {
        var live = contact
        timers.set(.contact(live.id), nil)
        live.stage = .textTalking(reservation: reservation)
        noteAnswer(live, by: candidate, now)
        say(TextMessage(.agreed, live.id, candidate.agent, reservation), to: candidate.fence.site, now)
    }

    private mutating func over(_ message: TextMessage, at peer: SiteID, _ now: Moment) {
        // Said first: whatever becomes of the contact, this reservation is over and need not be told again.
        say(message.answered(.gone), to: peer, now)
        guard var live = contacts[message.contact], live.isText, live.leadStands(message, at: peer) else { return }
        switch live.stage {
        case .textOffering(let candidate, _): passOver(candidate, of: live.id, message.reason, now)
        case .textTalking where message.step == .finished:
            finish(live, .agent, message.reason, now, now)
        default: backToQueue(live, message.reason, now)
        }
    }

    /// A contact that was answered waits again at its place, which its time of arrival gives.
    mutating func backToQueue(_ contact: LiveContact, _ reason: String, _ now: Moment) {
        var live = contact
        timers.set(.contact(live.id), nil)
        live.stage = .waiting
        live.forks = ContactForks()
        live.stageSince = now.wall
        contacts[live.id] = live
        log(.info, "contact.returned", [("contact", live.id.key), ("why", reason)])
        enqueue(live, now)
    }

    /// Ends the agent's part before the contact ends.
    mutating func releaseText(_ live: LiveContact, _ reason: String, _ now: Moment) {
        for fork in live.forks.others { withdraw(fork.stage, of: live.id, reason, now) }
        guard let (agent, peer) = live.agent, let reservation = live.textReservation else { return }
        say(TextMessage(.gone, live.id, agent, reservation, reason: reason), to: peer, now)
    }

    // MARK: Time and links

    /// No word from the agent's site about an offer, or no link to it for too long.
    mutating func textTimedOut(_ live: LiveContact, _ now: Moment) {
        guard live.forks.isEmpty else { return dropLate(of: live.id, now) }
        dropClaim(of: live.id, now)
        releaseText(live, "no word in time", now)
        if case .textOffering(let candidate, _) = live.stage {
            passOver(candidate, of: live.id, "no answer in time", now)
        } else {
            backToQueue(live, "the agent's site cannot be reached", now)
        }
    }

    /// Offers to a site without a link are over; contacts that its agents work on stay theirs for a while.
    mutating func textLinkDown(_ peer: SiteID, _ now: Moment) {
        for id in contacts.keys.sorted() {
            if let live = contacts[id], case .textTalking = live.stage, live.agent?.1 == peer {
                timers.set(.contact(id), now.instant + Limits.textLinkGrace)
            }
            while let candidate = contacts[id]?.candidate(where: { $0.isTextOffer(at: peer) }) {
                passOver(candidate, of: id, "link lost", now)
            }
        }
        deskLinkDown(peer, now)
    }

    /// Both sides say what they hold.
    mutating func textLinkUp(_ peer: SiteID, _ now: Moment) {
        deskLinkUp(peer, now)
        for id in contacts.keys.sorted() {
            guard let live = contacts[id], case .textTalking(let reservation) = live.stage,
                let (agent, there) = live.agent, there == peer
            else { continue }
            timers.set(.contact(id), nil)
            say(TextMessage(.agreed, id, agent, reservation), to: peer, now)
        }
    }
}

extension LiveContact {
    /// True for channels that need no phone line.
    var isText: Bool { channel != .voice }

    /// The reservation that an offer or an answer rests on.
    var textReservation: Int64? {
        switch stage {
        case .textOffering(_, let reservation), .textTalking(let reservation): reservation
        default: nil
        }
    }

    /// True when a message is about the reservation that this contact rests on.
    func stands(_ message: TextMessage, at peer: SiteID) -> Bool {
        guard let (agent, there) = agent, let reservation = textReservation else { return false }
        return there == peer && agent == message.agent && reservation == message.reservation
    }
}
