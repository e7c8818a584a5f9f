import Kernel

// Finding and repairing what differs at equal vectors: sums, then buckets, then hashes, then documents.
extension StateTransfer {
    /// A round of repair with one peer.
    struct Repair: Sendable {
        let peer: SiteID
        var steps = 0
        /// The peer's sums, while own ones are read.
        var sums: [UInt128]?
        /// The peer's hashes, while own ones are read.
        var hashes: DigestHashes?
        /// Buckets that differ and were not looked into.
        var buckets: [Int] = []
        /// Documents that differ and were not decided about.
        var documents: [DocumentID] = []
        /// The hashes here of documents that differ.
        var compared: [DocumentID: DocumentHash] = [:]
        var changed = 0
        var asked: Asked?
        /// A job of the round is under way.
        var isWorking = false
    }

    /// Compares digests where both sites have applied the same ops.
    mutating func compare(_ peer: SiteID, at now: Instant, _ out: inout [TransferDirective]) {
        guard !isJoining, let state = peers[peer], let theirs = state.root,
            let ours = history.last(where: { $0.vector == state.vector })?.root
        else { return }
        guard ours != theirs else {
            peers[peer]?.differs = false
            return
        }
        if !state.differs {
            peers[peer]?.differs = true
            out.append(.alarm(.differs(peer, at: state.vector)))
        }
        guard repair == nil, state.nextRepair <= now else { return }
        repair = Repair(peer: peer)
    }

    mutating func driveRepair(at now: Instant, _ out: inout [TransferDirective]) {
        guard let current = repair else { return }
        if isJoining || current.steps > Limits.repairStepsMax {
            endRepair(at: now)
            return
        }
        if let asked = current.asked {
            if asked.deadline <= now { endRepair(at: now) }
            return
        }
        guard !current.isWorking else { return }
        let peer = current.peer
        var asked: Asked?
        if !current.documents.isEmpty {
            let ids = Array(current.documents.prefix(Limits.repairDocumentsMax))
            asked = ask(peer, at: now, &out) { .wantDocuments($0, ids) }
        } else if !current.buckets.isEmpty {
            let buckets = Array(current.buckets.prefix(Limits.repairBucketsMax))
            asked = ask(peer, at: now, &out) { .wantHashes($0, buckets: buckets) }
        } else if current.steps == 0 {
            asked = ask(peer, at: now, &out) { .wantSums($0) }
        }
        guard let asked else {
            if current.changed > 0 { out.append(.alarm(.repaired(peer, documents: current.changed))) }
            endRepair(at: now)
            return
        }
        repair?.asked = asked
        repair?.steps += 1
    }

    mutating func endRepair(at now: Instant) {
        if let peer = repair?.peer { peers[peer]?.nextRepair = now + Limits.repairPause }
        repair = nil
    }

    mutating func repairAnswered(
        _ message: TransferMessage,
        from peer: SiteID,
        at now: Instant,
        _ out: inout [TransferDirective]
    ) {
        guard let current = repair, let asked = current.asked, asked.peer == peer, asked.number == message.request
        else { return }
        repair?.asked = nil
        repair?.isWorking = true
        switch message {
        case .sums(_, let sums, _):
            repair?.sums = sums
            perform(.readSums, &out)
        case .hashes(_, let hashes):
            repair?.hashes = hashes
            perform(.readHashes(buckets: hashes.buckets), &out)
        case .documents(_, let copies, let theirs):
            let asked = Set(current.documents.prefix(Limits.repairDocumentsMax))
            let told = Set(copies.map(\.id))
            // What had no room is asked for again; what the peer has not got whole is not.
            repair?.documents.removeAll { asked.contains($0) && (told.isEmpty || told.contains($0)) }
            let wanted = copies.filter { asked.contains($0.id) }
            let compared = current.compared.filter { told.contains($0.key) }
            perform(.repair(RepairOffer(copies: wanted, vector: theirs, compared: compared)), &out)
        default:
            endRepair(at: now)
        }
    }

    mutating func compareSums(_ ours: [UInt128]?, at now: Instant) {
        guard let theirs = repair?.sums, let ours, ours.count == theirs.count else {
            endRepair(at: now)
            return
        }
        repair?.sums = nil
        repair?.isWorking = false
        repair?.buckets = ours.indices.filter { ours[$0] != theirs[$0] }
    }

    mutating func compareHashes(_ ours: DigestHashes) {
        guard let theirs = repair?.hashes else { return }
        repair?.hashes = nil
        repair?.isWorking = false
        // Where one of the two tells no bucket, the round ends.
        let done = Set(theirs.buckets).intersection(ours.buckets)
        if done.isEmpty { repair?.buckets = [] } else { repair?.buckets.removeAll(where: done.contains) }
        var here: [DocumentID: DocumentHash] = [:]
        for entry in ours.documents where done.contains(StateDigest.bucket(of: entry.id)) {
            here[entry.id] = entry.hash
        }
        var there: [DocumentID: DocumentHash] = [:]
        for entry in theirs.documents where done.contains(StateDigest.bucket(of: entry.id)) {
            there[entry.id] = entry.hash
        }
        let differing = Set(here.keys).union(there.keys).filter { here[$0] != there[$0] }.sorted()
        repair?.documents = differing
        repair?.compared = here.filter { differing.contains($0.key) }
    }

    mutating func repaired(_ outcome: RepairOutcome, _ out: inout [TransferDirective]) {
        repair?.isWorking = false
        repair?.changed += outcome.changed.count
        if !outcome.changed.isEmpty { out.append(.project(changed: outcome.changed, removed: [])) }
    }
}
