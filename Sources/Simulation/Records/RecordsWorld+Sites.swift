import Kernel
import Replication

// Processes: what they want done, and how they start and end.
extension RecordsWorld {
    /// Starts a site, first or again.
    mutating func boot(_ index: Int) {
        guard sites[index].exists, !sites[index].isUp else { return }
        let isBlank = sites[index].storage.heads().isEmpty
        let before = sites[index].stored
        let seed = diskRandom.next()
        let founders = sites.filter { !$0.isNewcomer }.map(\.id)
        let started = try? sites[index].start(
            sites.map(\.id),
            founders: founders,
            settings: settings,
            seed: seed,
            at: now
        )
        guard let isDemanded = started, let ledger = sites[index].ledger else {
            return fail("3 heads are contiguous and only rise", "\(sites[index].id) could not start")
        }
        if !ledger.stored.covers(before) {
            fail("3 heads are contiguous and only rise", "\(sites[index].id) started with less than was on its disk")
        }
        if isDemanded {
            reach.note(.epochByHeadFile)
            bite(.restoredBackup) { $0.site == index }
            bite(.tornHeadFile) { $0.site == index }
        }
        if isBlank, now > .zero { reach.note(.epochBlank) }
        say("\(sites[index].id) starts as \(ledger.origin.text)")
        planTimer(index)
        for other in sites.indices where other != index { planDial(index, other, within: 600) }
    }

    mutating func timer(_ index: Int, _ life: Int) {
        guard sites[index].life == life else { return }
        sites[index].timerAt = nil
        let moment = sites[index].moment(now)
        if let due = sites[index].machine?.nextDeadline, due <= now { tell(index, .timer) }
        if let due = sites[index].detector?.nextDeadline, due <= now {
            watch(index, sites[index].detector?.handle(.timer, at: moment.instant))
        }
        pump(index)
    }

    /// Gives an event to a site's machine and carries out what it wants.
    mutating func tell(_ index: Int, _ event: RecordsEvent) {
        let moment = sites[index].moment(now)
        guard let directives = sites[index].machine?.handle(event, at: moment) else { return }
        carryOut(directives, index)
    }

    /// Hands the disk what has gathered and plans the next timer: after every event of a site.
    mutating func pump(_ index: Int) {
        guard sites[index].isUp else { return }
        let moment = sites[index].moment(now)
        let wall = sites[index].machine?.wall(at: moment) ?? moment.wall
        if let batch = sites[index].pipeline.next(at: moment, wall: wall) {
            trace.add(Int64(batch.applications.count << 16 | batch.tasks.count << 8 | batch.edits.count))
            let delay = Span.milliseconds(Int64.random(in: sites[index].diskDelay, using: &diskRandom))
            if delay >= .seconds(1) {
                reach.note(.diskStalled)
                bite(.slowDisk) { $0.site == index }
            }
            queue.plan(.diskDone(site: index, life: sites[index].life), at: now + delay)
            if let fault = sites[index].doom.flatMap(fault) {
                sites[index].doom = nil
                markBitten(fault)
                return kill(index, for: fault.length)
            }
        }
        planTimer(index)
    }

    private mutating func planTimer(_ index: Int) {
        guard let deadline = sites[index].nextDeadline else { return }
        let at = max(deadline, now)
        if let planned = sites[index].timerAt, planned <= at { return }
        sites[index].timerAt = at
        queue.plan(.timer(site: index, life: sites[index].life), at: at)
    }

    private mutating func carryOut(_ directives: [RecordsDirective], _ index: Int) {
        for directive in directives {
            switch directive {
            case .send(let peer, let frame): send(frame, from: index, to: peer)
            case .readOps(let reading):
                let delay = Span.milliseconds(Int64.random(in: 0...4, using: &diskRandom))
                queue.plan(.read(site: index, life: sites[index].life, reading), at: now + delay)
            case .applyOps(let application):
                if application.peer != application.batch.origin.site { reach.note(.relayUsed) }
                if application.batch.origin.site == sites[index].id { reach.note(.ownOpsPulledBack) }
                reach.note(application.batch.isCatchUp ? .caughtUp : .liveTail)
                sites[index].pipeline.add(application)
            case .task(let token, let task): sites[index].pipeline.add(task, token)
            case .peerAccepted(let peer, _): accepted(peer, index)
            case .peerRefused(let peer, let refusal): turnedAway(peer, refusal, index)
            case .changed, .decided: break
            case .reply(let token, let reply): answered(token, reply, index)
            case .alarm(let alarm): sounded(alarm, index)
            case .note(let note): noted(note, index)
            }
        }
    }

    private mutating func accepted(_ peer: SiteID, _ index: Int) {
        sites[index].linked.insert(peer)
        sites[index].met.insert(peer)
        if sites[index].met.count == sites.count(where: \.exists) - 1 { sites[index].isWary = false }
        watch(index, sites[index].detector?.handle(.linkUp(peer), at: now))
    }

    /// Carries out what the failure detector wants.
    mutating func watch(_ index: Int, _ directives: [DetectorDirective]?) {
        for case .send(let peer, var frame) in directives ?? [] {
            if case .heartbeat(var heartbeat) = frame {
                heartbeat.wall = sites[index].clock.wall(at: now)
                frame = .heartbeat(heartbeat)
            }
            send(frame, from: index, to: peer)
        }
    }

    /// A site will not talk to another: the link is closed and tried again later.
    private mutating func turnedAway(_ peer: SiteID, _ refusal: Refusal, _ index: Int) {
        guard let other = sites.firstIndex(where: { $0.id == peer }) else { return }
        reach.note("link.refused")
        breakSession(linkPlace(index, other), noticedWithin: 100)
        let isMembership = sites.contains { $0.isNewcomer }
        if !isMembership, !options.isHostile, !expected.contains(.refusal) {
            fail("no unexpected alarm", "\(sites[index].id) and \(peer) refuse each other: \(refusal)")
        }
    }

    private mutating func noted(_ note: RecordsNote, _ index: Int) {
        reach.note(note.event)
        say("\(sites[index].id) \(note.event) " + note.fields.map { "\($0.0)=\($0.1)" }.joined(separator: " "))
        switch note {
        case .epochBegun:
            reach.note(.epochByPeers)
            sites[index].isWary = false
            bite(.setBackDisk) { $0.site == index }
        case .forgotten(let documents, let floor):
            if documents > 0 { reach.note(.tombstonesDropped) }
            if !floor.isEmpty { reach.note(.logTrimmed) }
        case .joinBegan:
            sites[index].hasJoined = true
            reach.note(.joinBegan)
        case .joined: reach.note(.joined)
        case .clock, .decided: break
        }
    }

    private mutating func sounded(_ alarm: RecordsAlarm, _ index: Int) {
        let text = "\(sites[index].id) \(alarm.event) " + alarm.fields.map { "\($0.0)=\($0.1)" }.joined(separator: " ")
        say(text)
        reach.note("alarm.\(alarm.event)")
        switch alarm {
        case .ledger(_, .stampAhead):
            reach.note(.heldBack)
            bite(.steppedClock) { _ in true }
            if !isExpected(.stampAhead, by: [.steppedClock]) { fail("no unexpected alarm", text) }
        case .ledger(_, .fork):
            if !isExpected(.fork, by: []) { fail("4 no dot with two hashes", text) }
        case .ledger(_, .malformed), .ledger(_, .damaged):
            if !isExpected(.malformed, by: [.rottenOp]) { fail("no unexpected alarm", text) }
        case .ledger(_, .ownOriginAhead), .ownOriginAhead:
            if !isExpected(.ownOriginAhead, by: [.setBackDisk]) { fail("no unexpected alarm", text) }
        case .clock:
            reach.note(.clockNoticed)
            bite(.steppedClock) { _ in true }
            if !isExpected(.clock, by: [.steppedClock, .driftingClock]) { fail("no unexpected alarm", text) }
        case .transfer(let alarm): sounded(alarm, text, index)
        case .membership: fail("10 floor behind members, one decision a number", text)
        case .memberSilent: break
        }
    }

    private mutating func sounded(_ alarm: TransferAlarm, _ text: String, _ index: Int) {
        switch alarm {
        case .differs, .repaired:
            reach.note(.repaired)
            bite(.rottenDocument) { _ in true }
            if !isExpected(.rot, by: [.rottenDocument]) { fail("2 equal vectors, equal digests", text) }
        case .damagedOps, .mendedOps:
            reach.note(.mended)
            bite(.rottenOp) { $0.site == index }
            if !isExpected(.rot, by: [.rottenOp]) { fail("no unexpected alarm", text) }
        case .damagedDocuments, .mendedDocuments:
            reach.note(.mended)
            bite(.rottenDocument) { $0.site == index }
            if !isExpected(.rot, by: [.rottenDocument]) { fail("no unexpected alarm", text) }
        case .forks: if !isExpected(.fork, by: []) { fail("4 no dot with two hashes", text) }
        case .damagedChunk: fail("no unexpected alarm", text)
        }
    }

    private func isExpected(_ alarm: ExpectedAlarm, by kinds: Set<RecordsFault>) -> Bool {
        expected.contains(alarm) || schedule.contains { kinds.contains($0.kind) && $0.at <= now }
    }

    // MARK: Ends

    /// Kills a process; it starts again after a while.
    mutating func kill(_ index: Int, for length: Span, tearing: Bool = false) {
        guard sites[index].isUp else { return }
        let name = sites[index].id
        if sites.contains(where: { $0.machine?.status.transfer.donor == name }) { reach.note(.donorDied) }
        if sites[index].pipeline.out != nil {
            // Half the time the batch under way reached the disk, only nobody lived to hear of it.
            if Bool.random(using: &diskRandom) {
                reach.note(.crashAfterPersist)
                _ = write(index)
            } else {
                reach.note(.crashLostBatch)
            }
        }
        if tearing {
            sites[index].head.tear()
            sites[index].hasLostMemory = true
        }
        // Nobody lives to answer.
        asked = asked.filter { $0.value.site != index }
        sites[index].stop()
        say("\(sites[index].id) is killed")
        for peer in sites.indices where peer != index {
            let place = linkPlace(index, peer)
            links[place].believed[links[place].end(index)] = nil
            breakSession(place, noticedWithin: 1_200)
        }
        queue.plan(.start(site: index), at: now + length)
    }

    /// Wakes a stopped process: everything that came meanwhile comes at once.
    mutating func wake(_ index: Int) {
        guard let missed = sites[index].asleep else { return }
        sites[index].asleep = nil
        say("\(sites[index].id) wakes to \(missed.count) events")
        let frames = missed.contains { if case .bytes = $0 { true } else { false } }
        if frames {
            reach.note(.pauseHeldFrames)
            bite(.pause) { $0.site == index }
        }
        for event in missed { handle(event) }
        pump(index)
    }
}
