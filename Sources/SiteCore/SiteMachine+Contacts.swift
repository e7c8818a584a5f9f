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
        case .registrationResult, .trunk: break
        default: push(calls.handle(event, now: now))
        }
    }

    private mutating func arrive(_ call: SIPIncomingCall, _ now: Moment) {
        guard !isDraining, contacts.count < boot.settings.contactsMax else {
            log(.warning, "call.refused", [("dialled", call.dialled), ("why", isDraining ? "draining" : "full")])
            let retry = SIPExtraHeader(name: "Retry-After", value: "30")
            return follow(
                media.fromCalls(.reject(call.leg, status: 503, reason: nil, headers: [retry]), now: now),
                now
            )
        }
        if case .phone(let user) = call.origin, let agent = directory.agent(sipUser: user) {
            return dialled(call, by: agent, now)
        }
        guard let queue = directory.queue(dialled: call.dialled) else {
            log(.info, "call.refused", [("dialled", call.dialled), ("why", "unknown number")])
            return follow(
                media.fromCalls(.reject(call.leg, status: 404, reason: nil, headers: []), now: now),
                now
            )
        }
        contactCounter += 1
        let id = ContactID(site: site, incarnation: boot.incarnation, counter: contactCounter)
        let number = call.caller.isAnonymous ? "" : call.caller.number
        var live = LiveContact(
            id: id,
            queue: queue.id,
            entryQueue: queue.id,
            dialled: call.dialled,
            callerNumber: number,
            callerName: call.caller.isAnonymous ? "" : call.caller.displayName,
            arrived: now,
            stage: .recording,
            stageSince: now.wall
        )
        takePlace(&live, now)
        calls.accept(call, as: id, now: now)
        anchored[call.leg]?.contact = id
        log(.info, "contact.arrived", [("contact", id.key), ("queue", live.queue.key), ("call", call.callID)])
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
        } else if let name = zoneQueries.removeValue(forKey: token) {
            if case .zone(let table) = answer { directory.learn(zone: name, table) }
            if (directory.zones[name] ?? nil) == nil {
                alarm("calendar.zoneUnknown", [("zone", name), ("effect", "calendars of this zone count as open")])
            }
        } else if let contact = lookUps.removeValue(forKey: token) {
            guard contacts[contact]?.stage == .lookingUp(token) else { return }
            if case .caller(let file) = answer { contacts[contact]?.file = file }
            record(contact, now)
        }
    }

    /// Writes down that the contact is here; what the caller hears waits for it.
    mutating func record(_ id: ContactID, _ now: Moment) {
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
            customerName: live.file?.name,
            queuedAt: live.since,
            ticket: live.place?.ticket ?? live.givenTicket,
            channel: live.channel,
            severity: live.severity,
            root: live.root == live.id ? nil : live.root,
            title: live.title,
            ownCall: live.origin.ownCall
        )
        pipeline.add(ContactEdits.arrival(arrival), for: .arrival(id))
    }

    /// The record is on disk, or could not be made.
    mutating func recorded(_ id: ContactID, _ outcome: CommitOutcome?, _ now: Moment) {
        guard var live = contacts[id] else { return }
        switch outcome {
        case .committed(let commit):
            live.ticket =
                live.place?.ticket ?? live.givenTicket ?? commit.created.lazy.compactMap { TicketID($0) }.first
            live.stage = .waiting
            contacts[id] = live
            if live.origin == .incoming {
                statistics.count(live.queue, at: now.wall) { $0.counts.enter() }
                publishStatistics(live.queue, now)
            }
            if let token = live.opening { reply(token, live.isText ? .opened(id, live.ticket) : .done) }
            contacts[id]?.opening = nil
            live.opening = nil
            if live.origin != .incoming {
                if let early = live.endedEarly { return finish(live, early.by, early.reason, early.at, now) }
                return ring(live, now)
            }
            if let early = live.endedEarly { return finish(live, early.by, early.reason, early.at, now) }
            endCall(behind: live, now)
            enqueue(live, now)
        case .rejected where live.place?.ticket != nil:
            // The lost site's ticket has not come here yet: the contact gets one of its own.
            live.place?.ticket = nil
            contacts[id] = live
            record(id, now)
        case .rejected(let why) where live.isText: unrecorded(live, Refusal(why), now)
        case nil where live.isText:
            unrecorded(live, Refusal(.unavailable, "The contact could not be written down."), now)
        case .rejected(let rejection) where live.file != nil:
            // The customer's file went away meanwhile: the call matters more.
            log(.warning, "contact.withoutFile", [("contact", id.key), ("why", "\(rejection)")])
            live.file = nil
            contacts[id] = live
            record(id, now)
        case .rejected, nil:
            alarm("contact.unrecorded", [("contact", id.key), ("why", "\(outcome.map { "\($0)" } ?? "disk")")])
            contacts[id] = nil
            if live.origin != .incoming { return unrecordedOwn(live, now) }
            statistics.count(live.queue, at: now.wall) { $0.other += 1 }
            publishStatistics(live.queue, now)
            if live.endedEarly == nil { push(calls.refuse(id, status: 503, reason: "not recorded", now: now)) }
        }
    }

    // MARK: What the call machine reports

    mutating func handle(_ event: CallEvent, _ now: Moment) {
        switch event {
        case .progress(let bridge): log(.debug, "contact.ringing", [("bridge", bridge.description)])
        case .joined(let bridge): joined(bridge, now)
        case .offerFailed(let bridge, let failure): offerFailed(bridge, failure, now)
        case .ended(let contact, let by, let reason): ended(contact, by, reason, now)
        case .alone(let contact): alone(contact, now)
        case .offered(let offer, let peer): offered(offer, from: peer, now)
        case .ringing, .answered: break
        case .placing(let bridge): placing(bridge, now)
        case .handedOver(let contact, let other): handedOver(contact, other, now)
        case .adopted(let bridge, let origin, let number, let name): adopted(bridge, origin, number, name, now)
        case .handOverRefused(let bridge): handOverRefused(bridge)
        case .swapped(let bridge, _):
            if let agent = bridges[bridge]?.agent { changedViews.insert(.desk(agent)) }
        case .outsideLegOver(let bridge, _): log(.debug, "outside.over", [("bridge", bridge.description)])
        case .partiesChanged(let contact): partiesChanged(contact, now)
        case .mixFailed(let contact): mixFailed(contact)
        case .referred(let half, let leg, let referral): referred(half, leg, referral, now)
        case .connected(let bridge): connected(bridge, now)
        case .agentLegOver(let bridge, let agent, let end): legOver(bridge, agent, end, now)
        case .held(let bridge, let isHeld): held(bridge, isHeld, now)
        case .orphaned(let bridge):
            log(.warning, "bridge.orphaned", [("bridge", bridge.description)])
        }
    }

    private mutating func joined(_ bridge: BridgeID, _ now: Moment) {
        guard var live = contacts[calls.owner(of: bridge)] else { return }
        // Whoever it was made for is there; from now on it is passed on like any other.
        let wanted = live.wanted
        live.wanted = nil
        switch live.stage {
        case .offering(bridge, let candidate), .placing(bridge, let candidate):
            live.stage = .talking(bridge, held: false)
            noteAnswer(live, by: candidate, now)
        case .outside(bridge, false):
            live.stage = .outside(bridge, isJoined: true)
            if live.origin != .incoming, live.answer == nil, live.reachedAt == nil { noteReached(&live, wanted, now) }
            live.stageSince = now.wall
            contacts[live.id] = live
            router.waiting.remove(live.id)
            show(live, now)
        default: return
        }
        if let agent = live.origin.agent { changedViews.insert(.desk(agent)) }
    }

    /// Customer and agent have come together: record, figures, wall.
    ///
    /// A text contact that went back to its queue is answered again; it is counted once, from its first answer.
    mutating func noteAnswer(_ contact: LiveContact, by candidate: Candidate, _ now: Moment) {
        var live = contact
        let first = live.answer
        let answer = LiveContact.Answer(
            agent: candidate.agent,
            site: candidate.fence.site,
            at: first?.at ?? now,
            queue: first?.queue ?? live.queue
        )
        live.stageSince = now.wall
        live.answer = answer
        live.noteAgent(candidate.agent)
        contacts[live.id] = live
        endEstimate(live, isAnswered: true, now)
        router.waiting.remove(live.id)
        mediaAnswered(live.id, now)
        timers.set(.overflow(live.id), nil)
        timers.set(.callback(live.id), nil)
        let waited = live.waited(until: now)
        let isCounted = live.origin == .incoming
        if first == nil, isCounted {
            let target = definition(of: live.queue).serviceLevel
            statistics.count(live.queue, at: now.wall) { $0.counts.answer(after: waited, threshold: target) }
            publishStatistics(live.queue, now)
        }
        pipeline.add(
            ContactEdits.answered(
                live.id,
                ticket: live.ticket,
                agent: candidate.agent,
                agentSite: candidate.fence.site,
                at: answer.at.wall,
                waited: waited,
                queue: isCounted ? answer.queue : nil,
                decision: decisionToKeep(live)
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

    /// Somebody outside has answered a call that an agent made.
    private mutating func noteReached(_ live: inout LiveContact, _ target: CallTarget?, _ now: Moment) {
        live.reachedAt = now
        let number = if case .number(let number) = target { number } else { live.callerNumber }
        pipeline.add(
            ContactEdits.reached(live.id, number: number, at: now.wall, waited: live.waited(until: now)),
            for: .record(live.id)
        )
        log(.info, "contact.reached", [("contact", live.id.key)])
    }

    private mutating func held(_ bridge: BridgeID, _ isHeld: Bool, _ now: Moment) {
        if var live = contacts[calls.owner(of: bridge)], case .talking(bridge, let before) = live.stage,
            before != isHeld
        {
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

    /// Publishes how far a contact has come.
    mutating func show(_ live: LiveContact, _ now: Moment) {
        publish(ContactPresence.key(live.id), ContactPresence(live).fields, now)
        changedViews.insert(.wall)
    }

    /// A queue's rules; the defaults when its record has gone.
    func definition(of queue: QueueID) -> QueueDefinition { directory.queues[queue] ?? QueueDefinition(id: queue) }

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
        case .textOffering, .textTalking: textTimedOut(live, now)
        case .recording, .waiting, .offering, .talking, .placing, .outside: break
        }
    }
}
