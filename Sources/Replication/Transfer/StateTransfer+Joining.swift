package import Kernel

// Taking in a snapshot.
extension StateTransfer {
    /// Where a join stands.
    enum Join: Hashable, Sendable {
        /// None is under way.
        case none
        /// The disk says that one is under way; where it stands is to be read.
        case resuming
        /// A job of the join is under way.
        case working(JoinProgress?)
        /// The next range is to be asked for.
        case idle(JoinProgress)
        /// A donor was asked for the next range.
        case asked(JoinProgress, Asked)
        /// All documents are here; ops that they reflect are still missing in the log.
        case tail(JoinProgress, since: Instant)

        var progress: JoinProgress? {
            switch self {
            case .none, .resuming: nil
            case .working(let progress): progress
            case .idle(let progress), .asked(let progress, _), .tail(let progress, _): progress
            }
        }
    }

    /// The origins of which somebody linked has ops that nobody linked can give one by one.
    ///
    /// A peer can when its log still reaches back to what is here. Ops of this site's own that it lost count like any.
    package var unreachable: [Origin] {
        var ahead: Set<Origin> = []
        var servable: Set<Origin> = []
        for peer in peers.values {
            for head in peer.vector.heads where head.sequence > stored[head.origin] {
                ahead.insert(head.origin)
                if peer.floor[head.origin] <= stored[head.origin] { servable.insert(head.origin) }
            }
        }
        return ahead.subtracting(servable).sorted()
    }

    /// True when a snapshot is the way to the others' records: logs no longer reach back to what is here, or the site
    /// is blank and the log so long that replaying it takes longer.
    ///
    /// A site with records never joins because of a long log alone: it may not write meanwhile.
    package var shouldJoin: Bool {
        if !unreachable.isEmpty { return true }
        guard vector.isEmpty else { return false }
        var all = VersionVector()
        for peer in peers.values { all.merge(peer.vector) }
        var gap: UInt64 = 0
        for head in all.heads { gap = gap.addingReportingOverflow(head.sequence).partialValue }
        return gap > Limits.joinGapOpsMax
    }

    /// Who can give a snapshot: peers that have all that this site wrote, the fullest first.
    private func donors(at now: Instant) -> [SiteID] {
        let own = VersionVector(vector.heads.filter { $0.origin.site == site })
        let able = peers.filter { !$0.value.vector.isEmpty && $0.value.vector.covers(own) }
        func weight(_ peer: SiteID) -> UInt64 {
            peers[peer]?.vector.heads.reduce(0) { $0 &+ $1.sequence } ?? 0
        }
        let sorted = able.keys.sorted { (weight($1), $0) < (weight($0), $1) }
        let rested = sorted.filter { peers[$0].map { $0.pausedUntil <= now } ?? false }
        // The donor of the last range goes on, as long as it answers.
        if let lastDonor, rested.contains(lastDonor) { return [lastDonor] + rested }
        return rested
    }

    /// When something about the join is due, after what was done at `now`: always later.
    private func joinWake(after now: Instant) -> Instant? {
        let rested = peers.values.map(\.pausedUntil)
        let needy = needySince.map { $0 + Limits.joinPatience }
        let dates: [Instant?] =
            switch join {
            case .none: [needy] + rested
            case .resuming: [joinRetry]
            case .asked(_, let asked): [asked.deadline]
            case .idle: rested
            case .tail(_, let since): [needy, since + Limits.joinTailPatience, now + Limits.joinPatience]
            case .working: []
            }
        return dates.compactMap { $0 }.filter { $0 > now }.min()
    }

    mutating func driveJoin(at now: Instant, _ out: inout [TransferDirective]) {
        moveJoin(at: now, &out)
        joinDeadline = joinWake(after: now)
    }

    private mutating func moveJoin(at now: Instant, _ out: inout [TransferDirective]) {
        if case .asked(let progress, let asked) = join, asked.deadline <= now {
            pause(asked.peer, at: now)
            join = .idle(progress)
        }
        switch join {
        case .none:
            guard isNeedy(at: now), !donors(at: now).isEmpty else { return }
            join = .working(nil)
            out.append(.joinBegan)
            perform(.beginJoin(restart: false), &out)
        case .resuming:
            guard joinRetry <= now else { return }
            join = .working(nil)
            out.append(.joinBegan)
            perform(.beginJoin(restart: false), &out)
        case .idle(let progress):
            guard let donor = donors(at: now).first else { return }
            lastDonor = donor
            let documentsPerChunk = documentsPerChunk
            let asked = ask(donor, at: now, &out) {
                .wantSnapshot($0, after: progress.through, limit: documentsPerChunk)
            }
            join = .asked(progress, asked)
        case .tail(let progress, let since):
            if vector.covers(progress.upper) {
                join = .working(progress)
                perform(.finishJoin, &out)
            } else if isNeedy(at: now) || (since + Limits.joinTailPatience <= now && !isTailThere(progress)) {
                // What the documents reflect never comes: another donor's snapshot takes its place.
                needySince = nil
                join = .working(progress)
                perform(.beginJoin(restart: true), &out)
            }
        case .asked, .working:
            break
        }
    }

    /// True when a snapshot has been the only way for a while: links come up one after the other.
    private mutating func isNeedy(at now: Instant) -> Bool {
        guard shouldJoin else {
            needySince = nil
            return false
        }
        let since = needySince ?? now
        needySince = since
        return since + Limits.joinPatience <= now
    }

    /// True when some linked peer has each op that the documents reflect.
    private func isTailThere(_ progress: JoinProgress) -> Bool {
        var all = vector
        for peer in peers.values { all.merge(peer.vector) }
        return all.covers(progress.upper)
    }

    mutating func joinAnswered(
        _ message: TransferMessage,
        from peer: SiteID,
        at now: Instant,
        _ out: inout [TransferDirective]
    ) {
        guard case .asked(let progress, let asked) = join, asked.peer == peer, asked.number == message.request else {
            return
        }
        if case .snapshot(_, let chunk) = message {
            join = .working(progress)
            perform(.install(chunk), &out)
        } else {
            pause(peer, at: now)
            join = .idle(progress)
        }
    }

    mutating func installed(_ outcome: InstallOutcome, at now: Instant, _ out: inout [TransferDirective]) {
        if [.damaged, .ownOpsMissing, .future].contains(outcome.refusal), let lastDonor {
            if outcome.refusal == .damaged { out.append(.alarm(.damagedChunk(lastDonor))) }
            pause(lastDonor, at: now)
        }
        if !outcome.changed.isEmpty || !outcome.removed.isEmpty {
            out.append(.project(changed: outcome.changed, removed: outcome.removed))
        }
        goOn(outcome.progress, at: now, &out)
    }

    mutating func joinMoved(
        _ progress: JoinProgress,
        _ position: LedgerPosition,
        at now: Instant,
        _ out: inout [TransferDirective]
    ) {
        vector.merge(position.vector)
        stored.merge(position.vector)
        if !position.forks.isEmpty { out.append(.alarm(.forks(position.forks))) }
        if progress.phase == .tail || progress.phase == .done { out.append(.adopted(position)) }
        goOn(progress, at: now, &out)
    }

    private mutating func goOn(_ progress: JoinProgress, at now: Instant, _ out: inout [TransferDirective]) {
        switch progress.phase {
        case .documents:
            join = .idle(progress)
        case .complete:
            join = .working(progress)
            perform(.finishJoin, &out)
        case .tail:
            join = .tail(progress, since: now)
        case .done:
            join = .none
            needySince = nil
            out.append(.joined)
        }
    }

    mutating func joinFailed(at now: Instant) {
        joinRetry = now + Limits.transferPeerPause
        // Where the join stands is on disk: read it again, not at once.
        guard let progress = join.progress else {
            join = .resuming
            return
        }
        if progress.phase == .documents {
            if let lastDonor { pause(lastDonor, at: now) }
            join = .idle(progress)
        } else {
            join = .resuming
        }
    }

    mutating func joinLost(_ peer: SiteID) {
        if case .asked(let progress, let asked) = join, asked.peer == peer { join = .idle(progress) }
    }
}
