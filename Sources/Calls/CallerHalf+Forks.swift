import Kernel

extension CallerHalf {
    /// A bridge that is tried beside the leading one: several agents ring for one caller.
    struct Fork: Hashable, Sendable {
        let bridge: BridgeID
        let peer: SiteID
        /// When its agent's site has been silent for too long.
        let expiresAt: Instant
    }

    /// When something has lasted too long.
    var soonestExpiry: Instant {
        let ends = [handOver?.expiresAt, room?.nextDeadline].compactMap { $0 }
        return (ends + forks.map(\.expiresAt)).reduce(expiresAt) { min($0, $1) }
    }

    /// Whether a bridge may be tried now.
    func takesOffer(besideOthers: Bool) -> Bool {
        switch phase {
        case .waiting: true
        case .offering: besideOthers
        case .joining, .joined: false
        }
    }

    /// Whether any bridge leads to a site, or is to.
    func involves(_ site: SiteID) -> Bool {
        peer == site || forks.contains { $0.peer == site } || handOver?.other.peer == site
            || room?.parties.contains { $0.peer == site } == true
    }

    /// Begins to try a bridge.
    mutating func add(_ bridge: BridgeID, at peer: SiteID, until limit: Instant) {
        guard case .waiting = phase else {
            return forks.append(Fork(bridge: bridge, peer: peer, expiresAt: limit))
        }
        phase = .offering(bridge, peer: peer)
        expiresAt = limit
    }

    /// Makes the bridge that something is about the leading one; false when none is.
    ///
    /// Whatever is done to the leading bridge is so done to any of them.
    mutating func lead(_ isMeant: (BridgeID, SiteID) -> Bool) -> Bool {
        guard let bridge, let peer else { return false }
        if isMeant(bridge, peer) { return true }
        guard let index = forks.firstIndex(where: { isMeant($0.bridge, $0.peer) }) else { return false }
        swap(at: index)
        return true
    }

    /// Makes a bridge whose time is over the leading one; false when there is none.
    mutating func leadOverdue(at now: Instant) -> Bool {
        if expiresAt <= now { return true }
        guard let index = forks.firstIndex(where: { $0.expiresAt <= now }) else { return false }
        swap(at: index)
        return true
    }

    /// Takes the leading bridge out; the oldest fork leads, and without one the caller waits.
    mutating func dropLead() {
        guard let next = forks.first else {
            phase = .waiting
            expiresAt = waitUntil
            return
        }
        forks.removeFirst()
        phase = .offering(next.bridge, peer: next.peer)
        expiresAt = next.expiresAt
    }

    private mutating func swap(at index: Int) {
        guard case .offering(let bridge, let peer) = phase else { return }
        let next = forks[index]
        forks[index] = Fork(bridge: bridge, peer: peer, expiresAt: expiresAt)
        phase = .offering(next.bridge, peer: next.peer)
        expiresAt = next.expiresAt
    }
}
