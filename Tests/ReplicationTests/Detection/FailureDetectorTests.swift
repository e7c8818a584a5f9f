import Kernel
import Replication
import Testing

@Suite("Failure detector")
struct FailureDetectorTests {
    @Test("Sites that hear each other are up at both ends, with a round trip")
    func up() throws {
        var cluster = try LossyCluster(["east", "north", "south"], seed: 1)
        try cluster.run(.seconds(2))
        for site in cluster.sites {
            for peer in cluster.sites where peer != site {
                let health = try #require(cluster.health(of: peer, at: site))
                #expect(health.standing == .up)
                #expect(health.cause == .none)
                let trip = try #require(health.roundTrip)
                #expect(trip >= .zero && trip <= .milliseconds(80))
            }
            let links = cluster.nodes[site]?.detector.links() ?? []
            #expect(links.count == 6 && links.allSatisfy { $0.state == .up })
        }
    }

    @Test("A cut link is told from a dead site: others still hear the one, nobody hears the other")
    func linkOrSite() throws {
        var cluster = try LossyCluster(["east", "north", "south"], seed: 2)
        let (east, north, south) = (cluster.sites[0], cluster.sites[1], cluster.sites[2])
        try cluster.run(.seconds(2))
        cluster.cut(east, south)
        try cluster.run(.seconds(1))
        #expect(cluster.health(of: south, at: east)?.standing == .suspect)
        #expect(cluster.health(of: south, at: east)?.cause == .link)
        try cluster.run(.seconds(5))
        #expect(cluster.health(of: south, at: east)?.standing == .unreachable)
        #expect(cluster.health(of: south, at: east)?.cause == .link)
        let seen = cluster.nodes[north]?.detector.links().filter { $0.state == .down } ?? []
        #expect(seen.map { "\($0.from)-\($0.to)" } == ["east-south", "south-east"])

        cluster.crash(north)
        try cluster.run(.seconds(6))
        #expect(cluster.health(of: north, at: east)?.standing == .unreachable)
        #expect(cluster.health(of: north, at: east)?.cause == .site)
        #expect(cluster.health(of: south, at: east)?.cause == .site)
    }

    @Test("Silence on a standing link makes a peer suspect, then unreachable, within the bounds")
    func silence() throws {
        var cluster = try LossyCluster(["east", "north"], seed: 3)
        let (east, north) = (cluster.sites[0], cluster.sites[1])
        try cluster.run(.seconds(2))
        cluster.lossPercent = 100
        cluster.packets = []
        let start = cluster.now
        try cluster.run(.milliseconds(900))
        #expect(cluster.health(of: north, at: east)?.standing == .up)
        try cluster.run(.milliseconds(1_000))
        #expect(cluster.health(of: north, at: east)?.standing == .suspect)
        try cluster.run(.milliseconds(2_500))
        #expect(cluster.health(of: north, at: east)?.standing == .suspect)
        try cluster.run(.milliseconds(700))
        let health = try #require(cluster.health(of: north, at: east))
        #expect(health.standing == .unreachable)
        #expect(health.since - start >= .milliseconds(4_450) && health.since - start <= .milliseconds(5_050))
        let changes = cluster.nodes[east]?.health.map(\.standing) ?? []
        #expect(changes == [.up, .suspect, .unreachable])
    }

    @Test("A fifth of the frames lost raises no false alarm")
    func lossyButAlive() throws {
        var cluster = try LossyCluster(["east", "north", "south"], seed: 4)
        cluster.lossPercent = 20
        try cluster.run(.seconds(2))
        for site in cluster.sites { cluster.nodes[site]?.health = [] }
        try cluster.run(.seconds(60))
        for site in cluster.sites {
            #expect(cluster.nodes[site]?.health.contains { $0.standing == .unreachable } == false)
        }
    }

    @Test("A process that slept accuses nobody when it wakes")
    func sleep() throws {
        let (east, north) = (try #require(SiteID("east")), try #require(SiteID("north")))
        var now = Instant(milliseconds: 0)
        var detector = FailureDetector(
            site: east,
            incarnation: 1,
            peers: [north],
            bounds: DetectorBounds(),
            now: now
        )
        let beat = Heartbeat(incarnation: 1, reachable: [east], sentAt: 0, echo: nil, echoHeld: .zero)
        _ = detector.handle(.linkUp(north), at: now)
        _ = detector.handle(.heartbeat(north, beat), at: now)
        now = now + .seconds(15)
        _ = detector.handle(.timer, at: now)
        #expect(detector.health(north)?.standing == .up)
        #expect(detector.scale == 8)
        // Awake and punctual it believes its ears again, soon.
        let awake = now
        while detector.health(north)?.standing == .up, now - awake < .seconds(30) {
            now = try #require(detector.nextDeadline)
            _ = detector.handle(.timer, at: now)
        }
        #expect(detector.health(north)?.standing == .suspect)
        #expect(now - awake >= .milliseconds(2_500) && now - awake <= .milliseconds(4_500))
    }

    @Test("A heartbeat of an earlier life is not believed")
    func oldLife() throws {
        let (east, north) = (try #require(SiteID("east")), try #require(SiteID("north")))
        var detector = FailureDetector(
            site: east,
            incarnation: 1,
            peers: [north],
            bounds: DetectorBounds(),
            now: .zero
        )
        _ = detector.handle(.linkUp(north), at: .zero)
        let new = Heartbeat(incarnation: 5, reachable: [], sentAt: 0, echo: nil, echoHeld: .zero)
        let old = Heartbeat(incarnation: 4, reachable: [east], sentAt: 0, echo: nil, echoHeld: .zero)
        _ = detector.handle(.heartbeat(north, new), at: .zero)
        _ = detector.handle(.heartbeat(north, old), at: .zero)
        #expect(detector.health(north)?.incarnation == 5)
        #expect(detector.links().first { $0.from == north }?.state == .down)
    }
}
