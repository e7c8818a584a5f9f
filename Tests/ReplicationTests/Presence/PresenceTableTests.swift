import Kernel
import Replication
import TestKit
import Testing

@Suite("Presence")
struct PresenceTableTests {
    private static func key(_ id: String) -> PresenceKey { PresenceKey(kind: 1, id: id) }
    private static func fields(_ text: String) -> FieldMap { [FieldID(1): .string(text)] }

    @Test("Changes reach all sites, also over links that lose frames", arguments: Seeds.first(15))
    func converges(seed: UInt64) throws {
        var cluster = try LossyCluster(["east", "north", "south"], seed: seed)
        cluster.lossPercent = 20
        var expected: [String: String] = [:]
        for number in 0..<100 {
            let site = cluster.sites[Int.random(in: 0..<3, using: &cluster.random)]
            let id = "agent-\(number % 7)"
            if Int.random(in: 0..<4, using: &cluster.random) == 0 {
                cluster.setPresence(Self.key(id), nil, at: site)
                expected["\(site)/\(id)"] = nil
            } else {
                cluster.setPresence(Self.key(id), Self.fields("\(number)"), at: site)
                expected["\(site)/\(id)"] = "\(number)"
            }
            try cluster.run(.milliseconds(Int64.random(in: 0...40, using: &cluster.random)))
        }
        try cluster.run(.seconds(8))
        let list = expected.map { "\($0.key)=\($0.value)" }.sorted()
        for site in cluster.sites { #expect(cluster.seen(1, at: site).sorted() == list) }
    }

    @Test("With a link cut, presence passes through the third site within milliseconds and counts as fresh")
    func relay() throws {
        var cluster = try LossyCluster(["east", "north", "south"], seed: 4)
        try cluster.run(.seconds(2))
        let (east, south) = (cluster.sites[0], cluster.sites[2])
        cluster.cut(east, south)
        try cluster.run(.milliseconds(100))
        cluster.setPresence(Self.key("ada"), Self.fields("ready"), at: east)
        try cluster.run(.milliseconds(100))
        #expect(cluster.seen(1, at: south) == ["east/ada=ready"])
        try cluster.run(.seconds(10))
        let view = try #require(cluster.nodes[south]?.presence.entry(Self.key("ada"), of: east, at: cluster.now))
        #expect(!view.isStale)
        #expect(view.age < .milliseconds(2_500))
    }

    @Test("What a site that cannot be reached had is kept, grows old and is marked stale; it comes fresh again")
    func stale() throws {
        var cluster = try LossyCluster(["east", "north"], seed: 5)
        let (east, north) = (cluster.sites[0], cluster.sites[1])
        cluster.setPresence(Self.key("ada"), Self.fields("ready"), at: east)
        try cluster.run(.seconds(1))
        cluster.cut(east, north)
        try cluster.run(.seconds(5))
        let old = try #require(cluster.nodes[north]?.presence.entry(Self.key("ada"), of: east, at: cluster.now))
        #expect(old.isStale && old.age >= .seconds(4))
        cluster.setPresence(Self.key("ada"), Self.fields("talking"), at: east)
        cluster.connect(east, north)
        try cluster.run(.seconds(2))
        let fresh = try #require(cluster.nodes[north]?.presence.entry(Self.key("ada"), of: east, at: cluster.now))
        #expect(!fresh.isStale && fresh.fields == Self.fields("talking"))
    }

    @Test("A site that starts again leaves no ghosts of its earlier life")
    func incarnations() throws {
        var cluster = try LossyCluster(["east", "north", "south"], seed: 6)
        let east = cluster.sites[0]
        for number in 0..<5 { cluster.setPresence(Self.key("old-\(number)"), Self.fields("x"), at: east) }
        try cluster.run(.seconds(2))
        #expect(cluster.seen(1, at: cluster.sites[1]).count == 5)
        cluster.crash(east)
        try cluster.run(.milliseconds(300))
        try cluster.restart(east)
        cluster.setPresence(Self.key("new"), Self.fields("y"), at: east)
        try cluster.run(.seconds(3))
        for site in cluster.sites { #expect(cluster.seen(1, at: site) == ["east/new=y"]) }
    }

    @Test("The first change goes at once, those of the next 25 ms go together")
    func coalescing() throws {
        let (east, north) = (try #require(SiteID("east")), try #require(SiteID("north")))
        var table = PresenceTable(site: east, incarnation: 1)
        let start = Instant(milliseconds: 1_000)
        _ = table.handle(.linkUp(north), at: start)
        #expect(table.set(Self.key("a"), Self.fields("1"), at: start).count == 1)
        for number in 2..<10 {
            #expect(table.set(Self.key("a"), Self.fields("\(number)"), at: start + .milliseconds(1)).isEmpty)
        }
        #expect(table.set(Self.key("b"), Self.fields("1"), at: start + .milliseconds(2)).isEmpty)
        #expect(table.nextDeadline == start + Limits.presenceCoalescing)
        let out = table.handle(.timer, at: start + Limits.presenceCoalescing)
        guard case .send(north, .presence(let update)) = try #require(out.first) else {
            Issue.record("\(out)")
            return
        }
        #expect(update.base == 1)
        #expect(update.entries.map(\.fields) == [Self.fields("9"), Self.fields("1")])
    }

    @Test("A burst of ten thousand entries travels in bounded frames and arrives whole, also as a full state")
    func burst() throws {
        var cluster = try LossyCluster(["east", "north"], seed: 7, linked: false)
        let (east, north) = (cluster.sites[0], cluster.sites[1])
        for number in 0..<10_000 {
            cluster.setPresence(Self.key("agent-\(number)"), Self.fields("ready"), at: east)
        }
        cluster.connect(east, north)
        try cluster.run(.seconds(2))
        #expect(cluster.nodes[north]?.presence.entries(kind: 1, of: east, at: cluster.now).count == 10_000)
        for number in 0..<10_000 {
            cluster.setPresence(Self.key("agent-\(number)"), Self.fields("talking"), at: east)
        }
        try cluster.run(.milliseconds(100))
        let views = cluster.nodes[north]?.presence.entries(kind: 1, of: east, at: cluster.now) ?? []
        #expect(views.count == 10_000)
        #expect(views.allSatisfy { $0.fields == Self.fields("talking") })
    }

    @Test("Nobody but its site writes a site's presence, and what breaks a bound is not taken")
    func bounds() throws {
        let (east, north) = (try #require(SiteID("east")), try #require(SiteID("north")))
        var table = PresenceTable(site: east, incarnation: 1)
        _ = table.handle(.linkUp(north), at: .zero)
        let forged = PresenceUpdate(
            site: east,
            incarnation: 9,
            base: nil,
            counter: 99,
            age: .zero,
            entries: [PresenceEntry(key: Self.key("ghost"), counter: 99, fields: Self.fields("x"))]
        )
        #expect(table.handle(.frame(north, .presence(forged)), at: .zero).isEmpty)
        #expect(table.entries(kind: 1, at: .zero).isEmpty)
        let large = Self.fields(String(repeating: "x", count: Limits.presenceEntryBytesMax))
        #expect(table.set(Self.key("a"), large, at: .zero).isEmpty)
        #expect(table.entries(kind: 1, at: .zero).isEmpty)
    }
}
