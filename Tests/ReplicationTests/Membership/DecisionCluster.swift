import Kernel
import Replication
import Testing

/// Sites that decide on membership, over links that lose, delay, reorder and duplicate, on disks that take time.
struct DecisionCluster {
    struct Node {
        var maker: DecisionMaker
        /// What is on disk; nil before the first write.
        var disk: [UInt8]?
        var writes: [(due: Instant, bytes: [UInt8], token: UInt64)] = []
        var isUp = true
        var outcomes: [UInt64: Outcome] = [:]
        var alarms: [MembershipAlarm] = []
        var decided: [MembershipDecision] = []
    }

    enum Outcome: Hashable {
        case accepted(MembershipDecision)
        case failed(ProposalFailure)
    }

    struct Packet {
        let due: Instant
        let order: Int
        let from: SiteID
        let to: SiteID
        let bytes: [UInt8]
    }

    /// What was decided, by the history that it builds on.
    struct Instance: Hashable {
        let number: UInt64
        let lineage: [UInt8]
    }

    let sites: [SiteID]
    let founders: [SiteID]
    var nodes: [SiteID: Node] = [:]
    var links: Set<Set<SiteID>> = []
    var packets: [Packet] = []
    var now = Instant(milliseconds: 1_000)
    var random: SeededRandom
    var lossPercent = 0
    var duplicatePercent = 0
    var delay = 1...30
    var diskDelay = 0...5
    var chosen: [Instance: MembershipDecision] = [:]
    private var nextBeacon = Instant(milliseconds: 1_500)
    private var order = 0
    private var stamps: UInt64 = 0
    private var proposals: UInt64 = 0

    init(_ names: [String], founders: Int? = nil, seed: UInt64) throws {
        random = SeededRandom(seed: seed)
        sites = try names.map { try #require(SiteID($0)) }
        self.founders = Array(sites.prefix(founders ?? sites.count))
        for site in sites { nodes[site] = Node(maker: fresh(site)) }
        heal()
    }

    /// A site that has lived through these decisions.
    mutating func install(_ membership: Membership, at site: SiteID) {
        self[site].maker = DecisionMaker(site: site, membership: membership, random: random.split())
    }

    private mutating func fresh(_ site: SiteID) -> DecisionMaker {
        let membership = Membership(founders: founders.contains(site) ? founders : [])
        return DecisionMaker(site: site, membership: membership, random: random.split())
    }

    subscript(site: SiteID) -> Node {
        get {
            guard let node = nodes[site] else { preconditionFailure("no site \(site)") }
            return node
        }
        set { nodes[site] = newValue }
    }

    func maker(_ site: SiteID) -> DecisionMaker { self[site].maker }

    // MARK: Faults

    mutating func connect(_ one: SiteID, _ other: SiteID) {
        guard self[one].isUp, self[other].isUp, links.insert([one, other]).inserted else { return }
        handle(.linkUp(other), at: one)
        handle(.linkUp(one), at: other)
    }

    mutating func cut(_ one: SiteID, _ other: SiteID) {
        guard links.remove([one, other]) != nil else { return }
        packets.removeAll { Set([$0.from, $0.to]) == [one, other] }
        handle(.linkDown(other), at: one)
        handle(.linkDown(one), at: other)
    }

    mutating func heal() {
        for one in sites { for other in sites where one < other { connect(one, other) } }
    }

    mutating func split(_ group: Set<SiteID>) {
        for one in sites where group.contains(one) {
            for other in sites where !group.contains(other) { cut(one, other) }
        }
    }

    /// The process ends; of the writes under way, some reached the disk.
    mutating func crash(_ site: SiteID) {
        for other in sites where other != site { cut(site, other) }
        let writes = self[site].writes
        let kept = Int.random(in: 0...writes.count, using: &random)
        if kept > 0 { self[site].disk = writes[kept - 1].bytes }
        self[site].writes = []
        self[site].isUp = false
    }

    mutating func restart(_ site: SiteID) throws {
        guard !self[site].isUp else { return }
        if let disk = self[site].disk {
            self[site].maker = try DecisionMaker(site: site, saved: disk, random: random.split())
        } else {
            self[site].maker = fresh(site)
        }
        self[site].isUp = true
        for other in sites where other != site { connect(site, other) }
    }

    // MARK: Running

    @discardableResult
    mutating func propose(
        _ change: MembershipChange,
        _ subject: SiteID,
        at site: SiteID,
        forced: Bool = false
    ) -> UInt64 {
        proposals += 1
        stamps += 1
        let proposal = MembershipProposal(
            id: proposals,
            change: change,
            site: subject,
            actor: Actor("anna"),
            at: HybridTimestamp(bits: stamps),
            isForced: forced
        )
        handle(.propose(proposal), at: site)
        return proposals
    }

    mutating func run(_ span: Span) throws {
        let end = now + span
        while true {
            let writes = nodes.values.compactMap { $0.writes.first?.due }
            let deadlines = nodes.values.compactMap { $0.isUp ? $0.maker.nextDeadline : nil }
            let next = ([nextBeacon] + writes + deadlines + packets.map(\.due)).min() ?? end
            guard next <= end else { break }
            now = max(now, next)
            try step()
        }
        now = end
    }

    private mutating func step() throws {
        for site in sites {
            while let write = nodes[site]?.writes.first, write.due <= now {
                nodes[site]?.writes.removeFirst()
                nodes[site]?.disk = write.bytes
                handle(.saved(write.token), at: site)
            }
            if let due = nodes[site]?.maker.nextDeadline, due <= now { handle(.timer, at: site) }
        }
        let due = packets.filter { $0.due <= now }.sorted { ($0.due, $0.order) < ($1.due, $1.order) }
        packets.removeAll { $0.due <= now }
        for packet in due where links.contains([packet.from, packet.to]) {
            handle(.message(packet.from, try DecisionCodec.decode(packet.bytes)), at: packet.to)
        }
        guard nextBeacon <= now else { return }
        nextBeacon = now + .seconds(1)
        for site in sites {
            for other in sites where links.contains([site, other]) && !isLost() {
                handle(.head(site, maker(site).head), at: other)
            }
        }
    }

    private mutating func isLost() -> Bool {
        Int.random(in: 0..<100, using: &random) < lossPercent
    }

    mutating func handle(_ event: DecisionEvent, at site: SiteID) {
        guard nodes[site]?.isUp == true else { return }
        for directive in self[site].maker.handle(event, at: now) { carryOut(directive, at: site) }
    }

    private mutating func carryOut(_ directive: DecisionDirective, at site: SiteID) {
        switch directive {
        case .send(let peer, let message):
            #expect(links.contains([site, peer]))
            let copies = Int.random(in: 0..<100, using: &random) < duplicatePercent ? 2 : 1
            for _ in 0..<copies where !isLost() {
                order += 1
                let wait = Span.milliseconds(Int64(Int.random(in: delay, using: &random)))
                let bytes = DecisionCodec.encode(message)
                packets.append(Packet(due: now + wait, order: order, from: site, to: peer, bytes: bytes))
            }
        case .save(let bytes, let token):
            let wait = Span.milliseconds(Int64(Int.random(in: diskDelay, using: &random)))
            let due = max(now + wait, self[site].writes.last?.due ?? now)
            self[site].writes.append((due, bytes, token))
        case .decided(let decision):
            check(decision, at: site)
        case .accepted(let id, let decision):
            self[site].outcomes[id] = .accepted(decision)
        case .failed(let id, let reason):
            self[site].outcomes[id] = .failed(reason)
        case .alarm(let alarm):
            self[site].alarms.append(alarm)
        }
    }

    /// At most one decision by majority for each number and history; and none told before it is on disk.
    private mutating func check(_ decision: MembershipDecision, at site: SiteID) {
        self[site].decided.append(decision)
        let membership = maker(site).membership
        #expect(membership.decisions.contains(decision))
        let stored = self[site].disk.flatMap {
            try? DecisionMaker(site: site, saved: $0, random: SeededRandom(seed: 0))
        }
        #expect(stored?.membership.decisions.contains(decision) == true)
        guard !decision.isForced, let lineage = membership.lineage(at: decision.number - 1) else { return }
        let instance = Instance(number: decision.number, lineage: lineage)
        if let other = chosen[instance] { #expect(other == decision) }
        chosen[instance] = decision
    }

    // MARK: Reading

    func outcome(_ id: UInt64, at site: SiteID) -> Outcome? { nodes[site]?.outcomes[id] }

    func isAccepted(_ id: UInt64, at site: SiteID) -> Bool {
        if case .accepted = outcome(id, at: site) { true } else { false }
    }

    var memberships: Set<Membership> { Set(sites.map { maker($0).membership }) }
}
