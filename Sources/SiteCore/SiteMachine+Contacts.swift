import Calls
import ContactCenter
import Kernel
import Replication
import Routing
import SIP

/// Contacts that arrive here: from the INVITE to the last line of their record.
extension SiteMachine {
    mutating func handle(_ event: SIPEvent, _ now: Moment) {
        switch event {
        case .incomingCall(let call): arrive(call, now)
        case .registered(let user, _, _): phone(of: user, isRegistered: true, now)
        case .unregistered(let user): phone(of: user, isRegistered: false, now)
        case .registrationResult: break
        default: push(calls.handle(event, now: now))
        }
    }

    private mutating func arrive(_ call: SIPIncomingCall, _ now: Moment) {
        guard !isDraining, contacts.count < boot.settings.contactsMax else {
            log(.warning, "call.refused", [("dialled", call.dialled), ("why", isDraining ? "draining" : "full")])
            let retry = SIPExtraHeader(name: "Retry-After", value: "30")
            return push(
                sip.perform(.reject(call.leg, status: 503, reason: nil, headers: [retry]), now: now)
            )
        }
        guard let queue = directory.queue(dialled: call.dialled) else {
            log(.info, "call.refused", [("dialled", call.dialled), ("why", "unknown number")])
            return push(sip.perform(.reject(call.leg, status: 404, reason: nil, headers: []), now: now))
        }
        contactCounter += 1
        let id = ContactID(site: site, incarnation: boot.incarnation, counter: contactCounter)
        let number = call.caller.isAnonymous ? "" : call.caller.number
        var live = LiveContact(
            id: id,
            queue: queue.id,
            dialled: call.dialled,
            callerNumber: number,
            callerName: call.caller.isAnonymous ? "" : call.caller.displayName,
            arrived: now,
            stage: .recording,
            stageSince: now.wall
        )
        calls.accept(call, as: id, now: now)
        log(.info, "contact.arrived", [("contact", id.key), ("queue", queue.id.key), ("call", call.callID)])
        if let known = PhoneNumber.normalised(number), lookUps.count < Limits.lookUpsMax {
            let token = newQuery()
            lookUps[token] = id
            live.stage = .lookingUp(token)
            contacts[id] = live
            timers.set(.contact(id), now.instant + boot.settings.lookUpMax)
            outbox.append(.query(token, .lookUpCaller(number: known)))
        } else {
            contacts[id] = live
            record(id, now)
        }
    }

    mutating func answered(_ token: QueryToken, _ answer: QueryAnswer, _ now: Moment) {
        if let reading = readings.removeValue(forKey: token) {
            if case .ops(let batch, let damaged) = answer {
                follow(records.handle(.read(reading, batch, damaged: damaged), at: now), now)
            } else {
                follow(records.handle(.read(reading, nil), at: now), now)
            }
        } else if let contact = lookUps.removeValue(forKey: token) {
            guard contacts[contact]?.stage == .lookingUp(token) else { return }
            if case .caller(let file) = answer { contacts[contact]?.file = file }
            record(contact, now)
        }
    }

    /// Writes down that the contact is here; what the caller hears waits for it.
    private mutating func record(_ id: ContactID, _ now: Moment) {
        guard var live = contacts[id] else { return }
        timers.set(.contact(id), nil)
        live.stage = .recording
        contacts[id] = live
        let arrival = ContactEdits.Arrival(
            contact: id,
            queue: live.queue,
            dialled: live.dialled,
            callerNumber: live.callerNumber,
            callerName: live.callerName,
            site: site,
            at: live.arrived.wall,
            customer: live.file?.customer,
            customerName: live.file?.name
        )
        pipeline.add(ContactEdits.arrival(arrival), for: .arrival(id))
    }

    /// The record is on disk, or could not be made.
    mutating func recorded(_ id: ContactID, _ outcome: CommitOutcome?, _ now: Moment) {
        guard var live = contacts[id] else { return }
        switch outcome {
        case .committed(let commit):
            live.ticket = commit.created.lazy.compactMap { TicketID($0) }.first
            live.stage = .waiting
            contacts[id] = live
            if let early = live.endedEarly { return finish(live, early.by, early.reason, early.at, now) }
            enqueue(live, now)
        case .rejected(let rejection) where live.file != nil:
            // The customer's file went away meanwhile: the call matters more.
            log(.warning, "contact.withoutFile", [("contact", id.key), ("why", "\(rejection)")])
            live.file = nil
            contacts[id] = live
            record(id, now)
        case .rejected, nil:
            alarm("contact.unrecorded", [("contact", id.key), ("why", "\(outcome.map { "\($0)" } ?? "disk")")])
            contacts[id] = nil
            statistics.unanswered(live.queue, .refused, at: now.wall)
            publishStatistics(live.queue, now)
            if live.endedEarly == nil { push(calls.refuse(id, status: 503, reason: "not recorded", now: now)) }
        }
    }

    private mutating func enqueue(_ live: LiveContact, _ now: Moment) {
        guard let queue = directory.queues[live.queue] else {
            return push(calls.refuse(live.id, status: 404, reason: "the queue was deleted", now: now))
        }
        do {
            try router.waiting.add(ContactPresence(live).waiting(at: site, queue: queue))
        } catch {
            return push(calls.refuse(live.id, status: 503, reason: "too many waiting", now: now))
        }
        push(calls.announce(live.id))
        show(live, now)
        work.append(.match(live.id))
    }

    // MARK: What the call machine reports

    mutating func handle(_ event: CallEvent, _ now: Moment) {
        switch event {
        case .progress(let bridge): log(.debug, "contact.ringing", [("bridge", bridge.description)])
        case .joined(let bridge): joined(bridge, now)
        case .offerFailed(let bridge, let failure): offerFailed(bridge, failure, now)
        case .ended(let contact, let by, let reason): ended(contact, by, reason, now)
        case .offered(let offer, let peer): offered(offer, from: peer, now)
        case .ringing, .answered: break
        case .connected(let bridge): connected(bridge, now)
        case .agentLegOver(let bridge, let agent, let end): legOver(bridge, agent, end, now)
        case .held(let bridge, let isHeld): held(bridge, isHeld, now)
        case .orphaned(let bridge):
            log(.warning, "bridge.orphaned", [("bridge", bridge.description)])
        }
    }

    private mutating func joined(_ bridge: BridgeID, _ now: Moment) {
        guard var live = contacts[bridge.contact], case .offering(bridge, let candidate) = live.stage else { return }
        live.stage = .talking(bridge, held: false)
        live.stageSince = now.wall
        live.answer = LiveContact.Answer(agent: candidate.agent, site: candidate.fence.site, at: now)
        contacts[live.id] = live
        router.waiting.remove(live.id)
        let waited = now.instant - live.arrived.instant
        let target = directory.queues[live.queue]?.serviceLevel ?? .zero
        statistics.answered(live.queue, inTime: waited <= target, at: now.wall)
        publishStatistics(live.queue, now)
        pipeline.add(
            ContactEdits.answered(
                live.id,
                ticket: live.ticket,
                agent: candidate.agent,
                agentSite: candidate.fence.site,
                at: now.wall,
                waited: waited
            ),
            for: .record(live.id)
        )
        log(
            .info,
            "contact.answered",
            [
                ("contact", live.id.key), ("agent", candidate.agent.key), ("site", candidate.fence.site.name),
                ("waitMs", "\(waited.milliseconds)"),
            ]
        )
        show(live, now)
    }

    private mutating func held(_ bridge: BridgeID, _ isHeld: Bool, _ now: Moment) {
        if var live = contacts[bridge.contact], case .talking(bridge, let before) = live.stage, before != isHeld {
            live.stage = .talking(bridge, held: isHeld)
            live.stageSince = now.wall
            contacts[live.id] = live
            show(live, now)
        }
        if let reservation = bridges[bridge],
            let events = try? book.follow(isHeld ? .held : .resumed, of: reservation, at: now)
        {
            push(events)
        }
    }

    private mutating func ended(_ id: ContactID, _ by: EndedBy, _ reason: String, _ now: Moment) {
        guard var live = contacts[id] else { return }
        switch live.stage {
        case .lookingUp(let token):
            // Even who gives up in the first moments has called: the record is made, then closed.
            lookUps[token] = nil
            live.endedEarly = (by, reason, now)
            contacts[id] = live
            record(id, now)
        case .recording:
            live.endedEarly = (by, reason, now)
            contacts[id] = live
        case .reserving(let candidate, _):
            giveBack(candidate, of: id, now)
            finish(live, by, reason, now, now)
        case .waiting, .offering, .talking:
            finish(live, by, reason, now, now)
        }
    }

    /// The last line of the contact's record, its figures, and its place on the wall.
    private mutating func finish(
        _ live: LiveContact,
        _ by: EndedBy,
        _ reason: String,
        _ at: Moment,
        _ now: Moment
    ) {
        contacts[live.id] = nil
        timers.set(.contact(live.id), nil)
        router.waiting.remove(live.id)
        let outcome: ContactOutcome =
            live.answer != nil ? .answered : (by == .system ? .refused : .abandoned)
        if live.answer == nil {
            statistics.unanswered(live.queue, outcome, at: now.wall)
            publishStatistics(live.queue, now)
        }
        let ending = ContactEdits.Ending(
            contact: live.id,
            ticket: live.ticket,
            agent: live.answer?.agent,
            startedAt: live.arrived.wall,
            endedAt: at.wall,
            by: by,
            reason: reason,
            outcome: outcome,
            waited: (live.answer?.at.instant ?? at.instant) - live.arrived.instant,
            talked: live.answer.map { at.instant - $0.at.instant }
        )
        pipeline.add(ContactEdits.ended(ending), for: .record(live.id))
        publish(ContactPresence.key(live.id), nil, now)
        changedViews.insert(.wall)
        log(
            .info,
            "contact.ended",
            [
                ("contact", live.id.key), ("by", by.rawValue), ("outcome", outcome.rawValue), ("reason", reason),
            ]
        )
    }

    /// Publishes how far a contact has come.
    mutating func show(_ live: LiveContact, _ now: Moment) {
        publish(ContactPresence.key(live.id), ContactPresence(live).fields, now)
        changedViews.insert(.wall)
    }

    mutating func publishStatistics(_ queue: QueueID, _ now: Moment) {
        guard let figures = statistics.queues[queue] else { return }
        publish(PresenceKey(kind: PresenceKind.statistics, id: queue.key), figures.fields, now)
    }

    mutating func contactTimedOut(_ id: ContactID, _ now: Moment) {
        guard let live = contacts[id] else { return }
        switch live.stage {
        case .lookingUp(let token):
            lookUps[token] = nil
            log(.warning, "contact.withoutFile", [("contact", id.key), ("why", "look-up took too long")])
            record(id, now)
        case .reserving(let candidate, _):
            giveBack(candidate, of: id, now)
            passOver(candidate, of: id, "no answer in time", now)
        case .recording, .waiting, .offering, .talking: break
        }
    }
}
