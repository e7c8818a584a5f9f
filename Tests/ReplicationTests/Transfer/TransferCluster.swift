import Kernel
import Replication
import Testing

/// Sites in memory that exchange ops and transfer frames; time is a counter.
struct TransferCluster {
    struct Site {
        var replica: Replica
        var transfer: StateTransfer
        var alarms: [TransferAlarm] = []
        var joined = 0
        var adopted: LedgerPosition?
    }

    var sites: [SiteID: Site] = [:]
    var links: Set<Set<SiteID>> = []
    var now = Instant(milliseconds: 1_000)
    /// Frames on their way: from, to, payload.
    var wire: [(SiteID, SiteID, [UInt8])] = []
    var jobs: [(SiteID, TransferJob)] = []
    var delivered = 0
    /// False lets a test do something between any two steps.
    var drains = true
    /// Chunks installed, by any site.
    var chunks = 0
    /// Few, so that a join takes many steps.
    let documentsPerChunk: Int
    /// Bytes of the largest frame.
    var largest = 0

    init(_ replicas: [Replica], documentsPerChunk: Int = 3) {
        self.documentsPerChunk = documentsPerChunk
        for replica in replicas { add(replica) }
    }

    mutating func add(_ replica: Replica) {
        let ledger = replica.ledger
        let site = ledger.origin.site
        var transfer = StateTransfer(site: site, vector: ledger.vector, isJoining: ledger.isJoining)
        transfer.documentsPerChunk = documentsPerChunk
        transfer.opsPerSlice = 7
        sites[site] = Site(replica: replica, transfer: transfer)
    }

    subscript(_ name: String) -> Site {
        get {
            guard let id = SiteID(name), let site = sites[id] else { preconditionFailure(name) }
            return site
        }
        set { if let id = SiteID(name) { sites[id] = newValue } }
    }

    private func id(_ name: String) throws -> SiteID { try #require(SiteID(name)) }

    mutating func link(_ one: String, _ other: String) throws {
        let (one, other) = (try id(one), try id(other))
        links.insert([one, other])
        try up(one, at: other)
        try up(other, at: one)
    }

    mutating func cut(_ one: String, _ other: String) throws {
        let (one, other) = (try id(one), try id(other))
        links.remove([one, other])
        wire.removeAll { [$0.0, $0.1].contains(one) && [$0.0, $0.1].contains(other) }
        try handle(.peerDown(one), at: other)
        try handle(.peerDown(other), at: one)
    }

    private mutating func up(_ peer: SiteID, at site: SiteID) throws {
        let ledger = try #require(sites[peer]).replica
        let floor = VersionVector(ledger.storage.bases().map(\.dot))
        try handle(.peerUp(peer, vector: ledger.ledger.vector, floor: floor), at: site)
    }

    mutating func handle(_ event: TransferEvent, at site: SiteID) throws {
        for directive in sites[site]?.transfer.handle(event, at: now) ?? [] {
            switch directive {
            case .send(let peer, let payload):
                largest = max(largest, payload.count)
                if links.contains([site, peer]) { wire.append((site, peer, payload)) }
            case .perform(let job): jobs.append((site, job))
            case .alarm(let alarm): sites[site]?.alarms.append(alarm)
            case .joined: sites[site]?.joined += 1
            case .adopted(let position): sites[site]?.adopted = position
            case .malformed(let peer, let error): Issue.record("\(peer) sends \(error)")
            case .project, .joinBegan: break
            }
        }
    }

    /// Carries out one job or delivers one frame; false when there is none.
    mutating func step() throws -> Bool {
        if !jobs.isEmpty {
            let (site, job) = jobs.removeFirst()
            guard var state = sites[site] else { return true }
            let result = try state.replica.transfer(job.task, at: 1_000_000 + now.milliseconds)
            sites[site] = state
            if case .installed(let outcome) = result, outcome.refusal == nil { chunks += 1 }
            try handle(.done(job, result), at: site)
            return true
        }
        guard !wire.isEmpty else { return false }
        let (from, to, payload) = wire.removeFirst()
        delivered += 1
        if links.contains([from, to]) { try handle(.frame(from, payload), at: to) }
        return true
    }

    /// Lets somebody at a site write something.
    mutating func edit(_ name: String, _ random: inout SeededRandom) throws {
        var site = self[name]
        try site.replica.commit(RandomEdits.request(site.replica, &random), at: 1_000_000 + now.milliseconds)
        self[name] = site
    }

    /// Everything that is under way, then half a second passes: beacons, ops, timers.
    mutating func tick(exchange: Bool = true) throws {
        while try drains && step() {}
        now = now + .milliseconds(500)
        if exchange { try exchangeOps() }
        for site in sites.keys.sorted() {
            guard var state = sites[site] else { continue }
            let root = state.replica.storage.digest()?.root
            sites[site] = state
            let ledger = state.replica.ledger
            try handle(.advanced(ledger.vector, stored: ledger.stored, root: root), at: site)
            state = sites[site] ?? state
            let floor = VersionVector(state.replica.storage.bases().map(\.dot))
            let beacon = Beacon(vector: ledger.vector, clock: .zero, digest: root, floor: floor)
            for peer in sites.keys.sorted() where links.contains([site, peer]) {
                try handle(.peerTold(site, beacon), at: peer)
            }
        }
        for site in sites.keys.sorted() {
            if let due = sites[site]?.transfer.nextDeadline, due <= now { try handle(.timer, at: site) }
        }
        while try drains && step() {}
    }

    private mutating func exchangeOps() throws {
        for to in sites.keys.sorted() {
            for from in sites.keys.sorted() where links.contains([from, to]) {
                guard var state = sites[to], let source = sites[from]?.replica else { continue }
                for head in source.ledger.vector.heads where head.origin != state.replica.ledger.origin {
                    let request = OpsRequest(origin: head.origin, from: state.replica.ledger.vector[head.origin] + 1)
                    let read = try Ledger.readSound(request, from: source.storage)
                    if !read.batch.bodies.isEmpty {
                        let outcome = try state.replica.apply(read.batch, at: 1_000_000 + now.milliseconds)
                        #expect(outcome.alarms.isEmpty)
                    }
                    if let damaged = read.damaged {
                        sites[to] = state
                        try handle(.damaged(damaged), at: from)
                        state = sites[to] ?? state
                    }
                }
                sites[to] = state
            }
        }
    }

    /// Lets time pass until all sites have equal records; records an issue when they do not in time.
    mutating func settle(ticks: Int = 200) throws {
        for _ in 0..<ticks {
            try tick()
            if isEqual { return }
        }
        Issue.record("not equal: \(sites.values.map { ($0.replica.ledger.origin, $0.replica.ledger.vector) })")
    }

    var isEqual: Bool {
        let states = sites.keys.sorted().compactMap { sites[$0] }
        guard let first = states.first else { return true }
        return states.allSatisfy { state in
            !state.replica.ledger.isJoining && !state.transfer.isJoining
                && state.replica.ledger.vector == first.replica.ledger.vector
                && state.replica.living == first.replica.living
        }
    }
}

extension Replica {
    /// Living documents as bytes: what must be equal.
    var living: [DocumentID: [UInt8]] {
        storage.documents.filter { !$0.value.isDeleted }.mapValues(DocumentEncoder.encode)
    }

    /// The digest, computed anew.
    var freshRoot: DocumentHash {
        var digest = StateDigest()
        for document in storage.documents.values where !document.isDeleted {
            digest.add(DocumentHash(document), of: document.id)
        }
        return digest.root
    }

    /// Carries out a task of state transfer, as one transaction.
    mutating func transfer(_ task: TransferTask, at wall: Int64 = 1_000_000) throws -> TransferResult {
        try ledger.transfer(task, at: WallTime(milliseconds: wall), in: &storage)
    }

    /// Drops all that every site has: logs and forgettable tombstones.
    mutating func forget(stable: VersionVector) throws {
        for _ in 0..<4 {
            _ = try ledger.perform(
                .forget(stable: stable, trim: stable),
                at: WallTime(milliseconds: 1_000_000),
                in: &storage
            )
        }
    }
}
