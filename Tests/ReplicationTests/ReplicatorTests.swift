import Kernel
import Replication
import TestKit
import Testing

@Suite("Replicator")
struct ReplicatorTests {
    private static func request(_ key: String, _ number: Int) -> EditRequest {
        let id = DocumentID(type: DocumentType(1), key: key)
        let changes: [FieldChange] = [
            .set(Replica.Fields.name, .int(Int64(number)), seen: nil),
            .append(Replica.Fields.notes, .int(Int64(number))),
        ]
        return EditRequest(actor: Actor("ada"), edits: [DocumentEdit(.id(id, mustExist: false), changes)])
    }

    private static func expectEqual(_ cluster: LossyCluster) throws {
        let first = try #require(cluster.nodes[cluster.sites[0]])
        for site in cluster.sites.dropFirst() {
            let node = try #require(cluster.nodes[site])
            #expect(node.replica.ledger.vector == first.replica.ledger.vector)
            #expect(node.replica.picture() == first.replica.picture())
            #expect(node.replica.journal == first.replica.journal)
            #expect(node.alarms.isEmpty)
        }
    }

    @Test("A commit reaches linked sites by the live tail, once each")
    func liveTail() throws {
        var cluster = try LossyCluster(["east", "north", "south"], seed: 1)
        try cluster.run(.milliseconds(200))
        try cluster.commit(Self.request("one", 1), at: cluster.sites[0])
        try cluster.run(.milliseconds(100))
        try Self.expectEqual(cluster)
        try cluster.run(.seconds(3))
        #expect(cluster.nodes[cluster.sites[1]]?.opsFrames == 1)
        #expect(cluster.nodes[cluster.sites[2]]?.opsFrames == 1)
    }

    @Test("Over links that lose a fifth of all frames, all sites end equal", arguments: Seeds.first(15))
    func lossy(seed: UInt64) throws {
        var cluster = try LossyCluster(["east", "north", "south"], seed: seed)
        cluster.lossPercent = 20
        for number in 0..<60 {
            let site = cluster.sites[Int.random(in: 0..<3, using: &cluster.random)]
            try cluster.commit(Self.request("doc-\(number % 5)", number), at: site)
            try cluster.run(.milliseconds(Int64.random(in: 5...100, using: &cluster.random)))
        }
        try cluster.run(.seconds(15))
        try Self.expectEqual(cluster)
    }

    @Test("Links cut and healed at random, sites restarted: all end equal after healing", arguments: Seeds.first(15))
    func cutsAndCrashes(seed: UInt64) throws {
        var cluster = try LossyCluster(["east", "north", "south"], seed: seed)
        cluster.lossPercent = 5
        for number in 0..<80 {
            let place = Int.random(in: 0..<3, using: &cluster.random)
            let (site, other) = (cluster.sites[place], cluster.sites[(place + 1) % 3])
            switch Int.random(in: 0..<10, using: &cluster.random) {
            case 0 where cluster.links.contains([site, other]): cluster.cut(site, other)
            case 1 where cluster.nodes[site]?.isUp == true && cluster.nodes[other]?.isUp == true:
                if !cluster.links.contains([site, other]) { cluster.connect(site, other) }
            case 2 where cluster.nodes[site]?.isUp == true: cluster.crash(site)
            case 3 where cluster.nodes[site]?.isUp == false: try cluster.restart(site)
            default:
                if cluster.nodes[site]?.isUp == true {
                    try cluster.commit(Self.request("doc-\(number % 5)", number), at: site)
                }
            }
            try cluster.run(.milliseconds(Int64.random(in: 5...300, using: &cluster.random)))
        }
        for site in cluster.sites where cluster.nodes[site]?.isUp == false { try cluster.restart(site) }
        for (place, site) in cluster.sites.enumerated() {
            for other in cluster.sites[(place + 1)...] where !cluster.links.contains([site, other]) {
                cluster.connect(site, other)
            }
        }
        try cluster.run(.seconds(15))
        try Self.expectEqual(cluster)
    }

    @Test("With a link cut, ops pass through the third site, soon")
    func relay() throws {
        var cluster = try LossyCluster(["east", "north", "south"], seed: 2)
        try cluster.run(.milliseconds(200))
        cluster.cut(cluster.sites[0], cluster.sites[2])
        try cluster.commit(Self.request("one", 1), at: cluster.sites[0])
        try cluster.run(.milliseconds(500))
        try Self.expectEqual(cluster)
    }

    @Test("A backlog of many batches is caught up in pieces, soon after the link is back")
    func backlog() throws {
        var cluster = try LossyCluster(["east", "north"], seed: 3, linked: false)
        for number in 0..<6_000 { try cluster.commit(Self.request("doc-\(number % 50)", number), at: cluster.sites[0]) }
        cluster.connect(cluster.sites[0], cluster.sites[1])
        try cluster.run(.seconds(1))
        let east = try #require(cluster.nodes[cluster.sites[0]])
        let north = try #require(cluster.nodes[cluster.sites[1]])
        #expect(north.replica.ledger.vector == east.replica.ledger.vector)
        #expect(north.opsFrames >= 2)
    }

    @Test("A peer of another cluster, of another name or without a common protocol is refused, and nothing is sent")
    func refusals() throws {
        let (north, south) = (try #require(SiteID("north")), try #require(SiteID("south")))
        func hello(_ change: (inout Hello) -> Void) -> Hello {
            var hello = Hello(cluster: "test", site: south, epoch: 1, incarnation: 1, vector: VersionVector())
            change(&hello)
            return hello
        }
        let now = Moment(instant: .zero, wall: WallTime(milliseconds: 0))
        let cases: [(Hello, Refusal)] = [
            (hello { $0.cluster = "other" }, .otherCluster("test")),
            (hello { $0.site = north }, .otherSite("north")),
            (
                hello {
                    $0.protocolMin = 7; $0.protocolMax = 9
                }, .noCommonProtocol(min: 1, max: 1)
            ),
        ]
        for (theirs, refusal) in cases {
            let ours = Hello(cluster: "test", site: north, epoch: 1, incarnation: 1, vector: VersionVector())
            var replicator = Replicator(hello: ours)
            _ = replicator.handle(.linkUp(south), at: now)
            let out = replicator.handle(.frame(south, .hello(theirs)), at: now)
            #expect(out == [.send(south, .refuse(refusal)), .peerRefused(south, refusal)])
            #expect(replicator.acceptedPeers.isEmpty)
            let beacon = Frame.beacon(Beacon(vector: VersionVector(), clock: .zero))
            #expect(replicator.handle(.frame(south, beacon), at: now) == [])
        }
    }

    @Test("A peer that knows more under this site's name than it does itself is an alarm")
    func ownOriginAhead() throws {
        let (north, south) = (try #require(SiteID("north")), try #require(SiteID("south")))
        let ours = Hello(cluster: "test", site: north, epoch: 1, incarnation: 1, vector: VersionVector())
        let dot = Dot(origin: Origin(site: north, epoch: 1), sequence: 5)
        let theirs = Hello(cluster: "test", site: south, epoch: 1, incarnation: 1, vector: VersionVector([dot]))
        var replicator = Replicator(hello: ours)
        let now = Moment(instant: .zero, wall: WallTime(milliseconds: 0))
        _ = replicator.handle(.linkUp(south), at: now)
        let out = replicator.handle(.frame(south, .hello(theirs)), at: now)
        #expect(out == [.peerAccepted(south, theirs), .alarm(south, .ownOriginAhead(dot))])
    }

    /// Regression: two sites that each had repeated a hello answered each other's for ever, a thousand times a second.
    @Test("A repeated hello is answered when ours was lost, not when it crossed ours")
    func repeatedHello() throws {
        let (north, south) = (try #require(SiteID("north")), try #require(SiteID("south")))
        let theirs = Frame.hello(Hello(cluster: "test", site: south, epoch: 1, incarnation: 1, vector: VersionVector()))
        let ours = Hello(cluster: "test", site: north, epoch: 1, incarnation: 1, vector: VersionVector())
        func moment(_ milliseconds: Int64) -> Moment {
            Moment(instant: Instant(milliseconds: milliseconds), wall: WallTime(milliseconds: milliseconds))
        }
        var replicator = Replicator(hello: ours)
        _ = replicator.handle(.linkUp(south), at: moment(0))
        _ = replicator.handle(.frame(south, theirs), at: moment(10))
        #expect(replicator.handle(.frame(south, theirs), at: moment(20)).isEmpty)
        let later = replicator.handle(.frame(south, theirs), at: moment(1_010))
        #expect(later.contains(.send(south, .hello(ours))))
        #expect(!replicator.handle(.frame(south, theirs), at: moment(1_030)).contains(.send(south, .hello(ours))))
    }

    @Test("A want that a peer never answers goes to another after a while")
    func unansweredWant() throws {
        let sites = try ["north", "east", "south"].map { try #require(SiteID($0)) }
        let west = Origin(site: try #require(SiteID("west")), epoch: 1)
        let vector = VersionVector([Dot(origin: west, sequence: 3)])
        func moment(_ milliseconds: Int64) -> Moment {
            Moment(instant: Instant(milliseconds: milliseconds), wall: WallTime(milliseconds: milliseconds))
        }
        var replicator = Replicator(
            hello: Hello(cluster: "test", site: sites[0], epoch: 1, incarnation: 1, vector: VersionVector())
        )
        var asked: [SiteID] = []
        func note(_ directives: [ReplicatorDirective]) {
            for case .send(let peer, .want) in directives { asked.append(peer) }
        }
        for peer in sites[1...] {
            let hello = Hello(cluster: "test", site: peer, epoch: 1, incarnation: 1, vector: vector)
            note(replicator.handle(.linkUp(peer), at: moment(0)))
            note(replicator.handle(.frame(peer, .hello(hello)), at: moment(0)))
        }
        #expect(asked == [sites[1]])
        let deadline = try #require(replicator.nextDeadline)
        #expect(deadline <= Instant.zero + Limits.wantTimeout)
        note(replicator.handle(.timer, at: moment(Limits.wantTimeout.milliseconds)))
        #expect(asked == [sites[1], sites[2]])
    }
}
