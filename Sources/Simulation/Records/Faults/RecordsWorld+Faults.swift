import Kernel
import Replication

// How the faults of the schedule begin and end.
extension RecordsWorld {
    mutating func begin(_ fault: PlannedFault) {
        guard !isSettling, apply(fault) else { return }
        underWay.insert(fault.number)
        reach.begin(fault.kind)
        say("fault \(fault.text(sites.map(\.id)))")
        queue.plan(.faultEnds(fault.number), at: now + fault.length)
    }

    /// Brings a fault about; false when there is nothing that could suffer it.
    private mutating func apply(_ fault: PlannedFault) -> Bool {
        switch fault.kind {
        case .cut, .oneWayCut, .stall, .slowLink, .flap, .garbage: return applyToLink(fault)
        case .kill, .massRestart, .pause, .tornHeadFile, .joiner, .suspendedMember: return applyToProcess(fault)
        case .fullDisk, .slowDisk, .lostDisk, .restoredBackup, .setBackDisk, .rottenOp, .rottenDocument:
            return applyToDisk(fault)
        case .steppedClock:
            // Mostly by an hour, sometimes by a little: both matter.
            let hour = Int64(3_600_000)
            let steps = [hour, -hour, hour, -hour, 20_000, -20_000]
            let step = steps[Int(fault.chance % UInt64(steps.count))]
            sites[fault.site].clock.step(by: .milliseconds(step), at: now)
            if step < 0 { markBitten(fault) }
            return true
        case .driftingClock:
            let millionths = Int64(fault.chance % 100_000) - 50_000
            sites[fault.site].clock.run(fastBy: millionths, at: now)
            markBitten(fault)
            return true
        }
    }

    mutating func end(_ fault: PlannedFault) {
        guard underWay.contains(fault.number) else { return }
        let place = linkPlace(fault.site, fault.other)
        switch fault.kind {
        case .cut: heal(place, ways: [0, 1])
        case .oneWayCut: heal(place, ways: [links[place].end(fault.site)])
        case .slowLink:
            links[place].ways[0].rate = nil
            links[place].ways[1].rate = nil
        case .pause: wake(fault.site)
        case .suspendedMember:
            for other in sites.indices where other != fault.site { heal(linkPlace(fault.site, other), ways: [0, 1]) }
            wishes.append(.change(.activate, site: fault.site))
        case .fullDisk: sites[fault.site].diskIsFull = false
        case .slowDisk: sites[fault.site].diskDelay = 1...6
        case .steppedClock, .driftingClock: mendClock(fault.site)
        default: break
        }
        // What was set off may show its effect later (a restart, an alarm), so those stay.
        if [.cut, .oneWayCut, .stall, .pause, .fullDisk, .slowDisk, .suspendedMember].contains(fault.kind) {
            underWay.remove(fault.number)
        }
    }

    mutating func markBitten(_ fault: PlannedFault) {
        if bitten.insert(fault.number).inserted { reach.bite(fault.kind) }
    }

    private mutating func mendClock(_ site: Int) {
        let offset = Int64.random(in: -300...300, using: &netRandom)
        sites[site].clock.mend(offset: .milliseconds(offset), at: now)
    }

    // MARK: Links

    private mutating func applyToLink(_ fault: PlannedFault) -> Bool {
        let place = linkPlace(fault.site, fault.other)
        let way = links[place].end(fault.site)
        switch fault.kind {
        case .cut: cut(place)
        case .oneWayCut: cutOneWay(place, way)
        case .stall:
            links[place].ways[way].stalledUntil = now + fault.length
            if fault.length > Limits.meshIdleTimeout { planGiveUp(place) }
        case .slowLink:
            // A telephone modem to a bad mobile network: beacons alone nearly fill the former.
            let rate = Int64(1_500 + fault.chance % 12_000)
            links[place].ways[0].rate = rate
            links[place].ways[1].rate = rate
        case .flap: queue.plan(.flap(fault.number, left: 3 + Int(fault.chance % 8)), at: now)
        case .garbage: links[place].ways[way].garbles = true
        default: return false
        }
        return true
    }

    mutating func flap(_ fault: PlannedFault, left: Int) {
        guard !isSettling, left > 0 else { return }
        let place = linkPlace(fault.site, fault.other)
        breakSession(place, noticedWithin: 200)
        let pause = Span.milliseconds(Int64.random(in: 100...900, using: &netRandom))
        queue.plan(.flap(fault.number, left: left - 1), at: now + pause)
    }

    mutating func cut(_ place: Int) {
        links[place].ways[0].cuts += 1
        links[place].ways[1].cuts += 1
        breakSession(place, noticedWithin: Limits.meshIdleTimeout.milliseconds)
    }

    mutating func cutOneWay(_ place: Int, _ way: Int) {
        links[place].ways[way].cuts += 1
        if let session = links[place].session {
            // What is lost of a stream stays lost: the session cannot go on even if the cut is short.
            links[place].ways[way].dead = (session, now)
            planGiveUp(place)
        }
    }

    mutating func heal(_ place: Int, ways: [Int]) {
        for way in ways { links[place].ways[way].cuts = max(0, links[place].ways[way].cuts - 1) }
        planDial(links[place].low, links[place].high, within: 900)
    }

    // MARK: Processes

    private mutating func applyToProcess(_ fault: PlannedFault) -> Bool {
        let site = fault.site
        switch fault.kind {
        case .kill:
            guard sites[site].isUp, sites[site].asleep == nil else { return false }
            sites[site].doom = fault.number
        case .tornHeadFile:
            guard sites[site].isUp, sites[site].asleep == nil else { return false }
            kill(site, for: fault.length, tearing: true)
        case .massRestart:
            for index in sites.indices where sites[index].isUp && sites[index].asleep == nil {
                let pause = Int64.random(in: 200...2_500, using: &netRandom)
                kill(index, for: .milliseconds(pause))
            }
            markBitten(fault)
        case .pause:
            guard sites[site].isUp, sites[site].asleep == nil else { return false }
            sites[site].asleep = []
            for other in sites.indices where other != site { planGiveUp(linkPlace(site, other)) }
        case .joiner:
            guard !sites[site].exists else { return false }
            wishes.append(.addition(site: site))
        case .suspendedMember:
            guard sites[site].exists, sites.count > 2 else { return false }
            for other in sites.indices where other != site { cut(linkPlace(site, other)) }
            wishes.append(.change(.suspend, site: site))
            markBitten(fault)
        default: return false
        }
        return true
    }

    // MARK: Disks

    private mutating func applyToDisk(_ fault: PlannedFault) -> Bool {
        let site = fault.site
        guard sites[site].exists, sites[site].asleep == nil else { return false }
        switch fault.kind {
        case .lostDisk, .restoredBackup, .setBackDisk:
            // Whoever loses the only healthy copies of damaged bytes has lost them: no promise covers that.
            if hasDamage { return false }
        default: break
        }
        switch fault.kind {
        case .fullDisk: sites[site].diskIsFull = true
        case .slowDisk: sites[site].diskDelay = 400...2_500
        case .lostDisk, .restoredBackup, .setBackDisk:
            // The pause is long enough for whatever of this site is still on its way to land or be lost.
            let pause = Span.seconds(4) + fault.length
            if sites[site].isUp { kill(site, for: pause) } else { return false }
            return replaceDisk(fault)
        case .rottenOp: return rotOp(fault)
        case .rottenDocument: return rotDocument(fault)
        default: return false
        }
        return true
    }

    private mutating func replaceDisk(_ fault: PlannedFault) -> Bool {
        let site = fault.site
        let had = sites[site].stored
        switch (fault.kind, sites[site].backup) {
        case (.lostDisk, _):
            replaceDisk(site, InMemoryLedgerStorage(), VirtualHeadFile(), VersionVector())
            sites[site].backup = nil
            markBitten(fault)
        case (.restoredBackup, let backup?):
            replaceDisk(site, backup.storage, sites[site].head, backup.stored)
        case (.setBackDisk, let backup?):
            replaceDisk(site, backup.storage, backup.head, backup.stored)
            sites[site].isWary = true
        default: return false
        }
        say("\(sites[site].id) had \(had.text), has \(sites[site].stored.text)")
        return true
    }

    private mutating func rotOp(_ fault: PlannedFault) -> Bool {
        let heads = sites[fault.site].storage.heads()
        guard !heads.isEmpty else { return false }
        let head = heads[Int(fault.chance % UInt64(heads.count))].dot
        let dot = Dot(origin: head.origin, sequence: 1 + fault.chance / 64 % head.sequence)
        let isElsewhere = sites.indices.contains { place in
            place != fault.site && sites[place].storage.op(dot).map { $0.body == book.entries[dot]?.body } ?? false
        }
        guard isElsewhere else { return false }
        guard sites[fault.site].storage.rot(dot, bit: Int(fault.chance >> 40)) else { return false }
        rottenOps.append((fault.site, dot))
        return true
    }

    /// True while bytes that a disk changed are not whole again.
    private var hasDamage: Bool {
        rottenOps.contains { rotten in
            guard let op = sites[rotten.site].storage.op(rotten.dot) else { return false }
            return op.body != book.entries[rotten.dot]?.body
        } || sites.contains { !$0.storage.damagedDocuments(after: nil, limit: .max).damaged.isEmpty }
    }

    private mutating func rotDocument(_ fault: PlannedFault) -> Bool {
        let living = sites[fault.site].storage.documents.values.filter { !$0.isDeleted && !$0.counters.isEmpty }
        guard !living.isEmpty else { return false }
        let document = living.sorted { $0.id < $1.id }[Int(fault.chance % UInt64(living.count))]
        sites[fault.site].storage.rot(document.rotten)
        return true
    }
}

extension Document {
    /// As a failing disk may read it: a count is another one.
    var rotten: Document {
        var counters = counters
        for (field, counter) in counters {
            counters[field] = PNCounter(
                shares: counter.shares.map {
                    PNCounter.Share(origin: $0.origin, added: $0.added ^ 1, taken: $0.taken)
                }
            )
        }
        return Document(
            id: id,
            version: version,
            updated: updated,
            deletion: deletion,
            registers: registers,
            sets: sets,
            counters: counters,
            logs: logs
        )
    }
}
