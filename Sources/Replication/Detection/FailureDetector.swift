package import Kernel

/// Tells which peers can be reached, and a cut link from a dead site.
///
/// Each heartbeat says whom its sender hears, and while a peer is suspect others are asked to try it. A peer that is
/// silent here but answers elsewhere sits behind a cut link; one that answers nobody is probably gone.
/// DESIGN.md lists the rules.
package struct FailureDetector: Sendable {
    struct Link: Hashable, Sendable {
        let from: SiteID
        let to: SiteID
    }

    struct Known: Hashable, Sendable {
        var state: LinkHealth.State
        var since: Instant
    }

    struct Reported: Hashable, Sendable {
        let standing: PeerHealth.Standing
        let cause: PeerHealth.Cause
    }

    /// A question of another site that waits for the target's answer.
    struct Check: Hashable, Sendable {
        let asker: SiteID
        let target: SiteID
        /// The asker's number and this site's own.
        let number: UInt64
        let own: UInt64
        let deadline: Instant
    }

    let site: SiteID
    let incarnation: UInt64
    let bounds: DetectorBounds
    /// All watched sites, sorted.
    let names: [SiteID]
    var states: [SiteID: WatchedPeer]
    var known: [Link: Known] = [:]
    var reported: [SiteID: Reported] = [:]
    var checks: [Check] = []
    var lastNumber: UInt64 = 0
    /// How fit this process is to judge.
    var own = OwnHealth()
    private var nextHeartbeat: Instant
    /// When to send `.timer`.
    package private(set) var nextDeadline: Instant?

    /// Watches these peers; all of them count as unreachable until they are heard.
    package init(site: SiteID, incarnation: UInt64, peers: [SiteID], bounds: DetectorBounds, now: Instant) {
        self.site = site
        self.incarnation = incarnation
        self.bounds = bounds
        names = Set(peers).subtracting([site]).sorted()
        states = Dictionary(names.map { ($0, WatchedPeer(since: now)) }, uniquingKeysWith: { first, _ in first })
        nextHeartbeat = now + bounds.heartbeat
        nextDeadline = nextHeartbeat
        for link in pairs { known[link] = Known(state: .unknown, since: now) }
        reported = states.mapValues { Reported(standing: $0.standing, cause: $0.cause) }
    }

    /// How each peer looks, sorted by site.
    package var peers: [PeerHealth] { names.compactMap(health) }

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

    /// By how much this process widens spans of silence because its own timers come late: 1 to 8.
    package var scale: Int { own.scale }

    /// Takes an event.
    package mutating func handle(_ event: DetectorEvent, at now: Instant) -> [DetectorDirective] {
        noteLag(at: now)
        var out: [DetectorDirective] = []
        switch event {
        case .linkUp(let peer): linkUp(peer, at: now, &out)
        case .linkDown(let peer): linkDown(peer, at: now, &out)
        case .refused(let peer): if states[peer]?.lostAt != nil { states[peer]?.isRefused = true }
        case .heartbeat(let peer, let heartbeat): hear(heartbeat, from: peer, at: now)
        case .probe(let peer, let probe): take(probe, from: peer, at: now, &out)
        case .timer: break
        }
        expireChecks(at: now, &out)
        let before = reachable
        judge(at: now, &out)
        if now >= nextHeartbeat || before != reachable {
            nextHeartbeat = now + bounds.heartbeat
            for peer in names where states[peer]?.isLinked == true {
                out.append(.send(peer, heartbeat(for: peer, at: now)))
            }
        }
        ask(at: now, &out)
        nextDeadline = deadline(after: now)
        return out
    }

    /// The sites that are heard over their own links, sorted.
    var reachable: [SiteID] {
        names.filter { states[$0]?.standing == .up && states[$0]?.isLinked == true }
    }

    /// Time in which this process did not run says nothing about others: it does not count as their silence.
    private mutating func noteLag(at now: Instant) {
        let lag = nextDeadline.map { now - $0 } ?? .zero
        own.note(lag: lag, at: now)
        guard lag > Limits.lagTolerance else { return }
        for peer in names {
            if let heard = states[peer]?.lastHeard { states[peer]?.lastHeard = min(heard + lag, now) }
            if let lost = states[peer]?.lostAt { states[peer]?.lostAt = min(lost + lag, now) }
            states[peer]?.lastBeat = nil
        }
    }

    private mutating func linkUp(_ peer: SiteID, at now: Instant, _ out: inout [DetectorDirective]) {
        guard states[peer] != nil else { return }
        states[peer]?.isLinked = true
        states[peer]?.lostAt = nil
        states[peer]?.isRefused = false
        states[peer]?.lastBeat = nil
        out.append(.send(peer, heartbeat(for: peer, at: now)))
    }

    private mutating func linkDown(_ peer: SiteID, at now: Instant, _ out: inout [DetectorDirective]) {
        guard var state = states[peer] else { return }
        // A link closed for silence says no more than the silence; one that breaks while this process is late may
        // have been given up by the other end, for good reason.
        if state.isLinked, state.standing == .up, own.isFit { state.lostAt = now }
        state.isLinked = false
        state.sentAt = nil
        state.roundTrip = nil
        state.lastBeat = nil
        states[peer] = state
        endChecks(of: peer, &out)
    }

    private mutating func hear(_ heartbeat: Heartbeat, from peer: SiteID, at now: Instant) {
        guard var state = states[peer], heartbeat.incarnation >= state.incarnation else { return }
        if let last = state.lastBeat, heartbeat.incarnation == state.incarnation { state.gaps.add(now - last) }
        state.lastBeat = now
        state.incarnation = heartbeat.incarnation
        state.sentAt = heartbeat.sentAt
        state.answeredAt = now
        state.reachable = heartbeat.reachable.sorted()
        if let echo = heartbeat.echo, echo <= now.milliseconds, echo >= 0 {
            let trip = Span.milliseconds(now.milliseconds - echo) - heartbeat.echoHeld
            if trip >= .zero { state.roundTrip = trip }
        }
        state.hear(at: now)
        states[peer] = state
        for other in names where other != peer {
            let word: WatchedPeer.Testimony.Word = state.reachable.contains(other) ? .heard : .notHeard
            states[other]?.note(word, by: peer, isAnswer: false, at: now)
        }
    }

    private func heartbeat(for peer: SiteID, at now: Instant) -> Frame {
        let state = states[peer]
        return .heartbeat(
            Heartbeat(
                incarnation: incarnation,
                reachable: reachable,
                sentAt: now.milliseconds,
                echo: state?.sentAt,
                echoHeld: state?.answeredAt.map { now - $0 } ?? .zero
            )
        )
    }

    /// When something may change without an event.
    private func deadline(after now: Instant) -> Instant {
        var soonest = nextHeartbeat
        func consider(_ moment: Instant?) {
            // What is past waits for something else than time.
            if let moment, moment > now, moment < soonest { soonest = moment }
        }
        for peer in names {
            guard let state = states[peer], let heard = state.lastHeard else { continue }
            switch state.standing {
            case .up: consider(heard + suspectAfter(state))
            case .suspect:
                consider(heard + unreachableAfter(peer, state))
                consider(state.lostAt.map { $0 + bounds.lossConfirmed })
                consider(state.asks?.next)
            case .unreachable: break
            }
        }
        for check in checks { consider(check.deadline) }
        return soonest
    }
}
