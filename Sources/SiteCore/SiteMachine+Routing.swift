import Calls
import ContactCenter
import Kernel
import Routing

/// Bringing contacts and agents together. A choice here is a wish; only the agent's site grants it (design §1, §5).
extension SiteMachine {
    /// Push: a contact of ours looks for the fittest free agent of any reachable site.
    mutating func route(_ id: ContactID, _ now: Moment) {
        guard let live = contacts[id], live.stage == .waiting, live.endedEarly == nil else { return }
        let decision = router.decide(id, at: now)
        note(decision, now)
        guard let candidate = decision.candidate else { return matchSoon(Limits.matchAgainAfter, now) }
        log(
            .debug,
            "contact.decided",
            [("contact", id.key), ("agent", candidate.agent.key), ("rule", candidate.rule.rawValue)]
        )
        request(decision.candidates, for: contacts[id] ?? live, now)
    }

    /// Pull: an agent of ours is free and looks for the most deserving contact of any reachable site.
    mutating func pull(for agent: AgentID, _ now: Moment) {
        guard let view = book.view(of: agent), view.isOpen, let best = router.pull(for: agent) else { return }
        if best.site == site {
            route(best.contact, now)
        } else {
            send(
                .pull(contact: best.contact, agent: agent, epoch: view.fence.epoch, version: view.version),
                to: best.site
            )
            matchSoon(Limits.matchAgainAfter, now)
        }
    }

    /// Another site's freed agent asks for a contact of ours.
    mutating func pulled(
        _ id: ContactID,
        _ agent: AgentID,
        _ fence: LoginFence,
        _ version: UInt64,
        _ now: Moment
    ) {
        guard let live = contacts[id], live.stage == .waiting, live.endedEarly == nil else { return }
        var decision = router.decide(id, at: now)
        switch decision.waits {
        case .nobodyFree, .nobodyFits, .nobodyAvailable:
            // The message may be ahead of the presence that shows the agent free.
            guard router.waiting.contact(id)?.admits(fence.site) == true else { return }
            decision = Decision(
                id,
                bidBy: Candidate(agent: agent, fence: fence, version: version, rule: .onlyOne)
            )
        case .awaitsLastAgent, .paused, .notWaiting, nil: break
        }
        note(decision, now)
        request(decision.candidates, for: contacts[id] ?? live, now)
    }

    /// Asks the sites of one agent, or of all who are to ring.
    private mutating func request(_ candidates: [Candidate], for contact: LiveContact, _ now: Moment) {
        var live = contact
        guard let first = candidates.first, router.waiting.offer(live.id) else { return }
        let numbers = candidates.indices.map { requestCounter + 1 + Int64($0) }
        requestCounter += Int64(numbers.count)
        let until = now.instant + Limits.reserveAnswerMax
        live.stage = .reserving(first, request: numbers[0])
        live.forks = ContactForks(
            others: zip(candidates, numbers).dropFirst().map {
                ContactForks.Fork(stage: .reserving($0, request: $1), until: until)
            },
            leadUntil: until
        )
        live.stageSince = now.wall
        contacts[live.id] = live
        timers.set(.contact(live.id), until)
        for (candidate, number) in zip(candidates, numbers) { ask(candidate, for: live, request: number, now) }
    }

    mutating func ask(_ candidate: Candidate, for live: LiveContact, request number: Int64, _ now: Moment) {
        let request = ReserveRequest(
            request: number,
            contact: live.id,
            agent: candidate.agent,
            epoch: candidate.fence.epoch,
            brief: live.brief
        )
        if candidate.fence.site == site {
            reserve(request, for: site, now)
        } else if linked.contains(candidate.fence.site) {
            send(.reserve(request), to: candidate.fence.site)
            show(contacts[live.id] ?? live, now)
        } else {
            passOver(candidate, of: live.id, "no link", now)
        }
    }

    /// The agent's site has promised the agent: ring her.
    mutating func granted(
        _ request: Int64,
        _ id: ContactID,
        _ agent: AgentID,
        _ reservation: Int64,
        by peer: SiteID,
        _ now: Moment
    ) {
        if let pass = passes[id], pass.reservation == request { return passGranted(id, pass, reservation, now) }
        guard var live = contacts[id], let candidate = live.candidate(where: { $0.awaits(request, by: peer) }),
            candidate.agent == agent
        else { return giveBack(agent, at: peer, of: id, now) }
        live.lead(by: candidate)
        timers.set(.contact(id), nil)
        let ringTime = definition(of: live.queue).ringTime
        guard !live.isText else { return offerText(live, to: candidate, reservation, now) }
        let (bridge, outputs) = calls.offer(
            id,
            to: agent,
            reservation: reservation,
            at: peer,
            ringTime: ringTime,
            besideOthers: !live.forks.isEmpty,
            now: now
        )
        guard let bridge else { return giveBack(agent, at: peer, of: id, now) }
        live.stage = .offering(bridge, candidate)
        live.stageSince = now.wall
        live.forks.leadUntil = nil
        contacts[id] = live
        if !live.forks.isEmpty { watch(live) }
        push(outputs)
        log(
            .info,
            "contact.offered",
            [("contact", id.key), ("agent", agent.key), ("site", peer.name), ("rule", candidate.rule.rawValue)]
        )
        show(live, now)
    }

    /// The agent's site refused.
    mutating func requestRefused(
        _ request: Int64,
        _ id: ContactID,
        _ reason: String,
        by peer: SiteID,
        _ now: Moment
    ) {
        if let pass = passes[id], pass.reservation == request { return passRefused(id, pass, reason, now) }
        guard let candidate = contacts[id]?.candidate(where: { $0.awaits(request, by: peer) }) else { return }
        passOver(candidate, of: id, reason, now)
    }

    /// The offer came to nothing: the contact is back at its place, and this agent is passed over until something
    /// newer is known of her.
    mutating func offerFailed(_ bridge: BridgeID, _ failure: OfferFailure, _ now: Moment) {
        let id = calls.owner(of: bridge)
        guard let candidate = contacts[id]?.candidate(where: { $0.rings(bridge) }) else {
            return outsideFailed(id, bridge, failure, now)
        }
        if failure == .answeredElsewhere { return lose(candidate, id, now) }
        passOver(candidate, of: id, failure.rawValue, now)
    }

    mutating func passOver(_ candidate: Candidate, of id: ContactID, _ reason: String, _ now: Moment) {
        guard var live = contacts[id] else { return }
        if live.wanted != nil { return notReached(live, reason, now) }
        if live.drop(candidate) { return goOn(live, without: candidate, reason, now) }
        timers.set(.contact(id), nil)
        live.stage = .waiting
        live.stageSince = now.wall
        contacts[id] = live
        router.refused(id, candidate: candidate, at: now)
        log(
            .info,
            "contact.passedOver",
            [("contact", id.key), ("agent", candidate.agent.key), ("why", reason)]
        )
        show(live, now)
        work.append(.match(id))
    }

    /// Requests to a site that can no longer answer.
    mutating func abandonRequests(to peer: SiteID, _ now: Moment) {
        for id in contacts.keys.sorted() {
            while let candidate = contacts[id]?.candidate(where: { $0.isReserving && $0.candidate?.fence.site == peer })
            {
                passOver(candidate, of: id, "link lost", now)
            }
        }
    }

    mutating func giveBack(_ candidate: Candidate, of id: ContactID, _ now: Moment) {
        giveBack(candidate.agent, at: candidate.fence.site, of: id, now)
    }

    mutating func giveBack(_ agent: AgentID, at peer: SiteID, of id: ContactID, _ now: Moment) {
        if peer == site {
            release(id, agent, by: site, now)
        } else {
            send(.release(contact: id, agent: agent), to: peer)
        }
    }

    // MARK: Matching again

    /// Sees to it that contacts and agents are matched anew in a while.
    mutating func matchSoon(_ span: Span, _ now: Moment) {
        let at = now.instant + span
        if let planned = timers[.match], planned <= at { return }
        timers.set(.match, at)
    }

    /// Tries the most deserving contacts of ours, then our free agents; both bounded, the rest comes next time.
    mutating func matchAll(_ now: Moment) {
        let own = router.waiting.own
        for waiting in own.prefix(Limits.matchesPerPassMax) { work.append(.match(waiting.contact)) }
        let free = book.views.lazy.filter { $0.isOpen }.map(\.agent)
        for agent in free.prefix(Limits.pullsPerPassMax) { work.append(.pull(agent)) }
        if router.waiting.count > 0 { matchSoon(Limits.matchAgainAfter, now) }
    }
}
