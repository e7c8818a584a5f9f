import Kernel
import Replication
import Testing

/// Sites with ledger, replicator, presence and detector over links that lose and delay: for tests.
struct LossyCluster {
    /// One site.
    struct Node {
        var replica: Replica
        var replicator: Replicator
        var presence: PresenceTable
        var detector: FailureDetector
        var isUp = true
        /// Storage answers on their way back, in order.
        var answers: [ReplicatorEvent] = []
        var alarms: [LedgerAlarm] = []
        var refused: [Refusal] = []
        var health: [PeerHealth] = []
        /// Frames received, for tests that count.
        var opsFrames = 0
    }

    /// A frame on its way.
    struct Packet {
        let due: Instant
        let order: Int
        let from: SiteID
        let to: SiteID
        let bytes: [UInt8]
    }

    var nodes: [SiteID: Node] = [:]
    let sites: [SiteID]
    var links: Set<Set<SiteID>> = []
    var packets: [Packet] = []
    var now = Instant(milliseconds: 1_000)
    var random: SeededRandom
    /// How many of 100 frames get lost.
    var lossPercent = 0
    var delay = 1...30
    /// Sites whose presence is that of an older version: they neither tell nor get what is new.
    var olderSites: Set<SiteID> = []
    /// Frames that an older site would not have understood.
    var misdirected = 0
    private var order = 0
    private var lastDue: [[SiteID]: Instant] = [:]

    init(_ names: [String], seed: UInt64, linked: Bool = true) throws {
        random = SeededRandom(seed: seed)
        sites = try names.map { try #require(SiteID($0)) }.sorted()
        for site in sites {
            var replica = try Replica(site.name)
            let incarnation = try Ledger.nextIncarnation(in: &replica.storage)
            nodes[site] = Node(
                replica: replica,
                replicator: Replicator(hello: Self.hello(site, incarnation, replica)),
                presence: PresenceTable(site: site, incarnation: incarnation),
                detector: FailureDetector(
                    site: site,
                    incarnation: incarnation,
                    peers: sites,
                    bounds: DetectorBounds(),
                    now: now
                )
            )
        }
        if linked {
            for (place, one) in sites.enumerated() {
                for other in sites[(place + 1)...] { connect(one, other) }
            }
        }
    }

    private static func hello(_ site: SiteID, _ incarnation: UInt64, _ replica: Replica) -> Hello {
        Hello(
            cluster: "test",
            site: site,
            epoch: replica.ledger.origin.epoch,
            incarnation: incarnation,
            vector: replica.ledger.vector
        )
    }

    var moment: Moment {
        Moment(instant: now, wall: WallTime(milliseconds: 1_700_000_000_000 + now.milliseconds))
    }

    mutating func connect(_ one: SiteID, _ other: SiteID) {
        links.insert([one, other])
        for (near, far) in [(one, other), (other, one)] {
            replicate(.linkUp(far), at: near)
            present(.linkUp(far), at: near)
            detect(.linkUp(far), at: near)
        }
    }

    mutating func cut(_ one: SiteID, _ other: SiteID) {
        links.remove([one, other])
        packets.removeAll { Set([$0.from, $0.to]) == [one, other] }
        for (near, far) in [(one, other), (other, one)] {
            replicate(.linkDown(far), at: near)
            present(.linkDown(far), at: near)
            detect(.linkDown(far), at: near)
        }
    }

    /// The site's process ends; its disk stays.
    mutating func crash(_ site: SiteID) {
        for other in sites where links.contains([site, other]) { cut(site, other) }
        nodes[site]?.isUp = false
    }

    /// The site's process starts again, with links to all that run.
    mutating func restart(_ site: SiteID) throws {
        try nodes[site]?.replica.restart()
        guard var node = nodes[site] else { return }
        let incarnation = try Ledger.nextIncarnation(in: &node.replica.storage)
        node.replicator = Replicator(hello: Self.hello(site, incarnation, node.replica))
        node.presence = PresenceTable(site: site, incarnation: incarnation)
        node.detector = FailureDetector(
            site: site,
            incarnation: incarnation,
            peers: sites,
            bounds: DetectorBounds(),
            now: now
        )
        node.isUp = true
        node.answers = []
        nodes[site] = node
        for other in sites where other != site && nodes[other]?.isUp == true { connect(site, other) }
    }

    mutating func commit(_ request: EditRequest, at site: SiteID) throws {
        guard var node = nodes[site] else { return }
        let result = try node.replica.ledger.commit([request], at: moment.wall, in: &node.replica.storage)
        nodes[site] = node
        replicate(.committed(result.vector, result.batch), at: site)
    }

    mutating func setPresence(_ key: PresenceKey, _ fields: FieldMap?, at site: SiteID) {
        let now = now
        let out = nodes[site]?.presence.set(key, fields, at: now) ?? []
        carryOut(out, at: site)
    }

    /// Lets time pass in steps of 5 ms.
    mutating func run(_ span: Span) throws {
        let end = now + span
        while now < end {
            now = now + .milliseconds(5)
            let due = packets.filter { $0.due <= now }.sorted { ($0.due, $0.order) < ($1.due, $1.order) }
            packets.removeAll { $0.due <= now }
            for packet in due where links.contains([packet.from, packet.to]) { try deliver(packet) }
            for site in sites where nodes[site]?.isUp == true {
                let answers = nodes[site]?.answers ?? []
                nodes[site]?.answers = []
                for answer in answers { replicate(answer, at: site) }
                if let due = nodes[site]?.replicator.nextDeadline, due <= now { replicate(.timer, at: site) }
                if let due = nodes[site]?.presence.nextDeadline, due <= now { present(.timer, at: site) }
                if let due = nodes[site]?.detector.nextDeadline, due <= now { detect(.timer, at: site) }
            }
        }
    }

    private mutating func deliver(_ packet: Packet) throws {
        var decoder = FrameDecoder()
        let envelope = try #require(try decoder.receive(packet.bytes).first)
        let frame = try FrameCodec.decode(envelope.body)
        if case .ops = frame { nodes[packet.to]?.opsFrames += 1 }
        if case .heartbeat(let heartbeat) = frame { detect(.heartbeat(packet.from, heartbeat), at: packet.to) }
        if case .probe(let probe) = frame { detect(.probe(packet.from, probe), at: packet.to) }
        if case .presenceDelta = frame, olderSites.contains(packet.to) { misdirected += 1 }
        replicate(.frame(packet.from, frame), at: packet.to)
        present(.frame(packet.from, frame), at: packet.to)
    }

    private mutating func send(_ frame: Frame, from: SiteID, to: SiteID) {
        guard links.contains([from, to]), Int.random(in: 0..<100, using: &random) >= lossPercent else { return }
        var frame = frame
        if case .digest(var digest) = frame, olderSites.contains(from) {
            digest.level = 0
            frame = .digest(digest)
        }
        let arrival = now + .milliseconds(Int64(Int.random(in: delay, using: &random)))
        let due = max(arrival, lastDue[[from, to]] ?? arrival)
        lastDue[[from, to]] = due
        order += 1
        let bytes = FrameEnvelope(frame).encoded()
        packets.append(Packet(due: due, order: order, from: from, to: to, bytes: bytes))
    }

    private mutating func replicate(_ event: ReplicatorEvent, at site: SiteID) {
        guard nodes[site]?.isUp == true else { return }
        let moment = moment
        for directive in nodes[site]?.replicator.handle(event, at: moment) ?? [] {
            switch directive {
            case .send(let peer, let frame):
                send(frame, from: site, to: peer)
            case .readOps(let reading):
                let batch = nodes[site].flatMap { try? Ledger.read(reading.request, from: $0.replica.storage) }
                nodes[site]?.answers.append(.read(reading, batch))
            case .applyOps(let application):
                if let outcome = try? nodes[site]?.replica.apply(application.batch, at: moment.wall.milliseconds) {
                    nodes[site]?.answers.append(.applied(application, outcome))
                } else {
                    nodes[site]?.answers.append(.applyFailed(application))
                }
            case .peerAccepted: break
            case .peerRefused(_, let refusal): nodes[site]?.refused.append(refusal)
            case .alarm(_, let alarm): nodes[site]?.alarms.append(alarm)
            }
        }
    }

    private mutating func present(_ event: PresenceEvent, at site: SiteID) {
        guard nodes[site]?.isUp == true else { return }
        let now = now
        carryOut(nodes[site]?.presence.handle(event, at: now) ?? [], at: site)
    }

    private mutating func carryOut(_ directives: [PresenceDirective], at site: SiteID) {
        for case .send(let peer, let frame) in directives { send(frame, from: site, to: peer) }
    }

    private mutating func detect(_ event: DetectorEvent, at site: SiteID) {
        guard nodes[site]?.isUp == true else { return }
        let now = now
        for directive in nodes[site]?.detector.handle(event, at: now) ?? [] {
            switch directive {
            case .send(let peer, let frame): send(frame, from: site, to: peer)
            case .changed(let health): nodes[site]?.health.append(health)
            case .linksChanged: break
            }
        }
    }

    /// The entries of a kind as a site reads them, without ages.
    func seen(_ kind: UInt8, at site: SiteID) -> [String] {
        let views = nodes[site]?.presence.entries(kind: kind, at: now) ?? []
        return views.map { "\($0.site)/\($0.key.id)=\($0.fields[FieldID(1)]?.string ?? "?")" }
    }

    func health(of peer: SiteID, at site: SiteID) -> PeerHealth? {
        nodes[site]?.detector.health(peer)
    }
}
