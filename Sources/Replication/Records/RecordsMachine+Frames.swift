import Kernel

// What peers say, and what the replicator makes of it.
extension RecordsMachine {
    mutating func take(_ frame: Frame, from peer: SiteID, _ now: Moment, _ out: inout [RecordsDirective]) {
        switch frame {
        case .hello(let hello):
            if let refusal = decisions.membership.refusal(ofHelloFrom: peer), hello.site == peer {
                turnAway(peer, because: .other("\(refusal)"), now, &out)
            } else {
                follow(replicator.handle(.frame(peer, frame), at: now), now, &out)
            }
        case .ops, .want, .refuse:
            follow(replicator.handle(.frame(peer, frame), at: now), now, &out)
        default:
            guard linked.contains(peer) else { return }
            takeAccepted(frame, from: peer, now, &out)
        }
    }

    /// A frame of a peer whose hello was accepted.
    private mutating func takeAccepted(
        _ frame: Frame,
        from peer: SiteID,
        _ now: Moment,
        _ out: inout [RecordsDirective]
    ) {
        switch frame {
        case .beacon(let beacon):
            follow(replicator.handle(.frame(peer, frame), at: now), now, &out)
            learn(beacon.durable, of: peer, now, &out)
            compareOwnOrigin(beacon.durable, now, &out)
            if let head = beacon.membership {
                follow(decisions.handle(.head(peer, head), at: now.instant), now, &out)
            }
            follow(transfer.handle(.peerTold(peer, beacon), at: now.instant), now, &out)
        case .ack(let dots):
            var known = progress[peer]?.vector ?? VersionVector()
            for dot in dots { known.include(dot) }
            learn(known, of: peer, now, &out)
        case .decision(let message):
            follow(decisions.handle(.message(peer, message), at: now.instant), now, &out)
        case .transfer(let payload):
            follow(transfer.handle(.frame(peer, payload), at: now.instant), now, &out)
        case .heartbeat(let heartbeat):
            sample(heartbeat, of: peer, now, &out)
        default: break
        }
    }

    mutating func follow(_ directives: [ReplicatorDirective], _ now: Moment, _ out: inout [RecordsDirective]) {
        for directive in directives {
            switch directive {
            case .send(let peer, let frame): out.append(.send(peer, frame))
            case .readOps(let reading): out.append(.readOps(reading))
            case .applyOps(let application): out.append(.applyOps(application))
            case .peerAccepted(let peer, let hello): accepted(peer, hello, now, &out)
            case .peerRefused(let peer, let refusal): out.append(.peerRefused(peer, refusal))
            case .alarm(_, .ownOriginAhead): beginEpoch(now, &out)
            case .alarm(_, .damaged(let dot)):
                follow(transfer.handle(.damaged(dot), at: now.instant), now, &out)
            case .alarm(let peer, let alarm): out.append(.alarm(.ledger(peer, alarm)))
            }
        }
    }

    private mutating func accepted(
        _ peer: SiteID,
        _ hello: Hello,
        _ now: Moment,
        _ out: inout [RecordsDirective]
    ) {
        linked.insert(peer)
        levels[peer] = hello.schema
        raiseLevel(&out)
        out.append(.peerAccepted(peer, hello))
        noticeLostDisk(hello, now, &out)
        learn(hello.durable, of: peer, now, &out)
        compareOwnOrigin(hello.durable, now, &out)
        follow(decisions.handle(.linkUp(peer), at: now.instant), now, &out)
        if let head = hello.membership {
            follow(decisions.handle(.head(peer, head), at: now.instant), now, &out)
        }
        follow(
            transfer.handle(.peerUp(peer, vector: hello.vector, floor: hello.floor), at: now.instant),
            now,
            &out
        )
    }

    /// Will not talk to a peer.
    private mutating func turnAway(
        _ peer: SiteID,
        because refusal: Refusal,
        _ now: Moment,
        _ out: inout [RecordsDirective]
    ) {
        out.append(.send(peer, .refuse(refusal)))
        out.append(.peerRefused(peer, refusal))
        linkDown(peer, now, &out)
    }

    /// A peer that knows of an earlier epoch of this site, which began with a blank disk, tells that the disk was lost:
    /// what this site promised in votes on the membership was lost with it.
    private mutating func noticeLostDisk(_ hello: Hello, _ now: Moment, _ out: inout [RecordsDirective]) {
        guard mayHaveLostDisk else { return }
        let earlier = hello.vector.heads.contains { $0.origin.site == site && $0.origin != origin }
        guard earlier else { return }
        mayHaveLostDisk = false
        loseMemory(now, &out)
    }

    /// Says that this site does not remember what it voted.
    mutating func loseMemory(_ now: Moment, _ out: inout [RecordsDirective]) {
        let stamp = HybridTimestamp(wall: wall(at: now), counter: 0)
        follow(decisions.handle(.lostMemory(stamp), at: now.instant), now, &out)
    }

    /// Notes what a peer has on disk.
    private mutating func learn(
        _ vector: VersionVector,
        of peer: SiteID,
        _ now: Moment,
        _ out: inout [RecordsDirective]
    ) {
        if progress[peer]?.vector != vector { progressIsUnsaved = true }
        progress[peer] = MemberProgress(vector: vector, heardAt: now.wall)
        resolve(acknowledgements.durable(peer, vector), &out)
    }

    /// Compares clocks: the echo in a heartbeat tells the round trip.
    private mutating func sample(
        _ heartbeat: Heartbeat,
        of peer: SiteID,
        _ now: Moment,
        _ out: inout [RecordsDirective]
    ) {
        guard let echo = heartbeat.echo, heartbeat.wall.milliseconds > 0 else { return }
        let held = heartbeat.echoHeld.milliseconds
        let trip = Span(milliseconds: now.instant.milliseconds.subtractingClamped(echo).subtractingClamped(held))
        tell(clock.sample(from: peer, wall: heartbeat.wall, roundTrip: trip, at: now), &out)
    }

    /// Passes on what clocks show, and confirms nothing beyond this site's disk while its own is off.
    mutating func tell(_ alarms: [ClockAlarm], _ out: inout [RecordsDirective]) {
        acknowledgements.isClockTrusted = clock.isTrusted
        for alarm in alarms {
            switch alarm {
            case .ownClockOff, .peerClockOff: out.append(.alarm(.clock(alarm)))
            case .ownClockRight, .peerClockRight: out.append(.note(.clock(alarm)))
            }
        }
    }
}

extension Int64 {
    /// The difference, cut to the range: a peer's numbers are anything.
    fileprivate func subtractingClamped(_ other: Int64) -> Int64 {
        let (result, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other > 0 ? .min : .max) : result
    }
}
