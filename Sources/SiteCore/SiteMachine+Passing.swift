import Calls
import ContactCenter
import Kernel
import Routing

/// Passing a call on, at the site where its caller arrived: to an agent, to a queue, to a number outside.
///
/// Nothing changes for the customer before the target is sure: an agent is promised first, and only then the present
/// one leaves. Who does not answer after all leaves the customer at the head of the queue, still on the line.
extension SiteMachine {
    mutating func pass(_ request: PassRequest, for asker: SiteID, _ now: Moment) {
        let id = calls.owner(of: request.bridge)
        guard let live = contacts[id], case .talking(request.bridge, _) = live.stage, passes[id] == nil else {
            return answerPass(request.request, asker, "The call is over, or is being passed on already.", now)
        }
        switch request.target {
        case .queue(let queue):
            guard let definition = directory.queues[queue] else {
                return answerPass(request.request, asker, "There is no queue \(queue.key).", now)
            }
            letGo(live, now)
            log(.info, "contact.passedOn", [("contact", id.key), ("queue", definition.id.key)])
            contacts[id]?.queue = queue
            if let moved = contacts[id] {
                pipeline.add(ContactEdits.moved(id, ticket: moved.ticket, to: queue), for: .record(id))
                enter(moved, now)
            }
            answerPass(request.request, asker, nil, now)
        case .agent(let agent): promise(agent, to: live, request, asker, now)
        case .number(let number):
            guard let trunk = boot.settings.outboundTrunk else {
                return answerPass(request.request, asker, "This site has no trunk for calls to the outside.", now)
            }
            letGo(live, now)
            log(.info, "contact.passedOn", [("contact", id.key), ("to", "outside")])
            callOutside(id, number, trunk, firstDialled: live.dialled, now)
            answerPass(request.request, asker, nil, now)
        }
    }

    private mutating func answerPass(_ request: Int64, _ asker: SiteID, _ refusal: String?, _ now: Moment) {
        if asker == site {
            passed(request, refusal, now)
        } else {
            send(.passed(request: request, refusal: refusal), to: asker)
        }
    }

    /// The present agent leaves; the caller stays on the line.
    private mutating func letGo(_ live: LiveContact, _ now: Moment) {
        push(calls.release(live.id, by: .agent, reason: CallMachine.passedOn, now: now))
        contacts[live.id]?.stage = .waiting
        contacts[live.id]?.stageSince = now.wall
    }

    /// A caller waits whose call was answered before: without a relay nothing speaks to the phone, which is told so.
    mutating func alone(_ id: ContactID, _ now: Moment) {
        guard contacts[id] != nil, let leg = calls.leg(ofCaller: id), !media.isAnchored(leg) else { return }
        push(calls.silence(id, now: now))
    }

    private mutating func promise(
        _ agent: AgentID,
        to live: LiveContact,
        _ request: PassRequest,
        _ asker: SiteID,
        _ now: Moment
    ) {
        let candidate: Candidate
        switch reachable(agent) {
        case .success(let found): candidate = found
        case .failure(let why): return answerPass(request.request, asker, why.message, now)
        }
        requestCounter += 1
        passes[live.id] = PendingPass(
            reservation: requestCounter,
            agent: agent,
            fence: candidate.fence.site,
            bridge: request.bridge,
            asker: asker,
            request: request.request
        )
        timers.set(.promise(live.id), now.instant + Limits.reserveAnswerMax)
        ask(candidate, for: live, request: requestCounter, now)
    }

    /// The agent as somebody to pass a call to or to ask, or why she is not.
    func reachable(_ agent: AgentID) -> Result<Candidate, Refusal> {
        let name = directory.agents[agent]?.name ?? agent.key
        guard let view = router.agents.view(of: agent), view.state != .loggedOut else {
            return .failure(Refusal(.conflict, "\(name) is not signed in."))
        }
        guard view.state != .unreachable, view.site == site || linked.contains(view.site) else {
            return .failure(Refusal(.unavailable, "The site of \(name) cannot be reached."))
        }
        guard view.takes(cost: Channel.voice.cost) else {
            return .failure(Refusal(.conflict, "\(name) cannot take a call now: \(view.state.kind.name)."))
        }
        return .success(Candidate(agent: agent, fence: view.fence, version: view.version, rule: .onlyOne))
    }

    /// The agent is promised: the present one leaves, and her phone rings.
    mutating func passGranted(_ id: ContactID, _ pass: PendingPass, _ reservation: Int64, _ now: Moment) {
        passes[id] = nil
        timers.set(.promise(id), nil)
        guard let live = contacts[id], live.isOnLine(pass.bridge) else {
            giveBack(pass.agent, at: pass.fence, of: id, now)
            return answerPass(pass.request, pass.asker, "The call is over.", now)
        }
        if live.wanted == nil {
            letGo(live, now)
            if let waiting = contacts[id] { enter(waiting, now) }
            _ = router.waiting.offer(id)
        }
        guard var offered = contacts[id] else { return giveBack(pass.agent, at: pass.fence, of: id, now) }
        let ringTime = definition(of: offered.queue).ringTime
        let (bridge, outputs) = calls.offer(
            id,
            to: pass.agent,
            reservation: reservation,
            at: pass.fence,
            ringTime: ringTime,
            now: now
        )
        guard let bridge else { return giveBack(pass.agent, at: pass.fence, of: id, now) }
        let fence = LoginFence(epoch: 0, site: pass.fence)
        offered.stage = .offering(bridge, Candidate(agent: pass.agent, fence: fence, version: 0, rule: .onlyOne))
        offered.stageSince = now.wall
        contacts[id] = offered
        push(outputs)
        log(
            .info,
            "contact.offered",
            [("contact", id.key), ("agent", pass.agent.key), ("site", pass.fence.name), ("rule", "passedOn")]
        )
        show(offered, now)
        answerPass(pass.request, pass.asker, nil, now)
    }

    /// The agent cannot be had: the call stays where it is.
    mutating func passRefused(_ id: ContactID, _ pass: PendingPass, _ reason: String, _ now: Moment) {
        passes[id] = nil
        timers.set(.promise(id), nil)
        let name = directory.agents[pass.agent]?.name ?? pass.agent.key
        if let live = contacts[id], live.wanted != nil { return notReached(live, reason, now) }
        answerPass(pass.request, pass.asker, "\(name) cannot take a call now: \(reason).", now)
    }

    mutating func passTimedOut(_ id: ContactID, _ now: Moment) {
        guard let pass = passes[id] else { return }
        giveBack(pass.agent, at: pass.fence, of: id, now)
        passRefused(id, pass, "her site did not answer in time", now)
    }

    /// Requests to a site that can no longer answer, and waiters for one that is gone.
    mutating func abandonPasses(to peer: SiteID, _ now: Moment) {
        for id in passes.keys.sorted() {
            if let pass = passes[id], pass.fence == peer { passRefused(id, pass, "the link was lost", now) }
        }
    }

    // MARK: Outside

    /// Calls a number for a contact whose caller waits here.
    mutating func callOutside(
        _ id: ContactID,
        _ number: String,
        _ trunk: String,
        firstDialled: String?,
        _ now: Moment
    ) {
        // An agent's phone has no number that means anything outside.
        let isAgents = contacts[id]?.origin.callerIsAgent == true
        let (bridge, outputs) = calls.offer(
            id,
            toNumber: number,
            by: trunk,
            shown: isAgents ? boot.settings.outboundNumber : nil,
            firstDialled: firstDialled,
            ringTime: Limits.outsideRingTime,
            now: now
        )
        guard let bridge else { return }
        contacts[id]?.stage = .outside(bridge, isJoined: false)
        contacts[id]?.stageSince = now.wall
        push(outputs)
        if let live = contacts[id] { show(live, now) }
    }

    /// Nobody outside took the call.
    mutating func outsideFailed(_ id: ContactID, _ bridge: BridgeID, _ failure: OfferFailure, _ now: Moment) {
        guard let live = contacts[id], case .outside(bridge, false) = live.stage else { return }
        log(.info, "contact.outsideFailed", [("contact", id.key), ("why", failure.rawValue)])
        if live.wanted != nil { return notReached(live, failure.rawValue, now) }
        contacts[id]?.stage = .waiting
        contacts[id]?.stageSince = now.wall
        if let waiting = contacts[id] { enter(waiting, now) }
    }

    /// A consulted transfer: the customer now talks with whoever was consulted.
    mutating func handedOver(_ id: ContactID, _ other: HandOver, _ now: Moment) {
        guard var live = contacts[id] else { return }
        if let agent = other.agent {
            // Whoever hangs up in this moment leaves the customer at the head of the queue.
            live.stage = .waiting
            contacts[id] = live
            enter(live, now)
            _ = router.waiting.offer(id)
            let fence = LoginFence(epoch: 0, site: other.peer)
            live.stage = .offering(other.bridge, Candidate(agent: agent, fence: fence, version: 0, rule: .onlyOne))
        } else {
            live.stage = .outside(other.bridge, isJoined: false)
        }
        live.stageSince = now.wall
        contacts[id] = live
        log(.info, "contact.passedOn", [("contact", id.key), ("agent", other.agent?.key ?? "outside")])
        show(live, now)
    }
}

extension LiveContact {
    /// Whether it may be passed on over a bridge: it talks there, or it waits for somebody it was made for.
    func isOnLine(_ bridge: BridgeID) -> Bool {
        if wanted != nil { return stage == .waiting }
        if case .talking(bridge, _) = stage { return true }
        return false
    }
}
