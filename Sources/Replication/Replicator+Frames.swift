import Kernel

// What comes from peers.
extension Replicator {
    mutating func take(
        _ frame: Frame,
        from peer: SiteID,
        at now: Moment,
        _ out: inout [ReplicatorDirective]
    ) {
        guard let state = peers[peer] else { return }
        if case .hello(let theirs) = frame {
            greet(theirs, from: peer, at: now, &out)
            return
        }
        if case .refuse(let refusal) = frame {
            drop(peer)
            out.append(.peerRefused(peer, refusal))
            return
        }
        guard state.hello != nil else { return }
        switch frame {
        case .beacon(let beacon):
            learn(beacon.vector, of: peer)
            peers[peer]?.floor = beacon.floor
            notice(at: now.instant)
        case .ops(let batch):
            receive(batch, from: peer, at: now.instant, &out)
        case .want(let request):
            guard !state.reads.contains(request.origin), state.reads.count < Limits.readsPerPeerMax else { return }
            peers[peer]?.reads.insert(request.origin)
            out.append(.readOps(OpsReading(peer: peer, request: request)))
        default:
            break
        }
    }

    private mutating func greet(
        _ theirs: Hello,
        from peer: SiteID,
        at now: Moment,
        _ out: inout [ReplicatorDirective]
    ) {
        if let refusal = refusal(of: theirs, from: peer) {
            out.append(.send(peer, .refuse(refusal)))
            out.append(.peerRefused(peer, refusal))
            drop(peer)
            return
        }
        let isNew = peers[peer]?.hello == nil
        peers[peer]?.hello = theirs
        learn(theirs.vector, of: peer)
        peers[peer]?.floor = theirs.floor
        if isNew {
            out.append(.peerAccepted(peer, theirs))
            if theirs.vector[origin] > vector[origin] {
                let dot = Dot(origin: origin, sequence: theirs.vector[origin])
                out.append(.alarm(peer, .ownOriginAhead(dot)))
            }
            // What was missed while there was no link is not on its way: ask at once.
            notice(at: now.instant)
            for head in theirs.vector.heads where behindSince[head.origin] != nil {
                behindSince[head.origin] = Instant(milliseconds: now.instant.milliseconds - 60_000)
            }
        } else if let state = peers[peer], now.instant - state.greetedAt >= Limits.helloSpacing {
            // It says hello again: ours got lost. One that crosses ours is no such sign; answering it too would make
            // both ends answer each other for ever.
            sayHello(to: peer, at: now.instant, &out)
        }
    }

    private func refusal(of theirs: Hello, from peer: SiteID) -> Refusal? {
        if theirs.cluster != hello.cluster { return .otherCluster(hello.cluster) }
        if theirs.site != peer || theirs.site == hello.site { return .otherSite(theirs.site.name) }
        if theirs.protocolMax < hello.protocolMin || theirs.protocolMin > hello.protocolMax {
            return .noCommonProtocol(min: hello.protocolMin, max: hello.protocolMax)
        }
        return nil
    }

    private mutating func learn(_ theirs: VersionVector, of peer: SiteID) {
        peers[peer]?.vector = theirs
        peerVectors[peer] = theirs
    }

    private mutating func receive(
        _ batch: OpsBatch,
        from peer: SiteID,
        at now: Instant,
        _ out: inout [ReplicatorDirective]
    ) {
        let origin = batch.origin
        if batch.isCatchUp, sessions[origin]?.peer == peer {
            sessions[origin]?.deadline = nil
            if batch.bodies.isEmpty {
                // It does not have what its beacon said; ask another, or later.
                sessions[origin] = nil
                failed[origin] = peer
                block(origin, for: Limits.beaconInterval, at: now)
            }
        }
        guard !batch.bodies.isEmpty, !halted.contains(origin), origin != self.origin else { return }
        peers[peer]?.vector.include(Dot(origin: origin, sequence: batch.last))
        notice(at: now)
        // Nothing that would only have to wait: what lies beyond a gap is pulled in order.
        guard batch.last > received(origin), batch.first <= received(origin) + 1,
            inFlight[origin, default: InFlight()].batches < Limits.unappliedBatchesMax, !isBlocked(origin, at: now)
        else { return }
        inFlight[origin, default: InFlight()].batches += 1
        inFlight[origin]?.last = batch.last
        out.append(.applyOps(OpsApplication(peer: peer, batch: batch)))
    }

    mutating func applied(
        _ application: OpsApplication,
        _ outcome: ApplyOutcome,
        at now: Moment,
        _ out: inout [ReplicatorDirective]
    ) {
        let origin = application.batch.origin
        learn(outcome, at: now)
        finish(origin)
        if application.peer == origin.site, peers[origin.site]?.hello != nil, outcome.stored[origin] > 0 {
            // Sooner than the next beacon: somebody there may wait for an acknowledgement.
            out.append(.send(origin.site, .ack([Dot(origin: origin, sequence: outcome.stored[origin])])))
        }
        for alarm in outcome.alarms {
            out.append(.alarm(application.peer, alarm))
            switch alarm {
            case .fork(let dot):
                halted.insert(dot.origin)
                sessions[dot.origin] = nil
                behindSince[dot.origin] = nil
            case .malformed, .damaged:
                sessions[origin] = nil
                failed[origin] = application.peer
                block(origin, for: Limits.blockedOriginPause, at: now.instant)
            case .stampAhead, .ownOriginAhead:
                break
            }
        }
        notice(at: now.instant)
        for request in outcome.missing where behindSince[request.origin] != nil {
            // Somebody has it, and other ops wait for it.
            behindSince[request.origin] = Instant(milliseconds: now.instant.milliseconds - 60_000)
        }
    }

    /// Takes in what ops applied here changed.
    mutating func learn(_ outcome: ApplyOutcome, at now: Moment) {
        hello.vector.merge(outcome.vector)
        held = outcome.held
        stored = outcome.stored.beyond(outcome.vector)
        if outcome.applied > 0 {
            digest = nil
            beaconSoon(at: now.instant)
        }
    }

    /// One batch of an origin is done, one way or the other.
    mutating func finish(_ origin: Origin) {
        guard var state = inFlight[origin] else { return }
        state.batches -= 1
        inFlight[origin] = state.batches > 0 ? state : nil
    }
}
