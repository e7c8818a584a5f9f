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
        request(candidate, for: contacts[id] ?? live, now)
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
        guard let candidate = decision.candidate else { return }
        request(candidate, for: contacts[id] ?? live, now)
    }

    private mutating func request(_ candidate: Candidate, for contact: LiveContact, _ now: Moment) {
        var live = contact
        guard router.waiting.offer(live.id) else { return }
        requestCounter += 1
        live.stage = .reserving(candidate, request: requestCounter)
        live.stageSince = now.wall
        contacts[live.id] = live
        timers.set(.contact(live.id), now.instant + Limits.reserveAnswerMax)
        let request = ReserveRequest(
            request: requestCounter,
            contact: live.id,
            agent: candidate.agent,
            epoch: candidate.fence.epoch,
            brief: live.brief
        )
        if candidate.fence.site == site {
            reserve(request, for: site, now)
        } else if linked.contains(candidate.fence.site) {
            send(.reserve(request), to: candidate.fence.site)
            show(live, now)
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
        guard var live = contacts[id], case .reserving(let candidate, request) = live.stage,
            candidate.agent == agent, candidate.fence.site == peer
        else { return giveBack(agent, at: peer, of: id, now) }
        timers.set(.contact(id), nil)
        let ringTime = definition(of: live.queue).ringTime
        guard !live.isText else { return offerText(live, to: candidate, reservation, now) }
        let (bridge, outputs) = calls.offer(
            id,
            to: agent,
            reservation: reservation,
            at: peer,
            ringTime: ringTime,
            now: now
        )
        guard let bridge else { return giveBack(agent, at: peer, of: id, now) }
        live.stage = .offering(bridge, candidate)
        live.stageSince = now.wall
        contacts[id] = live
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
        guard let live = contacts[id], case .reserving(let candidate, request) = live.stage,
            candidate.fence.site == peer
        else { return }
        passOver(candidate, of: id, reason, now)
    }

    /// The offer came to nothing: the contact is back at its place, and this agent is passed over until something
    /// newer is known of her.
    mutating func offerFailed(_ bridge: BridgeID, _ failure: OfferFailure, _ now: Moment) {
        guard let live = contacts[bridge.contact], case .offering(bridge, let candidate) = live.stage else { return }
        passOver(candidate, of: live.id, failure.rawValue, now)
    }

    mutating func passOver(_ candidate: Candidate, of id: ContactID, _ reason: String, _ now: Moment) {
        guard var live = contacts[id] else { return }
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
            guard case .reserving(let candidate, _)? = contacts[id]?.stage, candidate.fence.site == peer else {
                continue
            }
            passOver(candidate, of: id, "link lost", now)
        }
    }

    mutating func giveBack(_ candidate: Candidate, of id: ContactID, _ now: Moment) {
        giveBack(candidate.agent, at: candidate.fence.site, of: id, now)
    }

    private mutating func giveBack(_ agent: AgentID, at peer: SiteID, of id: ContactID, _ now: Moment) {
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
