package import Kernel

/// Anti-entropy as a value: what to send to whom so that all sites get all ops.
///
/// Three ways work together. The live tail pushes each commit to every linked peer. Beacons tell durable version
/// vectors, so whoever lacks something notices. Wants pull it, from its own site or from any other that has
/// it; so records pass through a third site when a link is cut, and nothing durable queues in memory.
package struct Replicator: Sendable {
    /// A peer with a link.
    struct Peer: Hashable, Sendable {
        /// Its hello, once it was accepted; nothing else of it counts before.
        var hello: Hello?
        /// What it has on disk, as far as it said.
        var vector = VersionVector()
        /// What its log no longer reaches back before.
        var floor = VersionVector()
        /// How far the live tail of this site's ops was sent to it.
        var sent: UInt64 = 0
        /// Origins of which a read for it is under way.
        var reads: Set<Origin> = []
        /// When it was last sent a hello.
        var greetedAt = Instant.zero
    }

    /// Catching up with one origin from one peer.
    struct Session: Hashable, Sendable {
        let peer: SiteID
        /// When an unanswered want is given up; nil while none is unanswered.
        var deadline: Instant?
    }

    /// Batches of one origin handed over to be applied and not yet applied.
    struct InFlight: Hashable, Sendable {
        var batches = 0
        var last: UInt64 = 0
    }

    var hello: Hello
    var peers: [SiteID: Peer] = [:]
    var sessions: [Origin: Session] = [:]
    var inFlight: [Origin: InFlight] = [:]
    /// How far ops wait in the ledger for causes, without a gap.
    var held = VersionVector()
    /// Since when each origin is known to be behind here.
    var behindSince: [Origin: Instant] = [:]
    /// Origins left alone until then.
    var blocked: [Origin: Instant] = [:]
    /// Who failed to answer last, by origin: others come first.
    var failed: [Origin: SiteID] = [:]
    var halted: Set<Origin> = []
    var nextBeacon: Instant?
    var lastBeacon: Instant?

    /// What each peer said last that it has applied, linked or not.
    package internal(set) var peerVectors: [SiteID: VersionVector] = [:]
    /// The root of the digest here at `vector`; nil while it is not known.
    package var digest: DocumentHash?
    /// True while a snapshot brings what is missing: then no ops are asked for.
    package var pausesPulling = false
    /// What is on disk here beyond `vector`, held back because of its stamp.
    package internal(set) var stored = VersionVector() {
        didSet { hello.stored = stored }
    }

    /// Starts without links; `hello` says who this site is and what it has on disk.
    package init(hello: Hello) {
        self.hello = hello
        stored = hello.stored
    }

    /// What this site has on disk, as far as the replicator was told.
    package var vector: VersionVector { hello.vector }

    /// The peers whose hello was accepted, sorted.
    package var acceptedPeers: [SiteID] {
        peers.keys.filter { peers[$0]?.hello != nil }.sorted()
    }

    /// Under which name this site writes.
    var origin: Origin { Origin(site: hello.site, epoch: hello.epoch) }

    /// When to send `.timer`; nil when there is nothing to wait for.
    package var nextDeadline: Instant? {
        let wants = sessions.values.compactMap(\.deadline)
        let pulls = behindSince.compactMap { origin, since -> Instant? in
            guard sessions[origin] == nil, let wait = patience(for: origin), !pausesPulling else { return nil }
            return max(since + wait, blocked[origin] ?? since)
        }
        return ([nextBeacon].compactMap { $0 } + wants + pulls).min()
    }

    /// Takes an event.
    package mutating func handle(_ event: ReplicatorEvent, at now: Moment) -> [ReplicatorDirective] {
        var out: [ReplicatorDirective] = []
        switch event {
        case .linkUp(let peer):
            peers[peer] = Peer()
            sayHello(to: peer, at: now.instant, &out)
            scheduleBeacon(at: now.instant + Limits.beaconInterval)
        case .linkDown(let peer):
            drop(peer)
        case .frame(let peer, let frame):
            take(frame, from: peer, at: now, &out)
        case .committed(let vector, let batch):
            hello.vector.merge(vector)
            digest = nil
            if let batch { sendLive(batch, &out) }
            beaconSoon(at: now.instant)
        case .applied(let application, let outcome):
            applied(application, outcome, at: now, &out)
        case .applyFailed(let application):
            finish(application.batch.origin)
            block(application.batch.origin, for: Limits.beaconInterval, at: now.instant)
        case .released(let outcome):
            learn(outcome, at: now)
        case .epochBegun(let origin, let vector):
            hello.epoch = origin.epoch
            hello.vector.merge(vector)
        case .advanced(let vector):
            hello.vector.merge(vector)
            held = held.beyond(vector)
        case .read(let reading, let batch):
            peers[reading.peer]?.reads.remove(reading.request.origin)
            if let batch, peers[reading.peer]?.hello != nil { out.append(.send(reading.peer, .ops(batch))) }
        case .timer:
            break
        }
        giveUpWants(at: now.instant)
        sendBeacons(at: now, &out)
        pull(at: now.instant, &out)
        return out
    }

    mutating func sayHello(to peer: SiteID, at now: Instant, _ out: inout [ReplicatorDirective]) {
        peers[peer]?.greetedAt = now
        out.append(.send(peer, .hello(hello)))
    }

    /// Forgets a link and what hung on it.
    mutating func drop(_ peer: SiteID) {
        peers[peer] = nil
        for (origin, session) in sessions where session.peer == peer { sessions[origin] = nil }
        if peers.isEmpty { nextBeacon = nil }
    }

    /// Pushes ops just committed here to every peer that has all before them.
    private mutating func sendLive(_ batch: OpsBatch, _ out: inout [ReplicatorDirective]) {
        // A very large commit is pulled in pieces instead.
        guard batch.bytes <= Limits.opsBatchBytesMax, batch.bodies.count <= Limits.opsBatchCountMax else { return }
        for peer in acceptedPeers {
            guard let state = peers[peer] else { continue }
            guard max(state.sent, state.vector[batch.origin]) + 1 == batch.first else { continue }
            peers[peer]?.sent = batch.last
            out.append(.send(peer, .ops(batch)))
        }
    }
}
