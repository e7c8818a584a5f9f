package import Kernel

/// Moves state between sites where ops alone do not do: snapshots for joiners, repair of differences, mending of what a
/// disk changed.
///
/// A value: events and the time in, directives out. Each activity has one request under way at a time; what is asked of
/// this site is answered within bounds. Nothing here is durable: where a join stands is on disk (`JoinProgress`), and
/// repair and scrub begin anew.
package struct StateTransfer: Sendable {
    /// A peer with an accepted hello.
    struct Peer: Sendable {
        var vector: VersionVector
        var floor: VersionVector
        /// The root of its digest at `vector`.
        var root: DocumentHash?
        var parts = TransferParts()
        /// Requests of it that this site works on.
        var serving = 0
        /// It failed or refused: others come first until then.
        var pausedUntil = Instant.zero
        /// Its documents are known to differ.
        var differs = false
        var nextRepair = Instant.zero
    }

    /// A request under way.
    struct Asked: Hashable, Sendable {
        let peer: SiteID
        let number: UInt64
        let deadline: Instant
    }

    let site: SiteID
    var vector = VersionVector()
    var stored = VersionVector()
    /// Own digests by vector, newest last.
    var history: [(vector: VersionVector, root: DocumentHash)] = []
    var peers: [SiteID: Peer] = [:]
    var lastRequest: UInt64 = 0

    /// Documents asked for in one chunk; fewer make a join of small records take many steps, as one of many does.
    package var documentsPerChunk = Limits.snapshotChunkDocumentsMax
    /// Ops checked in one slice of the scrub.
    package var opsPerSlice = Limits.scrubOpsPerSlice

    var join = Join.none
    var lastDonor: SiteID?
    /// A join whose job failed goes on then.
    var joinRetry = Instant.zero
    var joinDeadline: Instant?
    /// Since when ops are known that only a snapshot can bring.
    var needySince: Instant?
    var repair: Repair?
    var scrub = Scrub()

    /// Starts without links; `isJoining` and `vector` as the ledger says.
    package init(site: SiteID, vector: VersionVector, isJoining: Bool) {
        self.site = site
        self.vector = vector
        stored = vector
        if isJoining { join = .resuming }
    }

    /// True while a snapshot is being taken in.
    package var isJoining: Bool {
        if case .none = join { return false }
        return true
    }

    /// What people are told.
    package var status: TransferStatus {
        var status = TransferStatus()
        status.join = join.progress
        status.donor = isJoining ? lastDonor : nil
        status.scrubRounds = scrub.rounds
        status.scrubbedOps = scrub.looked
        status.damagedOps = scrub.ops.sorted()
        status.damagedDocuments = scrub.documents.sorted()
        status.differing = peers.keys.filter { peers[$0]?.differs == true }.sorted()
        return status
    }

    /// When to send `.timer`; nil when there is nothing to wait for.
    package var nextDeadline: Instant? {
        [joinDeadline, repair?.asked?.deadline, scrubDeadline].compactMap { $0 }.min()
    }

    /// Takes an event.
    package mutating func handle(_ event: TransferEvent, at now: Instant) -> [TransferDirective] {
        var out: [TransferDirective] = []
        switch event {
        case .peerUp(let peer, let vector, let floor):
            peers[peer] = Peer(vector: vector, floor: floor)
        case .peerDown(let peer):
            peers[peer] = nil
            loseRequests(to: peer)
        case .peerTold(let peer, let beacon):
            peers[peer]?.vector = beacon.vector
            peers[peer]?.floor = beacon.floor
            peers[peer]?.root = beacon.digest
            compare(peer, at: now, &out)
        case .frame(let peer, let payload):
            take(payload, from: peer, at: now, &out)
        case .advanced(let vector, let stored, let root):
            advance(vector, stored: stored, root: root)
            for peer in peers.keys.sorted() { compare(peer, at: now, &out) }
        case .done(let job, let result):
            if let asker = job.asker {
                answer(asker, with: result, &out)
            } else {
                took(result, of: job.task, at: now, &out)
            }
        case .failed(let job):
            if let asker = job.asker {
                answer(asker, with: nil, &out)
            } else {
                jobFailed(job.task, at: now)
            }
        case .damaged(let dot):
            noteDamaged(ops: [dot], at: now, &out)
        case .scrubNow:
            hurryScrub(at: now)
        case .timer:
            break
        }
        driveJoin(at: now, &out)
        driveRepair(at: now, &out)
        driveScrub(at: now, &out)
        return out
    }

    private mutating func advance(_ vector: VersionVector, stored: VersionVector, root: DocumentHash?) {
        self.vector.merge(vector)
        self.stored = stored
        guard let root else { return }
        history.removeAll { $0.vector == vector }
        history.append((vector, root))
        if history.count > Limits.digestHistoryMax { history.removeFirst() }
    }

    private mutating func take(
        _ payload: [UInt8],
        from peer: SiteID,
        at now: Instant,
        _ out: inout [TransferDirective]
    ) {
        guard peers[peer] != nil else { return }
        let message: TransferMessage?
        do throws(FrameError) {
            message = try peers[peer]?.parts.take(payload)
        } catch {
            out.append(.malformed(peer, error))
            return
        }
        guard let message else { return }
        if let task = message.task {
            serve(task, request: message.request, to: peer, &out)
        } else {
            joinAnswered(message, from: peer, at: now, &out)
            repairAnswered(message, from: peer, at: now, &out)
            mendAnswered(message, from: peer, at: now, &out)
        }
    }

    /// What a job of this site itself brought.
    private mutating func took(
        _ result: TransferResult,
        of task: TransferTask,
        at now: Instant,
        _ out: inout [TransferDirective]
    ) {
        switch result {
        case .joining(let progress, let position): joinMoved(progress, position, at: now, &out)
        case .installed(let outcome): installed(outcome, at: now, &out)
        case .sums(let sums, _): compareSums(sums, at: now)
        case .hashes(let hashes): compareHashes(hashes)
        case .repaired(let outcome): repaired(outcome, &out)
        case .scrubbedLog, .scrubbedDocuments, .mendedOps, .mendedDocuments: scrubbed(result, at: now, &out)
        case .snapshot, .documents, .ops: break
        }
    }

    private mutating func jobFailed(_ task: TransferTask, at now: Instant) {
        switch task {
        case .beginJoin, .install, .finishJoin: joinFailed(at: now)
        case .readSums, .readHashes, .repair: endRepair(at: now)
        case .scrubLog, .scrubDocuments, .mendOps, .mendDocuments: scrubFailed(at: now)
        case .readSnapshot, .readDocuments, .readOps: break
        }
    }

    private mutating func loseRequests(to peer: SiteID) {
        joinLost(peer)
        if repair?.peer == peer { repair = nil }
        if scrub.asked?.peer == peer { scrub.asked = nil }
    }

    /// Sends a request and says what to wait for.
    mutating func ask(
        _ peer: SiteID,
        at now: Instant,
        _ out: inout [TransferDirective],
        _ message: (UInt64) -> TransferMessage
    ) -> Asked {
        lastRequest += 1
        send(message(lastRequest), to: peer, &out)
        return Asked(peer: peer, number: lastRequest, deadline: now + Limits.transferTimeout)
    }

    func perform(_ task: TransferTask, _ out: inout [TransferDirective]) {
        out.append(.perform(TransferJob(task: task, asker: nil)))
    }

    mutating func pause(_ peer: SiteID, at now: Instant) {
        peers[peer]?.pausedUntil = now + Limits.transferPeerPause
    }
}

// What peers ask.
extension StateTransfer {
    private mutating func serve(
        _ task: TransferTask,
        request: UInt64,
        to peer: SiteID,
        _ out: inout [TransferDirective]
    ) {
        let all = peers.values.reduce(0) { $0 + $1.serving }
        guard !isJoining, all < Limits.transferServesMax,
            (peers[peer]?.serving ?? 0) < Limits.transferServesPerPeerMax
        else {
            send(.unavailable(request), to: peer, &out)
            return
        }
        peers[peer]?.serving += 1
        out.append(.perform(TransferJob(task: task, asker: TransferJob.Asker(peer: peer, request: request))))
    }

    private mutating func answer(
        _ asker: TransferJob.Asker,
        with result: TransferResult?,
        _ out: inout [TransferDirective]
    ) {
        guard let peer = peers[asker.peer] else { return }
        // A link that was lost and came back began to count anew.
        peers[asker.peer]?.serving = max(0, peer.serving - 1)
        let message = result.map { TransferMessage(answering: asker.request, with: $0) }
        send(message ?? .unavailable(asker.request), to: asker.peer, &out)
    }

    private mutating func send(_ message: TransferMessage, to peer: SiteID, _ out: inout [TransferDirective]) {
        for payload in peers[peer]?.parts.cut(message) ?? [] { out.append(.send(peer, payload)) }
    }
}
