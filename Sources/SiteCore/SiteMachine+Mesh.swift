import Calls
import ContactCenter
import Kernel
import Replication
import Routing

/// Links, frames, and what replication, presence and the failure detector want done.
extension SiteMachine {
    mutating func receive(_ frame: Frame, from peer: SiteID, _ now: Moment) {
        switch frame {
        case .hello, .beacon, .ops, .want, .refuse, .ack, .transfer, .decision:
            follow(records.handle(.frame(peer, frame), at: now), now)
        case .blob(let bytes): follow(blobs.exchange.handle(.frame(peer, bytes), at: now.instant), now)
        case .recording(let bytes): follow(recordings.handle(.frame(peer, bytes), at: now.instant), now)
        case .presence, .presenceDelta, .presenceWant, .digest:
            guard linked.contains(peer) else { return }
            follow(presence.handle(.frame(peer, frame), at: now.instant), now)
        case .heartbeat(let heartbeat):
            guard linked.contains(peer) else { return }
            follow(detector.handle(.heartbeat(peer, heartbeat), at: now.instant), now)
            follow(records.handle(.frame(peer, frame), at: now), now)
            weigh(peer, now)
        case .probe(let probe):
            guard linked.contains(peer) else { return }
            follow(detector.handle(.probe(peer, probe), at: now.instant), now)
        case .message(let message):
            guard linked.contains(peer), let talk = SiteTalk(message) else { return }
            receive(talk, from: peer, now)
        case .unknown: break
        }
    }

    mutating func follow(_ directives: [RecordsDirective], _ now: Moment) {
        for directive in directives {
            switch directive {
            case .send(let peer, let frame): outbox.append(.sendFrame(frame, to: peer))
            case .readOps(let reading):
                let token = newQuery()
                readings[token] = reading
                outbox.append(.query(token, .readOps(reading.request)))
            case .applyOps(let application): pipeline.add(application)
            case .peerAccepted(let peer, _): peerAccepted(peer, now)
            case .peerRefused(let peer, let refusal):
                alarm("link.refused", [("peer", peer.name), ("reason", "\(refusal)")])
                outbox.append(.closeLink(peer, reason: "\(refusal)"))
            case .task(let token, let task): pipeline.add(task, token)
            case .changed(let documents):
                for document in documents { project(document, now) }
                changedViews.insert(.wall)
            case .decided(let decision): decided(decision, now)
            case .reply(let token, let answer): reply(CommandToken(token.number), .records(answer))
            case .alarm(let what): alarm(what.event, what.fields)
            case .note(let what): log(.info, what.event, what.fields)
            }
        }
    }

    mutating func follow(_ directives: [PresenceDirective], _ now: Moment) {
        for directive in directives {
            switch directive {
            case .send(let peer, let frame): outbox.append(.sendFrame(frame, to: peer))
            case .changed(let other, let keys):
                changedViews.insert(.wall)
                guard other != site else { continue }
                for key in keys { learn(key, of: other, now) }
            }
        }
    }

    mutating func follow(_ directives: [DetectorDirective], _ now: Moment) {
        for directive in directives {
            switch directive {
            case .send(let peer, .heartbeat(var heartbeat)):
                // With the clock as it is, not as the cluster would have it: that is what peers compare.
                heartbeat.wall = now.wall
                outbox.append(.sendFrame(.heartbeat(heartbeat), to: peer))
            case .send(let peer, let frame): outbox.append(.sendFrame(frame, to: peer))
            case .changed(let health):
                changedViews.insert(.wall)
                log(
                    .info,
                    "peer.\(health.standing.rawValue)",
                    [("peer", health.site.name), ("cause", health.cause.rawValue)]
                )
                weigh(health.site, now)
            case .linksChanged: changedViews.insert(.wall)
            }
        }
    }

    private mutating func peerAccepted(_ peer: SiteID, _ now: Moment) {
        linked.insert(peer)
        changedViews.insert(.wall)
        log(.info, "link.up", [("peer", peer.name)])
        follow(presence.handle(.linkUp(peer), at: now.instant), now)
        follow(detector.handle(.linkUp(peer), at: now.instant), now)
        push(calls.linkUp(peer, now: now))
        textLinkUp(peer, now)
        follow(blobs.exchange.handle(.peerUp(peer), at: now.instant), now)
        follow(recordings.handle(.peerUp(peer), at: now.instant), now)
        weigh(peer, now)
    }

    mutating func linkDown(_ peer: SiteID, _ now: Moment) {
        follow(records.handle(.linkDown(peer), at: now), now)
        guard linked.remove(peer) != nil else { return }
        changedViews.insert(.wall)
        log(.warning, "link.down", [("peer", peer.name)])
        follow(presence.handle(.linkDown(peer), at: now.instant), now)
        follow(detector.handle(.linkDown(peer), at: now.instant), now)
        weigh(peer, now)
        abandonRequests(to: peer, now)
        abandonPasses(to: peer, now)
        freePromises(to: peer, now)
        push(calls.linkDown(peer, now: now))
        textLinkDown(peer, now)
        follow(blobs.exchange.handle(.peerDown(peer), at: now.instant), now)
        follow(recordings.handle(.peerDown(peer), at: now.instant), now)
    }

    /// Tells routing whether a peer's agents and contacts may be counted on.
    ///
    /// They may only while there is a direct link and the peer is heard over it. Otherwise its agents are unknown,
    /// not free (design §1).
    private mutating func weigh(_ peer: SiteID, _ now: Moment) {
        let isUp = detector.peers.contains { $0.site == peer && $0.standing == .up }
        let isReachable = linked.contains(peer) && isUp
        let wasReachable = router.agents.isReachable(peer)
        guard isReachable || wasReachable else { return }
        router.agents.update(peer, SiteKnowledge(isReachable: isReachable, heardAt: now.instant))
        guard isReachable != wasReachable else { return }
        guard isReachable else {
            holdPlaces(of: peer, now)
            planTakeOver(of: peer, now)
            return router.waiting.forget(peer)
        }
        for kind in [PresenceKind.agent, PresenceKind.contact] {
            for entry in presence.entries(kind: kind, at: now.instant) where entry.site == peer {
                learn(entry.key, of: peer, now)
            }
        }
    }

    /// Takes in what another site says of an agent or a contact of its own.
    private mutating func learn(_ key: PresenceKey, of other: SiteID, _ now: Moment) {
        let entry = presence.entry(key, of: other, at: now.instant)
        switch key.kind {
        case PresenceKind.agent:
            let day = DayFigures.day(of: now.wall)
            guard let fields = entry?.fields, let view = AgentPresence.view(key, fields, site: other, day: day) else {
                return router.agents.remove(AgentID(key.id), from: other)
            }
            learn(view, now)
        case PresenceKind.contact:
            let known = entry.flatMap { ContactPresence(key, $0.fields) }
            learn(ContactID(key.id), known, of: other, now)
        default: break
        }
    }

    private mutating func learn(_ view: AgentView, _ now: Moment) {
        if view.state != .loggedOut {
            let events = book.seenElsewhere(view.agent, fence: view.fence, at: now)
            if !events.isEmpty {
                let text = "You have signed in at \(view.site.name); the session here has ended."
                outbox.append(.notice(view.agent, SiteNotice(.warning, text)))
            }
            push(events)
            router.agents.upsert(view)
        } else {
            router.agents.remove(view.agent, from: view.site)
        }
        // The agent's own site pulls first; this is for what its presence did not show in time.
        if view.isOpen { matchSoon(Limits.pushAfterPresence, now) }
    }

    private mutating func learn(_ id: ContactID, _ known: ContactPresence?, of other: SiteID, _ now: Moment) {
        guard id.site == other else { return }
        if let known { reconcile(known, at: other, now) }
        guard let known, known.state == .waiting, router.agents.isReachable(other),
            let definition = directory.queues[known.queue]
        else {
            router.waiting.remove(id)
            return
        }
        let waiting = known.waiting(at: other, queue: definition)
        if router.waiting.contact(id) == nil {
            // Full: such a contact is served by its own site alone.
            try? router.waiting.add(waiting)
        } else {
            router.waiting.update(waiting)
        }
        matchSoon(Limits.pushAfterPresence, now)
    }

    private mutating func receive(_ talk: SiteTalk, from peer: SiteID, _ now: Moment) {
        switch talk {
        case .bridge(let message): push(calls.receive(message, from: peer, now: now))
        case .text(let message): receive(message, from: peer, now)
        case .pass(let request): pass(request, for: peer, now)
        case .passed(let request, let refusal): passed(request, refusal, now)
        case .pauseRecording(let bridge, let isPaused):
            _ = pauseRecording(calls.owner(of: bridge), isPaused, now)
        case .parties(let talk): partiesAre(talk)
        case .supervise(let request): supervised(request, for: peer, now)
        case .recording(let bridge, let state, let isRefused): recordingIs(state, of: bridge, isRefused: isRefused)
        case .reserve(let request): reserve(request, for: peer, now)
        case .granted(let request, let contact, let agent, let reservation):
            granted(request, contact, agent, reservation, by: peer, now)
        case .refused(let request, let contact, _, let reason):
            requestRefused(request, contact, reason, by: peer, now)
        case .release(let contact, let agent): release(contact, agent, by: peer, now)
        case .pull(let contact, let agent, let epoch, let version):
            pulled(contact, agent, LoginFence(epoch: epoch, site: peer), version, now)
        }
    }
}
