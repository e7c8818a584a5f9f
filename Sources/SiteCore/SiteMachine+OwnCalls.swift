import Calls
import ContactCenter
import Kernel
import Routing
import SIP

/// Calls that agents make: asking somebody beside a call, calling a number, dialling on their own phone.
///
/// Each is a contact of its own, on disk before anybody is rung, and offered like any other. It does not count in the
/// figures of queues.
extension SiteMachine {
    // MARK: Asking somebody

    mutating func consult(
        _ contact: ContactID,
        with target: CallTarget,
        _ agent: AgentID,
        _ token: CommandToken,
        _ now: Moment
    ) throws(Refusal) {
        let bridge = try bridge(of: contact, agent)
        guard calls.consultation(of: bridge) == nil else {
            throw Refusal(.conflict, "Somebody is being asked already; end that first.")
        }
        guard let engagement = book.engagement(of: agent, with: contact),
            let desk = desks[engagement.reservation.number], let record = directory.agents[agent]
        else { throw Refusal(.notFound, "The call \(contact.key) is not on this desk.") }
        try check(target)
        var live = try newCall(
            .consult(by: agent, beside: contact),
            queue: queue(of: target, else: desk.brief.queue),
            now
        )
        live.wanted = target
        live.askedName = name(of: target)
        live.givenTicket = desk.brief.ticket
        live.callerName = record.name
        live.dialled = record.sipUser
        live.file = desk.brief.customer.map {
            CallerFile(
                customer: $0,
                name: desk.brief.customerName ?? "",
                tier: 0,
                latestTicket: desk.brief.latestTicket,
                latestOwner: nil
            )
        }
        let result = calls.consult(beside: bridge, as: live.id, number: record.sipUser, name: record.name, now: now)
        try done(result, token)
        contacts[live.id] = live
        log(.info, "contact.consult", [("contact", contact.key), ("as", live.id.key), ("agent", agent.key)])
        self.record(live.id, now)
    }

    /// Whether somebody can be asked or called at all, before anything changes for the customer.
    private func check(_ target: CallTarget) throws(Refusal) {
        switch target {
        case .agent(let agent):
            if case .failure(let why) = reachable(agent) { throw why }
        case .queue(let queue):
            guard directory.queues[queue] != nil else { throw Refusal(.notFound, "There is no queue \(queue.key).") }
        case .number: _ = try outboundTrunk()
        }
    }

    private func outboundTrunk() throws(Refusal) -> String {
        guard let trunk = boot.settings.outboundTrunk else {
            throw Refusal(.unavailable, "This site has no trunk for calls to the outside.")
        }
        return trunk
    }

    private func queue(of target: CallTarget, else own: QueueID) -> QueueID {
        if case .queue(let queue) = target { queue } else { own }
    }

    // MARK: Calling a number

    mutating func dial(
        _ number: String,
        ticket: TicketID?,
        customer: CustomerID?,
        _ agent: AgentID,
        _ token: CommandToken,
        _ now: Moment
    ) throws(Refusal) {
        _ = try outboundTrunk()
        guard let known = PhoneNumber.normalised(number) else {
            throw Refusal(.invalid, "'\(number.prefix(Limits.phoneDigitsMax))' is not a number to dial.")
        }
        guard let view = book.view(of: agent), let record = directory.agents[agent] else {
            throw Refusal(.notSignedIn, "The agent is not signed in at this site.")
        }
        guard sip.isRegistered(record.sipUser) else { throw Refusal(.conflict, "The agent's phone is not registered.") }
        var live = try newCall(.placed(by: agent), queue: try ownQueue(of: agent), now)
        live.wanted = .agent(agent)
        live.callerNumber = known
        live.givenTicket = ticket
        live.title = "Call to \(known)"
        live.file = customer.map {
            CallerFile(customer: $0, name: "", tier: 0, latestTicket: nil, latestOwner: nil)
        }
        let offer = ContactOffer(
            contact: live.id,
            queue: live.queue,
            channel: .voice,
            cost: Channel.voice.cost,
            ringTime: definition(of: live.queue).ringTime,
            wrapUp: definition(of: live.queue).wrapUp,
            isShared: false
        )
        do {
            let (reservation, events) = try book.reserve(agent, fence: view.fence, for: offer, isOwnWish: true, at: now)
            desks[reservation.number] = DeskCase(reservation: reservation, originSite: site, brief: live.brief)
            live.ownCall = OwnCall(
                number: known,
                reservation: Int64(clamping: reservation.number),
                epoch: view.fence.epoch
            )
            push(events)
        } catch {
            throw Refusal(error)
        }
        live.opening = token
        contacts[live.id] = live
        log(.info, "contact.dial", [("contact", live.id.key), ("agent", agent.key)])
        self.record(live.id, now)
    }

    /// An agent has dialled on her own phone: a colleague, a queue, or a number outside.
    mutating func dialled(_ call: SIPIncomingCall, by agent: AgentID, _ now: Moment) {
        do {
            let target = try target(dialled: call.dialled)
            guard let record = directory.agents[agent] else { return }
            var live = try newCall(.dialled(by: agent), queue: queue(of: target, else: try ownQueue(of: agent)), now)
            live.wanted = target
            live.dialled = call.dialled
            live.callerNumber = record.sipUser
            live.callerName = record.name
            calls.accept(call, as: live.id, now: now)
            contacts[live.id] = live
            beginOwnLine(of: agent, live, now)
            log(.info, "contact.dialled", [("contact", live.id.key), ("agent", agent.key)])
            self.record(live.id, now)
        } catch {
            log(.info, "call.refused", [("dialled", call.dialled), ("why", error.message)])
            let status = error.code == .notFound ? 404 : 503
            push(sip.perform(.reject(call.leg, status: status, reason: nil, headers: []), now: now))
        }
    }

    /// A queue whose wrap-up and ring time hold for an agent's own calls: the first that she may serve.
    private func ownQueue(of agent: AgentID) throws(Refusal) -> QueueID {
        guard let queue = directory.queues.keys.sorted().first else {
            throw Refusal(.unavailable, "There is no queue whose rules would hold for this call.")
        }
        return queue
    }

    private mutating func newCall(_ origin: ContactOrigin, queue: QueueID, _ now: Moment) throws(Refusal) -> LiveContact
    {
        guard !isDraining else { throw Refusal(.unavailable, "The site is about to stop.") }
        guard contacts.count < boot.settings.contactsMax, pipeline.count < Limits.commitWaitingMax else {
            throw Refusal(.unavailable, "The site has as many contacts as it can hold.")
        }
        contactCounter += 1
        var live = LiveContact(
            id: ContactID(site: site, incarnation: boot.incarnation, counter: contactCounter),
            queue: queue,
            entryQueue: queue,
            dialled: "",
            callerNumber: "",
            callerName: "",
            arrived: now,
            stage: .recording,
            stageSince: now.wall
        )
        live.origin = origin
        return live
    }

    // MARK: On disk

    /// An agent's own call is on disk: now whoever it is for is rung.
    mutating func ring(_ live: LiveContact, _ now: Moment) {
        if let own = live.ownCall { return ringOwnPhone(live, own, now) }
        switch live.wanted {
        case .agent(let agent):
            switch reachable(agent) {
            case .success(let candidate):
                requestCounter += 1
                passes[live.id] = PendingPass(
                    reservation: requestCounter,
                    agent: agent,
                    fence: candidate.fence.site,
                    bridge: BridgeID(contact: live.id, attempt: 0),
                    asker: site,
                    request: 0
                )
                timers.set(.promise(live.id), now.instant + Limits.reserveAnswerMax)
                ask(candidate, for: live, request: requestCounter, now)
            case .failure(let why): notReached(live, why.message, now)
            }
        case .number(let number):
            guard let trunk = boot.settings.outboundTrunk else { return notReached(live, "no trunk", now) }
            callOutside(live.id, number, trunk, firstDialled: nil, now)
        case .queue:
            contacts[live.id]?.wanted = nil
            if let waiting = contacts[live.id] { enqueue(waiting, now) }
        case nil: enqueue(live, now)
        }
    }

    private mutating func ringOwnPhone(_ contact: LiveContact, _ own: OwnCall, _ now: Moment) {
        guard case .placed(let agent) = contact.origin, let trunk = boot.settings.outboundTrunk else { return }
        calls.place(
            contact.id,
            number: own.number,
            by: trunk,
            from: boot.settings.outboundNumber,
            ringTime: Limits.outsideRingTime,
            now: now
        )
        let (bridge, outputs) = calls.offer(
            contact.id,
            to: agent,
            reservation: own.reservation,
            at: site,
            ringTime: definition(of: contact.queue).ringTime,
            now: now
        )
        guard let bridge else { return }
        let fence = LoginFence(epoch: own.epoch, site: site)
        contacts[contact.id]?.ownCall = nil
        contacts[contact.id]?.stage = .offering(
            bridge,
            Candidate(agent: agent, fence: fence, version: 0, rule: .onlyOne)
        )
        push(outputs)
        if let live = contacts[contact.id] { show(live, now) }
    }

    // MARK: What became of it

    /// Whoever an agent wanted cannot be had: her call is over, a customer who waits beside it is still there.
    mutating func notReached(_ live: LiveContact, _ reason: String, _ now: Moment) {
        contacts[live.id]?.outcome = .notReached
        contacts[live.id]?.stage = .waiting
        if let agent = live.origin.agent {
            outbox.append(
                .notice(agent, SiteNotice(.warning, "\(name(of: live.wanted)) could not be reached: \(reason)."))
            )
            if case .consult = live.origin {
                failedConsults[agent] = DeskCall.Consult(
                    contact: live.id,
                    target: name(of: live.wanted),
                    state: .failed,
                    active: .customer
                )
            }
            changedViews.insert(.desk(agent))
        }
        push(calls.end(live.id, by: .system, reason: reason, now: now))
    }

    /// For people: an agent's name, a queue's, or the number.
    func name(of target: CallTarget?) -> String {
        switch target {
        case .agent(let agent): directory.agents[agent]?.name ?? agent.key
        case .queue(let queue): directory.queues[queue]?.name ?? queue.key
        case .number(let number): number
        case nil: "The other party"
        }
    }

    /// The number is being called: the agent's phone has been answered.
    mutating func placing(_ bridge: BridgeID, _ now: Moment) {
        guard var live = contacts[bridge.contact], case .offering(bridge, let candidate) = live.stage else { return }
        live.stage = .placing(bridge, candidate)
        live.stageSince = now.wall
        contacts[live.id] = live
        show(live, now)
    }
}
