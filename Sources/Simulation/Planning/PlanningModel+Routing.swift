import ContactCenter
import Kernel
import Routing

/// Bringing callers and agents together as the sites do.
extension PlanningModel {
    /// Push: a contact looks for the fittest free agent of any reachable site.
    mutating func route(_ id: ContactID) {
        guard let call = calls[id], case .waiting = call.stage, places[call.site].isUp else { return }
        guard let candidate = places[call.site].router.decide(id, at: moment).candidate else {
            return waitOn(call)
        }
        request(candidate, for: call)
    }

    /// Nobody is free: the other sites learn that the contact waits.
    private mutating func waitOn(_ call: PlanningCall) {
        tickSoon(call.site, after: Limits.matchAgainAfter)
        guard calls[call.id]?.isPublished == false else { return }
        calls[call.id]?.isPublished = true
        publish(.waits(waitingContact(call)), from: call.site)
    }

    /// Pull: a freed agent looks for the most deserving contact of any reachable site.
    mutating func pull(_ agent: AgentID, at site: Int) {
        guard places[site].isUp, let view = places[site].book.view(of: agent), view.state == .ready,
            let best = places[site].router.pull(for: agent)
        else { return }
        if best.site == places[site].id { return route(best.contact) }
        guard let other = index(of: best.site) else { return }
        let candidate = Candidate(agent: agent, fence: view.fence, version: view.version, rule: .onlyOne)
        send(.pull(best.contact, candidate), to: other, from: site)
        tickSoon(site, after: Limits.matchAgainAfter)
    }

    func index(of site: SiteID) -> Int? { places.firstIndex { $0.id == site } }

    private mutating func request(_ candidate: Candidate, for call: PlanningCall) {
        var call = call
        guard let agentSite = index(of: candidate.fence.site), places[call.site].router.waiting.offer(call.id) else {
            return
        }
        call.requests += 1
        call.stage = .reserving(candidate, request: call.requests)
        let wasPublished = call.isPublished
        call.isPublished = false
        calls[call.id] = call
        if wasPublished { publish(.gone(call.id), from: call.site) }
        if agentSite == call.site {
            reserve(call.id, call.requests, candidate, at: agentSite, for: call.site)
        } else {
            send(.reserve(call.id, request: call.requests, candidate), to: agentSite, from: call.site)
            plan(.answerDue(call.id, request: call.requests), at: now + Limits.reserveAnswerMax)
        }
    }

    /// At the agent's site: only its book grants.
    private mutating func reserve(_ id: ContactID, _ request: Int, _ candidate: Candidate, at site: Int, for asker: Int)
    {
        let reply: PlanningMessage
        do {
            let (reservation, events) = try places[site].book.reserve(
                candidate.agent,
                fence: candidate.fence,
                for: ContactOffer(id, queue: definition),
                at: moment
            )
            count(events)
            reply = .granted(id, request: request, reservation)
        } catch {
            result.refusals += 1
            reply = .refused(id, request: request)
        }
        follow(site)
        if asker == site {
            receive(reply, at: site, from: site)
        } else {
            send(reply, to: asker, from: site)
        }
    }

    mutating func receive(_ message: PlanningMessage, at site: Int, from: Int) {
        switch message {
        case .agent(let agent, let view):
            learn(agent, view, at: site, from: from)
        case .waits(let contact):
            if places[site].router.agents.isReachable(contact.site) {
                try? places[site].router.waiting.add(contact)
            }
        case .gone(let id):
            if places[site].router.waiting.contact(id)?.site == places[from].id {
                places[site].router.waiting.remove(id)
            }
        case .pull(let id, let candidate): pulled(id, candidate, at: site)
        case .reserve(let id, let request, let candidate): reserve(id, request, candidate, at: site, for: from)
        case .granted(let id, let request, let reservation): granted(id, request, reservation, at: site, by: from)
        case .refused(let id, let request): passOver(id, request)
        case .release(let reservation): order(.withdrawn, reservation, at: site)
        case .answered(let id, let reservation, let until):
            order(.answered, reservation, at: site)
            plan(.finish(id, reservation, site: site), at: until)
        }
    }

    private mutating func learn(_ agent: AgentID, _ view: AgentView?, at site: Int, from: Int) {
        guard let view else { return places[site].router.agents.remove(agent, from: places[from].id) }
        places[site].router.agents.upsert(view)
        // Its own site pulls first.
        if view.state == .ready { tickSoon(site, after: Limits.pushAfterPresence) }
    }

    private mutating func pulled(_ id: ContactID, _ candidate: Candidate, at site: Int) {
        guard let call = calls[id], call.site == site, case .waiting = call.stage else { return }
        // The message may be ahead of the presence that shows the agent free.
        request(places[site].router.decide(id, at: moment).candidate ?? candidate, for: call)
    }

    private mutating func granted(
        _ id: ContactID,
        _ request: Int,
        _ reservation: Reservation,
        at site: Int,
        by agentSite: Int
    ) {
        guard let call = calls[id], call.site == site, case .reserving(_, request) = call.stage else {
            return tell(.release(reservation), agentSite, from: site)
        }
        answer(call, by: reservation, at: agentSite)
        tell(.answered(id, reservation, until: now + call.handling), agentSite, from: site)
    }

    private mutating func tell(_ message: PlanningMessage, _ to: Int, from: Int) {
        if to == from { receive(message, at: to, from: from) } else { send(message, to: to, from: from) }
    }

    mutating func answerDue(_ id: ContactID, _ request: Int) {
        guard case .reserving(_, request)? = calls[id]?.stage else { return }
        passOver(id, request)
    }

    /// The contact is back at its place, and this agent is passed over until something newer is known.
    private mutating func passOver(_ id: ContactID, _ request: Int) {
        guard var call = calls[id], case .reserving(let candidate, request) = call.stage else { return }
        call.stage = .waiting
        calls[id] = call
        places[call.site].router.refused(id, candidate: candidate, at: moment)
        work.append(.route(id))
    }

    // MARK: Matching again

    mutating func tickSoon(_ site: Int, after span: Span) {
        let at = now + span
        if let planned = places[site].tickAt, planned <= at { return }
        places[site].tickAt = at
        plan(.tick(site: site), at: at)
    }

    mutating func tick(_ site: Int) {
        guard places[site].isUp, places[site].tickAt.map({ $0 <= now }) == true else { return }
        places[site].tickAt = nil
        guard places[site].router.waiting.count > 0 else { return }
        _ = places[site].router.waiting.expirePauses(at: now)
        tickSoon(site, after: Limits.matchAgainAfter)
        let free = places[site].router.agents.freeSomewhere
        guard free else { return }
        for contact in places[site].router.waiting.own.prefix(Limits.matchesPerPassMax) {
            work.append(.route(contact.contact))
        }
        let ready = places[site].book.views.lazy.filter { $0.state == .ready }.map(\.agent)
        for agent in ready.prefix(Limits.pullsPerPassMax) { work.append(.pull(agent, site: site)) }
    }
}

extension AgentDirectory {
    /// Whether any reachable site shows a free agent; else matching again is in vain.
    fileprivate var freeSomewhere: Bool {
        siteOrder.contains { isReachable($0) && census(of: $0).count(of: .ready) > 0 }
    }
}
