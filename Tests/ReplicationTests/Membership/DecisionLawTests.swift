import Kernel
import Replication
import TestKit
import Testing

/// Laws of deciding under faults.
///
/// `DecisionCluster` checks at every step that no number is decided twice and that
/// nothing is told before it is on disk.
@Suite("Decisions under faults")
struct DecisionLawTests {
    private func randomChange(_ random: inout SeededRandom) -> MembershipChange {
        [.drain, .activate, .suspend, .activate, .add][Int.random(in: 0..<5, using: &random)]
    }

    @Test(
        "Loss, reordering, duplicates, splits, crashes: one decision a number, all equal after heal, and it goes on",
        arguments: Seeds.first(60)
    )
    func faults(_ seed: UInt64) throws {
        var chance = SeededRandom(seed: seed &+ 7_000)
        let count = [3, 4, 5][Int(seed % 3)]
        var cluster = try DecisionCluster(["a", "b", "c", "d", "e"].prefix(count).map { $0 }, seed: seed)
        let sites = cluster.sites
        cluster.lossPercent = Int.random(in: 0...25, using: &chance)
        cluster.duplicatePercent = Int.random(in: 0...30, using: &chance)
        cluster.delay = 1...Int.random(in: 2...400, using: &chance)
        cluster.diskDelay = 0...Int.random(in: 0...80, using: &chance)
        var asked: [(SiteID, UInt64)] = []
        for _ in 0..<40 {
            let site = sites[Int.random(in: 0..<count, using: &chance)]
            switch Int.random(in: 0..<10, using: &chance) {
            case 0...4:
                guard cluster.nodes[site]?.isUp == true else { break }
                let subject = sites[Int.random(in: 0..<count, using: &chance)]
                asked.append((site, cluster.propose(randomChange(&chance), subject, at: site)))
            case 5:
                cluster.crash(site)
                // Those who asked there have gone with the process.
                asked.removeAll { $0.0 == site }
            case 6:
                try cluster.restart(site)
            case 7:
                cluster.split(Set(sites.filter { _ in Bool.random(using: &chance) }))
            case 8:
                cluster.heal()
            default:
                cluster.cut(site, sites[Int.random(in: 0..<count, using: &chance)])
            }
            try cluster.run(.milliseconds(Int64.random(in: 1...700, using: &chance)))
        }
        for site in sites { try cluster.restart(site) }
        cluster.heal()
        cluster.lossPercent = 0
        cluster.delay = 1...30
        try cluster.run(.milliseconds(10_500))
        #expect(cluster.memberships.count == 1)
        for (site, id) in asked { #expect(cluster.outcome(id, at: site) != nil) }
        for site in sites { #expect(cluster.nodes[site]?.alarms == []) }
        let last = cluster.propose(.add, try #require(SiteID("new")), at: sites[0])
        try cluster.run(.seconds(5))
        #expect(cluster.isAccepted(last, at: sites[0]) && cluster.memberships.count == 1)
    }

    @Test(
        "Two halves that suspend each other: at most one does, and none of two equal ones",
        arguments: Seeds.first(60)
    )
    func halves(_ seed: UInt64) throws {
        let names = ["a", "b", "c", "d", "e"].prefix(seed % 2 == 0 ? 4 : 5)
        var cluster = try DecisionCluster(Array(names), seed: seed)
        let sites = cluster.sites
        cluster.lossPercent = Int(seed % 20)
        cluster.split([sites[0], sites[1]])
        let left = cluster.propose(.suspend, sites[2], at: sites[0])
        let right = cluster.propose(.suspend, sites[0], at: sites[2])
        try cluster.run(.milliseconds(10_100))
        #expect(!cluster.isAccepted(left, at: sites[0]))
        if sites.count == 4 { #expect(!cluster.isAccepted(right, at: sites[2])) }
        cluster.heal()
        try cluster.run(.seconds(8))
        #expect(cluster.memberships.count == 1)
        #expect(cluster.maker(sites[0]).head.number <= 1)
    }

    @Test("A crash at any moment of a round loses no decision and makes no second one", arguments: Seeds.first(60))
    func crashes(_ seed: UInt64) throws {
        var cluster = try DecisionCluster(["a", "b", "c"], seed: seed)
        let sites = cluster.sites
        cluster.diskDelay = 0...20
        let first = cluster.propose(.drain, sites[1], at: sites[0])
        let victim = sites[Int(seed) % 3]
        try cluster.run(.milliseconds(Int64(seed) * 2))
        cluster.crash(victim)
        let rival = sites[(Int(seed) + 1) % 3]
        cluster.propose(.suspend, sites[1], at: rival)
        try cluster.run(.milliseconds(Int64(seed % 7) * 40))
        try cluster.restart(victim)
        try cluster.run(.seconds(11))
        #expect(cluster.memberships.count == 1)
        let decisions = cluster.maker(sites[0]).membership.decisions
        if case .accepted(let decision) = cluster.outcome(first, at: sites[0]) { #expect(decisions.contains(decision)) }
        #expect(Set(decisions.map(\.number)).count == decisions.count)
    }

    @Test(
        "The one voter between two rivals remembers its votes, however often it starts anew",
        arguments: Seeds.first(300)
    )
    func rivals(_ seed: UInt64) throws {
        var chance = SeededRandom(seed: seed)
        var cluster = try DecisionCluster(["a", "b", "c"], seed: seed)
        let (a, b, c) = (cluster.sites[0], cluster.sites[1], cluster.sites[2])
        cluster.delay = 3...20
        cluster.cut(a, c)
        cluster.propose(.drain, b, at: a)
        try cluster.run(.milliseconds(Int64.random(in: 0...70, using: &chance)))
        // Half of the time the first proposer cannot tell what it decided.
        if seed % 2 == 0 { cluster.cut(a, b) }
        cluster.propose(.suspend, b, at: c)
        for _ in 0..<3 {
            try cluster.run(.milliseconds(Int64.random(in: 0...50, using: &chance)))
            cluster.crash(b)
            try cluster.restart(b)
            if seed % 2 == 0 { cluster.cut(a, b) }
        }
        try cluster.run(.seconds(11))
        cluster.heal()
        try cluster.run(.seconds(3))
        #expect(cluster.memberships.count == 1)
        #expect(cluster.maker(a).head.number >= 1)
        for site in cluster.sites { #expect(cluster.nodes[site]?.alarms == []) }
    }

    @Test("Halves that are forced apart end with the same history, whatever each decided", arguments: Seeds.first(60))
    func forced(_ seed: UInt64) throws {
        var chance = SeededRandom(seed: seed)
        var cluster = try DecisionCluster(["a", "b", "c", "d"], seed: seed)
        let sites = cluster.sites
        cluster.lossPercent = Int(seed % 15)
        for _ in 0..<3 {
            let apart = Set(sites.filter { _ in Bool.random(using: &chance) })
            cluster.split(apart)
            for _ in 0..<3 {
                let site = sites[Int.random(in: 0..<4, using: &chance)]
                let subject = sites[Int.random(in: 0..<4, using: &chance)]
                cluster.propose(randomChange(&chance), subject, at: site, forced: Bool.random(using: &chance))
                try cluster.run(.milliseconds(Int64.random(in: 10...4_000, using: &chance)))
            }
            cluster.heal()
            try cluster.run(.milliseconds(Int64.random(in: 10...3_000, using: &chance)))
        }
        cluster.lossPercent = 0
        try cluster.run(.seconds(15))
        #expect(cluster.memberships.count == 1)
    }
}
