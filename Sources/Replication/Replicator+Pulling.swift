import Kernel

// What to ask for, and when to tell what is here.
extension Replicator {
    /// How far an origin's ops have come without a gap: applied, being applied, or waiting for causes.
    func received(_ origin: Origin) -> UInt64 {
        max(vector[origin], held[origin], inFlight[origin]?.last ?? 0)
    }

    func isBlocked(_ origin: Origin, at now: Instant) -> Bool {
        blocked[origin].map { $0 > now } ?? false
    }

    mutating func block(_ origin: Origin, for span: Span, at now: Instant) {
        blocked[origin] = now + span
        sessions[origin] = nil
    }

    /// Linked peers that have more of an origin than was received.
    private func holders(of origin: Origin) -> [SiteID] {
        let here = received(origin)
        return acceptedPeers.filter { peer in
            guard let state = peers[peer] else { return false }
            return state.vector[origin] > here && state.floor[origin] <= here
        }
    }

    /// How long to wait for what is probably on its way; nil when nobody linked has more.
    func patience(for origin: Origin) -> Span? {
        let holders = holders(of: origin)
        if holders.isEmpty { return nil }
        if holders.contains(origin.site) { return Limits.liveTailPatience }
        return peers[origin.site]?.hello != nil ? Limits.relayPatience : .zero
    }

    /// Keeps account of which origins are behind here, and since when.
    mutating func notice(at now: Instant) {
        var known: Set<Origin> = []
        for peer in peers.values where peer.hello != nil {
            for head in peer.vector.heads where head.sequence > received(head.origin) { known.insert(head.origin) }
        }
        for origin in behindSince.keys where !known.contains(origin) { behindSince[origin] = nil }
        for origin in known where origin != self.origin && !halted.contains(origin) && behindSince[origin] == nil {
            behindSince[origin] = now
        }
        for (origin, until) in blocked where until <= now { blocked[origin] = nil }
    }

    /// Gives up wants that nobody answered.
    mutating func giveUpWants(at now: Instant) {
        for (origin, session) in sessions {
            guard let deadline = session.deadline, deadline <= now else { continue }
            sessions[origin] = nil
            failed[origin] = session.peer
        }
    }

    /// Asks for what is missing: per origin one peer at a time, in bounded pieces.
    mutating func pull(at now: Instant, _ out: inout [ReplicatorDirective]) {
        notice(at: now)
        if pausesPulling { return }
        for origin in sessions.keys.sorted() where behindSince[origin] == nil && sessions[origin]?.deadline == nil {
            sessions[origin] = nil
        }
        for origin in behindSince.keys.sorted() {
            guard !isBlocked(origin, at: now), let since = behindSince[origin] else { continue }
            if sessions[origin] == nil {
                guard let wait = patience(for: origin), since + wait <= now else { continue }
                guard let peer = choose(for: origin) else { continue }
                sessions[origin] = Session(peer: peer, deadline: nil)
            }
            guard let session = sessions[origin], session.deadline == nil,
                inFlight[origin, default: InFlight()].batches < Limits.unappliedBatchesMax
            else { continue }
            guard (peers[session.peer]?.vector[origin] ?? 0) > received(origin) else {
                sessions[origin] = nil
                continue
            }
            sessions[origin]?.deadline = now + Limits.wantTimeout
            out.append(.send(session.peer, .want(OpsRequest(origin: origin, from: received(origin) + 1))))
        }
    }

    /// The origin's own site if it can serve, else the first after the one that failed last.
    private mutating func choose(for origin: Origin) -> SiteID? {
        let holders = holders(of: origin)
        let last = failed.removeValue(forKey: origin)
        if holders.contains(origin.site), last != origin.site { return origin.site }
        return holders.first { site in last.map { site > $0 } ?? true } ?? holders.first
    }

    mutating func scheduleBeacon(at instant: Instant) {
        nextBeacon = min(nextBeacon ?? instant, instant)
    }

    /// Tells the vector soon, but not more often than the spacing.
    mutating func beaconSoon(at now: Instant) {
        guard !peers.isEmpty else { return }
        let earliest = lastBeacon.map { $0 + Limits.beaconSpacing } ?? now
        scheduleBeacon(at: max(earliest, now))
    }

    /// Sends what is due: a beacon to those accepted, hello again to those that have not answered.
    mutating func sendBeacons(at now: Moment, _ out: inout [ReplicatorDirective]) {
        guard let due = nextBeacon, due <= now.instant else { return }
        let beacon = Beacon(
            vector: vector,
            clock: HybridTimestamp(wall: now.wall, counter: 0),
            stored: stored,
            digest: digest,
            membership: hello.membership,
            floor: hello.floor
        )
        for peer in peers.keys.sorted() {
            if peers[peer]?.hello == nil {
                sayHello(to: peer, at: now.instant, &out)
            } else {
                out.append(.send(peer, .beacon(beacon)))
            }
        }
        lastBeacon = now.instant
        nextBeacon = peers.isEmpty ? nil : now.instant + Limits.beaconInterval
    }
}
