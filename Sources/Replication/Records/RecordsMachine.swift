package import Kernel

/// All that a site does about its records beside the disk itself, as one value: propagation, acknowledgements, clocks,
/// membership, snapshots, equality, forgetting.
///
/// Whoever drives it (the site's core, the simulator) hands it frames, the outcomes of disk work and the time, and
/// carries out its directives in order. The ledger's own rules run where the transaction runs.
package struct RecordsMachine: Sendable {
    /// What a task was for.
    enum Purpose: Sendable {
        case epoch
        case release
        case peerVectors
        case digest(VersionVector)
        case forget
    }

    /// Who this site is.
    package let site: SiteID
    var replicator: Replicator
    var tasks: [LedgerTaskToken: Purpose] = [:]
    var lastTask: UInt64 = 0
    /// Peers whose hello was accepted on the present link.
    var linked: Set<SiteID> = []
    /// What peers have on disk, held-back ops included, as they said last; kept across restarts.
    package internal(set) var durable: [SiteID: VersionVector]
    /// Whether what `durable` says has changed since it was written to disk.
    var durableIsUnsaved = false
    /// When held-back ops may be applied; nil when none is held back.
    var releaseAt: WallTime?
    var nextHousekeeping: Instant?

    /// Starts with what the disk says.
    package init(_ boot: RecordsBoot, at now: Moment) {
        site = boot.hello.site
        replicator = Replicator(hello: boot.hello)
        durable = boot.peerVectors
        nextHousekeeping = now.instant + Limits.housekeepingInterval
    }

    /// What this site has applied.
    package var vector: VersionVector { replicator.vector }

    /// Under which name this site writes.
    package var origin: Origin { replicator.origin }

    /// The root of the digest at `vector`; nil while it is not known.
    package var digest: DocumentHash? { replicator.digest }

    /// When to send `.timer`; nil when there is nothing to wait for.
    package var nextDeadline: Instant? {
        [replicator.nextDeadline, nextHousekeeping].compactMap { $0 }.min()
    }

    /// Takes an event.
    package mutating func handle(_ event: RecordsEvent, at now: Moment) -> [RecordsDirective] {
        var out: [RecordsDirective] = []
        switch event {
        case .linkUp(let peer): follow(replicator.handle(.linkUp(peer), at: now), now, &out)
        case .linkDown(let peer):
            linked.remove(peer)
            follow(replicator.handle(.linkDown(peer), at: now), now, &out)
        case .frame(let peer, let frame): take(frame, from: peer, now, &out)
        case .committed(let result):
            follow(replicator.handle(.committed(result.vector, result.batch), at: now), now, &out)
        case .applied(let application, let outcome):
            learn(outcome)
            follow(replicator.handle(.applied(application, outcome), at: now), now, &out)
        case .applyFailed(let application):
            follow(replicator.handle(.applyFailed(application), at: now), now, &out)
        case .read(let reading, let batch):
            follow(replicator.handle(.read(reading, batch), at: now), now, &out)
        case .taskDone(let token, let result): taskDone(token, result, now, &out)
        case .command: break
        case .timer: break
        }
        advance(now, &out)
        return out
    }

    private mutating func advance(_ now: Moment, _ out: inout [RecordsDirective]) {
        if let due = replicator.nextDeadline, due <= now.instant {
            follow(replicator.handle(.timer, at: now), now, &out)
        }
        if let due = nextHousekeeping, due <= now.instant {
            nextHousekeeping = now.instant + Limits.housekeepingInterval
            keepHouse(now, &out)
        }
    }

    // MARK: Frames

    private mutating func take(_ frame: Frame, from peer: SiteID, _ now: Moment, _ out: inout [RecordsDirective]) {
        switch frame {
        case .hello, .ops, .want, .refuse: follow(replicator.handle(.frame(peer, frame), at: now), now, &out)
        case .beacon(let beacon):
            guard linked.contains(peer) else { return }
            follow(replicator.handle(.frame(peer, frame), at: now), now, &out)
            learn(beacon.durable, of: peer)
            compareOwnOrigin(beacon.vector, now, &out)
        case .ack(let dots):
            guard linked.contains(peer) else { return }
            learn(VersionVector(dots), of: peer)
        default: break
        }
    }

    mutating func follow(_ directives: [ReplicatorDirective], _ now: Moment, _ out: inout [RecordsDirective]) {
        for directive in directives {
            switch directive {
            case .send(let peer, let frame): out.append(.send(peer, frame))
            case .readOps(let reading): out.append(.readOps(reading))
            case .applyOps(let application): out.append(.applyOps(application))
            case .peerAccepted(let peer, let hello):
                linked.insert(peer)
                out.append(.peerAccepted(peer, hello))
                learn(hello.vector, of: peer)
                compareOwnOrigin(hello.vector, now, &out)
            case .peerRefused(let peer, let refusal): out.append(.peerRefused(peer, refusal))
            case .alarm(_, .ownOriginAhead): beginEpoch(now, &out)
            case .alarm(let peer, let alarm): out.append(.alarm(.ledger(peer, alarm)))
            }
        }
    }

    /// Notes what a peer has on disk; it never has less than it once said, unless it lost its disk, which a new hello
    /// under a new epoch tells.
    mutating func learn(_ vector: VersionVector, of peer: SiteID) {
        var known = durable[peer] ?? VersionVector()
        guard !known.covers(vector) else { return }
        known.merge(vector)
        durable[peer] = known
        durableIsUnsaved = true
    }

    private mutating func learn(_ outcome: ApplyOutcome) {
        releaseAt = outcome.releaseAt
    }

    // MARK: Tasks

    mutating func perform(_ task: LedgerTask, for purpose: Purpose, _ out: inout [RecordsDirective]) {
        lastTask += 1
        let token = LedgerTaskToken(lastTask)
        tasks[token] = purpose
        out.append(.task(token, task))
    }

    private mutating func taskDone(
        _ token: LedgerTaskToken,
        _ result: LedgerTaskResult?,
        _ now: Moment,
        _ out: inout [RecordsDirective]
    ) {
        guard let purpose = tasks.removeValue(forKey: token) else { return }
        switch (purpose, result) {
        case (.epoch, .epoch(let origin, let vector)):
            follow(replicator.handle(.epochBegun(origin, vector), at: now), now, &out)
            out.append(.note(.epochBegun(origin)))
        case (.release, .applied(let outcome)):
            learn(outcome)
            if !outcome.changed.isEmpty { out.append(.changed(outcome.changed)) }
            follow(replicator.handle(.released(outcome), at: now), now, &out)
        case (.digest, .digest(let root, let vector)):
            if vector == replicator.vector { replicator.digest = root }
        case (.forget, .forgotten(_, let floor)):
            replicator.hello.floor = floor
        default: break
        }
    }

    /// A peer has ops of this site's present epoch that are not here: their numbers are used up.
    private mutating func compareOwnOrigin(_ theirs: VersionVector, _ now: Moment, _ out: inout [RecordsDirective]) {
        if theirs[origin] > vector[origin] { beginEpoch(now, &out) }
    }

    private mutating func beginEpoch(_ now: Moment, _ out: inout [RecordsDirective]) {
        let isUnderWay = tasks.values.contains { if case .epoch = $0 { true } else { false } }
        guard !isUnderWay else { return }
        out.append(.alarm(.ownOriginAhead(origin)))
        perform(.beginEpoch, for: .epoch, &out)
    }

    private func isUnderWay(_ matches: (Purpose) -> Bool) -> Bool { tasks.values.contains(where: matches) }

    // MARK: Housekeeping

    /// What is done about once a second.
    private mutating func keepHouse(_ now: Moment, _ out: inout [RecordsDirective]) {
        if let releaseAt, releaseAt <= now.wall, !isUnderWay({ if case .release = $0 { true } else { false } }) {
            perform(.releaseHeldBack, for: .release, &out)
        }
        if durableIsUnsaved, !isUnderWay({ if case .peerVectors = $0 { true } else { false } }) {
            durableIsUnsaved = false
            perform(.savePeerVectors(durable), for: .peerVectors, &out)
        }
        if replicator.digest == nil, !linked.isEmpty,
            !isUnderWay({ if case .digest = $0 { true } else { false } })
        {
            perform(.readDigest, for: .digest(vector), &out)
        }
    }
}
