import Calls
import ContactCenter
import Kernel
import Routing
import SIP

/// Agents who are signed in here: promises, rings, and what their states set off.
extension SiteMachine {
    /// A contact's site (or this one) wants an agent of ours.
    mutating func reserve(_ request: ReserveRequest, for peer: SiteID, _ now: Moment) {
        let queue = directory.queues[request.brief.queue] ?? QueueDefinition(id: request.brief.queue)
        let offer = ContactOffer(
            contact: request.contact,
            queue: queue.id,
            channel: request.brief.channel,
            cost: queue.cost(of: request.brief.channel),
            ringTime: queue.ringTime,
            wrapUp: queue.wrapUp,
            isShared: queue.strategy == .ringAll
        )
        do {
            let (reservation, events) = try book.reserve(
                request.agent,
                fence: LoginFence(epoch: request.epoch, site: site),
                for: offer,
                at: now
            )
            desks[reservation.number] = DeskCase(
                reservation: reservation,
                originSite: peer,
                brief: request.brief
            )
            push(events)
            let number = Int64(clamping: reservation.number)
            if peer == site {
                granted(request.request, request.contact, request.agent, number, by: site, now)
            } else {
                send(
                    .granted(
                        request: request.request,
                        contact: request.contact,
                        agent: request.agent,
                        reservation: number
                    ),
                    to: peer
                )
            }
        } catch {
            let reason = "\(error)"
            if peer == site {
                requestRefused(request.request, request.contact, reason, by: site, now)
            } else {
                send(
                    .refused(request: request.request, contact: request.contact, agent: request.agent, reason: reason),
                    to: peer
                )
            }
        }
    }

    /// The contact's site no longer wants an agent whom it had reserved; one who rings is let go by her half-call.
    mutating func release(_ contact: ContactID, _ agent: AgentID, by peer: SiteID, _ now: Moment) {
        guard let number = book.engagement(of: agent, with: contact)?.reservation.number,
            let desk = desks[number], desk.originSite == peer
        else { return }
        withdrawPromise(desk.reservation, now)
    }

    /// Promises to a site that can no longer use them.
    mutating func freePromises(to peer: SiteID, _ now: Moment) {
        for number in desks.keys.sorted() {
            if let desk = desks[number], desk.originSite == peer { withdrawPromise(desk.reservation, now) }
        }
    }

    private mutating func withdrawPromise(_ reservation: Reservation, _ now: Moment) {
        guard book.engagement(reservation)?.phase == .reserved,
            let events = try? book.follow(.withdrawn, of: reservation, at: now)
        else { return }
        push(events)
    }

    /// The contact's half asks to ring an agent: only the one whom we promised to that contact.
    mutating func offered(_ offer: BridgeOffer, from peer: SiteID, _ now: Moment) {
        guard let engagement = book.engagement(of: offer.agent, with: offer.bridge.contact),
            engagement.channel == .voice, engagement.phase == .reserved,
            Int64(clamping: engagement.reservation.number) == offer.reservation,
            let agent = directory.agents[offer.agent],
            let events = try? book.follow(.ringing, of: engagement.reservation, at: now)
        else {
            return push(calls.decline(offer.bridge, from: peer, .notReserved, now: now))
        }
        bridges[offer.bridge] = engagement.reservation
        push(events)
        let isOwn = contacts[offer.bridge.contact]?.origin == .placed(by: offer.agent)
        let header = SIPExtraHeader(name: "X-Tandem-Contact", value: offer.bridge.contact.key)
        push(
            calls.ring(
                offer,
                from: peer,
                sipUser: agent.sipUser,
                headers: [header],
                ringTime: engagement.ringTime,
                answersItself: isOwn,
                awaitsDesk: agent.answersOn == .page && !isOwn,
                now: now
            )
        )
    }

    mutating func connected(_ bridge: BridgeID, _ now: Moment) {
        guard let reservation = bridges[bridge] else { return }
        if let events = try? book.follow(.answered, of: reservation, at: now) {
            push(events)
        } else {
            // The agent is no longer ours to give: signed in elsewhere, or set aside a moment ago.
            push(calls.endAgentLeg(of: bridge, by: .system, reason: "the agent is no longer here", now: now))
        }
    }

    mutating func legOver(_ bridge: BridgeID, _ agent: AgentID, _ end: AgentLegEnd, _ now: Moment) {
        guard let reservation = bridges.removeValue(forKey: bridge) else { return }
        let order: AgentOrder =
            switch end {
            case .finished: .ended
            case .withdrawn: .withdrawn
            case .failed(.noAnswer): .noAnswer
            case .failed: .declined
            }
        // Refused when the book has already moved on: then this is no news.
        if let events = try? book.follow(order, of: reservation, at: now) { push(events) }
        if end == .withdrawn(reason: CallMachine.answeredByAnother) { tellAnsweredElsewhere(agent, "call") }
        let isUnmixed = end == .finished(by: .system, reason: CallMachine.mixerGone)
        if isUnmixed || end == .withdrawn(reason: CallMachine.mixerGone) { tellMixerGone(agent) }
    }

    /// Tells an agent why a phone that rang, or an offer on the desk, has gone.
    mutating func tellAnsweredElsewhere(_ agent: AgentID, _ what: String) {
        outbox.append(.notice(agent, SiteNotice(.info, "The \(what) was \(CallMachine.answeredByAnother).")))
        changedViews.insert(.desk(agent))
    }

    /// Everything that follows from a change of an agent's state.
    mutating func handle(_ event: AgentEvent, _ now: Moment) {
        log(
            .info,
            "agent.state",
            [("agent", event.agent.key), ("state", event.to.kind.name), ("cause", event.cause.rawValue)]
        )
        reportText(event, now)
        if let reservation = event.over { letGo(reservation, event, now) }
        if event.to == .loggedOut { loggedOut(event, now) }
        // She dialled, or signed in, while something else was in hand that is over now.
        if event.after == nil { holdOwnLine(of: event.agent, now) }
        // A part of the capacity has become free, or a promise has left some of it over.
        let hasRoom = (event.after == nil || event.cause == .granted) && book.view(of: event.agent)?.isOpen == true
        if event.to == .ready || hasRoom { work.append(.pull(event.agent)) }
        changedViews.insert(.desk(event.agent))
        warn(event)
    }

    /// Tells an agent that an offer was not taken, and what follows.
    private mutating func warn(_ event: AgentEvent) {
        guard event.cause == .noAnswer || event.cause == .declined, event.to != .loggedOut else { return }
        let what =
            event.channel == .voice ? "Your phone rang and the call was not taken." : "A contact was not taken."
        let next =
            event.to == .notResponding ? "Choose Ready to go on." : "No further ones come until you choose Ready."
        outbox.append(.notice(event.agent, SiteNotice(.warning, "\(what) \(next)")))
    }

    /// An agent has nothing more to do with a contact.
    private mutating func letGo(_ reservation: Reservation, _ event: AgentEvent, _ now: Moment) {
        let isSupervision = supervisions.values.contains { $0.own == reservation.contact }
        if event.before == .wrapUp, !isSupervision {
            pipeline.add(
                ContactEdits.wrappedUp(reservation.contact, spent: event.spent),
                for: .record(reservation.contact)
            )
            // The contact is counted where it arrived; its paperwork here, where it was done.
            if let brief = desks[reservation.number]?.brief, !brief.isOwnCall {
                let queue = brief.queue
                statistics.count(queue, at: now.wall) { $0.counts.handle(talk: .zero, wrapUp: event.spent) }
                publishStatistics(queue, now)
            }
        }
        desks[reservation.number] = nil
        forgetSupervision(of: reservation.contact)
        timers.set(.desk(reservation.number), nil)
        let mine = calls.agentBridges(of: reservation.contact).first { bridges[$0] == reservation }
        guard let bridge = mine, event.cause != .evicted else { return }
        // The book ended it (time ran out, signed out): the agent's leg follows. After a login elsewhere a talk
        // goes on: the customer must not pay for it.
        let by: EndedBy = event.cause == .signedOut ? .agent : .system
        push(calls.endAgentLeg(of: bridge, by: by, reason: event.cause.rawValue, now: now))
    }

    private mutating func loggedOut(_ event: AgentEvent, _ now: Moment) {
        let today = DayFigures.day(of: now.wall)
        if var last = router.agents.view(of: event.agent), last.fence == event.fence {
            loads[event.agent] = (
                today, DayLoad(handling: last.handlingToday, contacts: last.contactsToday, idle: last.idleToday)
            )
            last.state = .loggedOut
            last.since = now.wall
            last.contact = nil
            last.queue = nil
            last.isOpen = false
            last.occupied = 0
            publish(AgentPresence.key(event.agent), AgentPresence.fields(last, day: today), now)
        } else {
            publish(AgentPresence.key(event.agent), nil, now)
        }
        router.agents.remove(event.agent, from: site)
        changedViews.insert(.wall)
        changedViews.insert(.desk(event.agent))
        guard event.cause == .evicted else { return }
        for bridge in bridges.keys.sorted() where bridges[bridge]?.agent == event.agent {
            guard calls.agentPhase(of: bridge) != .joined else { continue }
            push(calls.endAgentLeg(of: bridge, by: .system, reason: "the agent signed in elsewhere", now: now))
        }
    }

    /// Publishes an agent's state.
    mutating func show(_ agent: AgentID, _ now: Moment) {
        guard let view = book.view(of: agent) else { return }
        router.agents.upsert(view)
        publish(
            AgentPresence.key(agent),
            AgentPresence.fields(view, day: DayFigures.day(of: now.wall)),
            now
        )
        changedViews.insert(.wall)
        changedViews.insert(.desk(agent))
    }

    mutating func phone(of user: String, isRegistered: Bool, _ now: Moment) {
        guard let agent = directory.agent(sipUser: user), book.view(of: agent) != nil else { return }
        push(book.phone(of: agent, isRegistered: isRegistered, at: now))
        changedViews.insert(.desk(agent))
    }
}
