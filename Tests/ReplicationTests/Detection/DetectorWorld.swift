import Kernel
import Replication
import Testing

/// Failure detectors over links that delay, with processes that stop, are killed or lose power: for tests.
struct DetectorWorld {
    private enum Arrival {
        case frame(Frame)
        case linkDown
    }

    private struct Item {
        let due: Instant
        let order: Int
        let from: SiteID
        let arrival: Arrival
    }

    private struct Node {
        var detector: FailureDetector
        var isAlive = true
        /// Stopped until then: nothing is read, no timer comes; what arrives waits.
        var stoppedUntil = Instant.zero
        var inbox: [Item] = []
        var heardFrom: [SiteID: Instant] = [:]
    }

    /// What a site said of another, and when.
    struct Change {
        let at: Instant
        let by: SiteID
        let health: PeerHealth
    }

    let sites: [SiteID]
    var now = Instant(milliseconds: 1_000)
    var delay: ClosedRange<Int64> = 1...40
    var changes: [Change] = []
    /// Pairs between which nothing passes, without either end being told.
    var cuts: Set<Set<SiteID>> = []
    private var nodes: [SiteID: Node] = [:]
    private var links: Set<Set<SiteID>> = []
    private var dialAt: [Set<SiteID>: Instant] = [:]
    private var lastDue: [[SiteID]: Instant] = [:]
    private var order = 0
    private var random: SeededRandom

    init(_ count: Int, seed: UInt64, bounds: DetectorBounds = .lan) throws {
        random = SeededRandom(seed: seed)
        sites = try (0..<count).map { try #require(SiteID("site-\($0)")) }
        for site in sites {
            let detector = FailureDetector(site: site, incarnation: 1, peers: sites, bounds: bounds, now: now)
            nodes[site] = Node(detector: detector)
        }
        run(.seconds(3))
        changes = []
    }

    mutating func draw(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }

    func health(of peer: SiteID, at site: SiteID) -> PeerHealth? { nodes[site]?.detector.health(peer) }

    func standing(of peer: SiteID, at site: SiteID) -> PeerHealth.Standing? { health(of: peer, at: site)?.standing }

    func isStopped(_ site: SiteID) -> Bool { nodes[site].map { $0.stoppedUntil > now } ?? false }

    /// When `site` first said so of `peer`.
    func first(_ standing: PeerHealth.Standing, of peer: SiteID, at site: SiteID) -> Instant? {
        changes.first { $0.by == site && $0.health.site == peer && $0.health.standing == standing }?.at
    }

    /// As SIGSTOP does, and SIGCONT after the span.
    mutating func stop(_ site: SiteID, for span: Span) { nodes[site]?.stoppedUntil = now + span }

    /// As `kill -9` does: the kernel resets all connections.
    mutating func kill(_ site: SiteID) {
        losePower(site)
        for other in sites where links.remove([site, other]) != nil { post(.linkDown, from: site, to: other) }
    }

    /// The machine falls silent.
    mutating func losePower(_ site: SiteID) { nodes[site]?.isAlive = false }

    /// Tells a site that a peer's machine says that nobody listens.
    mutating func refuse(_ site: SiteID, by peer: SiteID) { handle(.refused(peer), at: site) }

    mutating func run(_ span: Span) {
        let end = now + span
        while now < end {
            now = now + .milliseconds(10)
            dial()
            for site in sites { serve(site) }
        }
    }

    private mutating func serve(_ site: SiteID) {
        guard let node = nodes[site], node.isAlive, node.stoppedUntil <= now else { return }
        // Timers first, as in a site's loop: what waits unread must not be mistaken for silence.
        if let due = node.detector.nextDeadline, due <= now { handle(.timer, at: site) }
        let due = node.inbox.filter { $0.due <= now }.sorted { ($0.due, $0.order) < ($1.due, $1.order) }
        nodes[site]?.inbox.removeAll { $0.due <= now }
        for item in due {
            switch item.arrival {
            case .linkDown: handle(.linkDown(item.from), at: site)
            case .frame(.heartbeat(let heartbeat)): handle(.heartbeat(item.from, heartbeat), at: site)
            case .frame(.probe(let probe)): handle(.probe(item.from, probe), at: site)
            case .frame: break
            }
            nodes[site]?.heardFrom[item.from] = now
        }
        // As the mesh does, it gives up a link over which nothing came for 6 s.
        for other in sites where links.contains([site, other]) {
            guard let heard = nodes[site]?.heardFrom[other], now - heard > .seconds(6) else { continue }
            links.remove([site, other])
            handle(.linkDown(other), at: site)
            post(.linkDown, from: site, to: other)
        }
    }

    private mutating func dial() {
        for (place, one) in sites.enumerated() {
            for other in sites[(place + 1)...] where !links.contains([one, other]) {
                let pair: Set = [one, other]
                guard !cuts.contains(pair), nodes[one]?.isAlive == true, nodes[other]?.isAlive == true,
                    !isStopped(one), !isStopped(other), dialAt[pair] ?? .zero <= now
                else { continue }
                dialAt[pair] = now + .milliseconds(draw(100...1_000))
                links.insert(pair)
                for (near, far) in [(one, other), (other, one)] {
                    nodes[near]?.inbox.removeAll { $0.from == far }
                    nodes[near]?.heardFrom[far] = now
                    handle(.linkUp(far), at: near)
                }
            }
        }
    }

    private mutating func handle(_ event: DetectorEvent, at site: SiteID) {
        for directive in nodes[site]?.detector.handle(event, at: now) ?? [] {
            switch directive {
            case .send(let peer, let frame): post(.frame(frame), from: site, to: peer)
            case .changed(let health): changes.append(Change(at: now, by: site, health: health))
            case .linksChanged: break
            }
        }
    }

    private mutating func post(_ arrival: Arrival, from: SiteID, to: SiteID) {
        if case .frame = arrival, !links.contains([from, to]) { return }
        guard !cuts.contains([from, to]) else { return }
        let due = max(now + .milliseconds(draw(delay)), lastDue[[from, to]] ?? now)
        lastDue[[from, to]] = due
        order += 1
        nodes[to]?.inbox.append(Item(due: due, order: order, from: from, arrival: arrival))
    }
}
