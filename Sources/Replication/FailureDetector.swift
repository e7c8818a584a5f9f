package import Kernel

/// Tells which peers can be reached, and a cut link from a dead site.
///
/// Each heartbeat says whom its sender hears. A peer that is silent here but heard elsewhere sits behind a cut
/// link; one that nobody hears is probably gone.
package struct FailureDetector: Sendable {
    private struct Peer: Sendable {
        var isLinked = false
        var lastHeard: Instant?
        var standing = PeerHealth.Standing.unreachable
        var cause = PeerHealth.Cause.site
        var since: Instant
        var roundTrip: Span?
        var incarnation: UInt64 = 0
        /// The `sentAt` of its last heartbeat, to be returned.
        var sentAt: Int64?
        /// Whom it said that it hears.
        var reachable: [SiteID] = []

        mutating func judgeStanding(_ bounds: DetectorBounds, at now: Instant) {
            let silence = lastHeard.map { now - $0 }
            let next: PeerHealth.Standing =
                if let silence, silence < bounds.unreachableAfter {
                    isLinked && silence < bounds.suspectAfter ? .up : .suspect
                } else {
                    .unreachable
                }
            guard next != standing else { return }
            standing = next
            since = now
        }
    }

    private struct Link: Hashable, Sendable {
        let from: SiteID
        let to: SiteID
    }

    private struct Known: Hashable, Sendable {
        var state: LinkHealth.State
        var since: Instant
    }

    private let site: SiteID
    private let incarnation: UInt64
    private let bounds: DetectorBounds
    private var states: [SiteID: Peer]
    private var known: [Link: Known] = [:]
    private var nextHeartbeat: Instant
    private var lastEvent: Instant

    /// Watches these peers; all of them count as unreachable until they are heard.
    package init(site: SiteID, incarnation: UInt64, peers: [SiteID], bounds: DetectorBounds, now: Instant) {
        self.site = site
        self.incarnation = incarnation
        self.bounds = bounds
        states = Dictionary(
            peers.filter { $0 != site }.map { ($0, Peer(since: now)) },
            uniquingKeysWith: { first, _ in first }
        )
        nextHeartbeat = now + bounds.heartbeat
        lastEvent = now
        for link in pairs { known[link] = Known(state: .unknown, since: now) }
        reported = states.mapValues { Reported(standing: $0.standing, cause: $0.cause) }
    }

    /// When to send `.timer`.
    package var nextDeadline: Instant? {
        let judgements = states.values.compactMap { peer -> Instant? in
            guard let heard = peer.lastHeard else { return nil }
            return switch peer.standing {
            case .up: heard + bounds.suspectAfter
            case .suspect: heard + bounds.unreachableAfter
            case .unreachable: nil
            }
        }
        return (judgements + [nextHeartbeat]).min()
    }

    /// How each peer looks, sorted by site.
    package var peers: [PeerHealth] {
        states.keys.sorted().compactMap(health)
    }

    /// How a peer looks; nil for one that is not watched.
    package func health(_ site: SiteID) -> PeerHealth? {
        states[site].map { peer in
            PeerHealth(
                site: site,
                standing: peer.standing,
                cause: peer.cause,
                since: peer.since,
                lastHeard: peer.lastHeard,
                roundTrip: peer.roundTrip,
                incarnation: peer.incarnation
            )
        }
    }

    /// What is known of the links of every pair of sites, in both directions, sorted.
    package func links() -> [LinkHealth] {
        pairs.map { link in
            let fact = known[link] ?? Known(state: .unknown, since: .zero)
            return LinkHealth(
                from: link.from,
                to: link.to,
                state: fact.state,
                since: fact.since,
                roundTrip: link.from == site ? states[link.to]?.roundTrip : nil
            )
        }
    }

    /// Takes an event.
    package mutating func handle(_ event: DetectorEvent, at now: Instant) -> [DetectorDirective] {
        forgiveSleep(until: now)
        var out: [DetectorDirective] = []
        switch event {
        case .linkUp(let peer):
            states[peer]?.isLinked = true
            if states[peer] != nil { out.append(.send(peer, heartbeat(for: peer, at: now))) }
        case .linkDown(let peer):
            states[peer]?.isLinked = false
            states[peer]?.sentAt = nil
            states[peer]?.roundTrip = nil
        case .heartbeat(let peer, let heartbeat):
            hear(heartbeat, from: peer, at: now)
        case .timer:
            break
        }
        let directlyHeard = states.filter { $0.value.standing == .up }.count
        judge(at: now, &out)
        let changed = directlyHeard != states.filter { $0.value.standing == .up }.count
        if now >= nextHeartbeat || changed {
            nextHeartbeat = now + bounds.heartbeat
            for peer in states.keys.sorted() where states[peer]?.isLinked == true {
                out.append(.send(peer, heartbeat(for: peer, at: now)))
            }
        }
        return out
    }

    /// If this process did not run for a while, silence says nothing about others: the time does not count.
    private mutating func forgiveSleep(until now: Instant) {
        let gap = now - lastEvent
        lastEvent = max(lastEvent, now)
        guard gap > bounds.heartbeat * 2 else { return }
        for peer in states.keys {
            guard let heard = states[peer]?.lastHeard else { continue }
            states[peer]?.lastHeard = heard + (gap - bounds.heartbeat)
        }
    }

    private mutating func hear(_ heartbeat: Heartbeat, from peer: SiteID, at now: Instant) {
        guard var state = states[peer], heartbeat.incarnation >= state.incarnation else { return }
        state.lastHeard = now
        state.incarnation = heartbeat.incarnation
        state.sentAt = heartbeat.sentAt
        state.reachable = heartbeat.reachable.sorted()
        if let echo = heartbeat.echo, echo <= now.milliseconds, echo >= 0 {
            let trip = Span.milliseconds(now.milliseconds - echo) - heartbeat.echoHeld
            if trip >= .zero { state.roundTrip = trip }
        }
        states[peer] = state
    }

    private func heartbeat(for peer: SiteID, at now: Instant) -> Frame {
        let state = states[peer]
        return .heartbeat(
            Heartbeat(
                incarnation: incarnation,
                reachable: states.filter { $0.value.standing == .up }.keys.sorted(),
                sentAt: now.milliseconds,
                echo: state?.sentAt,
                echoHeld: state?.lastHeard.map { now - $0 } ?? .zero
            )
        )
    }

    /// Works out standings, causes and links anew and reports what changed.
    private mutating func judge(at now: Instant, _ out: inout [DetectorDirective]) {
        for peer in states.keys { states[peer]?.judgeStanding(bounds, at: now) }
        for peer in states.keys.sorted() {
            guard var state = states[peer] else { continue }
            let isHeardElsewhere = states.contains {
                $0.key != peer && $0.value.standing == .up && $0.value.reachable.contains(peer)
            }
            state.cause = state.standing == .up ? .none : isHeardElsewhere ? .link : .site
            states[peer] = state
            if let before = reported[peer], before.standing == state.standing, before.cause == state.cause { continue }
            reported[peer] = Reported(standing: state.standing, cause: state.cause)
            if let health = health(peer) { out.append(.changed(health)) }
        }
        var linksChanged = false
        for link in pairs {
            let state = linkState(link)
            guard known[link]?.state != state else { continue }
            known[link] = Known(state: state, since: now)
            linksChanged = true
        }
        if linksChanged { out.append(.linksChanged) }
    }

    private func linkState(_ link: Link) -> LinkHealth.State {
        if link.from == site { return states[link.to]?.standing == .up ? .up : .down }
        guard let teller = states[link.from], teller.standing == .up else { return .unknown }
        return teller.reachable.contains(link.to) ? .up : .down
    }

    private var pairs: [Link] {
        let all = ([site] + states.keys).sorted()
        return all.flatMap { from in all.filter { $0 != from }.map { Link(from: from, to: $0) } }
    }

    private struct Reported: Hashable, Sendable {
        let standing: PeerHealth.Standing
        let cause: PeerHealth.Cause
    }

    /// What was reported of each peer last.
    private var reported: [SiteID: Reported] = [:]
}
