import Kernel
import Replication
import TestKit
import Testing

@Suite("Decision maker")
struct DecisionMakerTests {
    @Test("Three sites decide within a second, and every site has the decision")
    func ordinary() throws {
        var cluster = try DecisionCluster(["east", "north", "south"], seed: 1)
        let id = cluster.propose(.drain, cluster.sites[1], at: cluster.sites[0])
        try cluster.run(.seconds(1))
        #expect(cluster.isAccepted(id, at: cluster.sites[0]))
        #expect(cluster.memberships.count == 1)
        #expect(cluster.maker(cluster.sites[2]).membership.state(of: cluster.sites[1]) == .draining)
        #expect(cluster.maker(cluster.sites[2]).head.number == 1)
    }

    @Test("A single site decides alone without force")
    func single() throws {
        var cluster = try DecisionCluster(["north"], seed: 1)
        let id = cluster.propose(.add, try #require(SiteID("south")), at: cluster.sites[0])
        try cluster.run(.seconds(1))
        #expect(cluster.isAccepted(id, at: cluster.sites[0]))
    }

    @Test("A minority decides nothing and says how many answered")
    func minority() throws {
        var cluster = try DecisionCluster(["a", "b", "c", "d", "e"], seed: 2)
        let sites = cluster.sites
        cluster.split([sites[0], sites[1]])
        let id = cluster.propose(.suspend, sites[4], at: sites[0])
        try cluster.run(.milliseconds(10_100))
        guard case .failed(let reason) = cluster.outcome(id, at: sites[0]) else {
            Issue.record("not failed")
            return
        }
        #expect(reason.description == "2 of 5 voters answered; 3 needed")
        #expect(cluster.maker(sites[0]).pendingProposals == 0 && cluster.maker(sites[0]).nextDeadline == nil)
        cluster.heal()
        try cluster.run(.seconds(2))
        #expect(cluster.memberships.count == 1 && cluster.maker(sites[0]).head.number == 0)
    }

    @Test("What is no sensible change is refused at once, and also when another decision made it so")
    func overtaken() throws {
        var cluster = try DecisionCluster(["east", "north", "south"], seed: 3)
        let sites = cluster.sites
        let bad = cluster.propose(.add, sites[1], at: sites[0])
        #expect(cluster.outcome(bad, at: sites[0]) == nil)
        try cluster.run(.milliseconds(20))
        #expect(cluster.outcome(bad, at: sites[0]) == .failed(.refused(.alreadyAMember(sites[1], .active))))
        // Both suspend the same site at once: one is decided, the other finds it done.
        let first = cluster.propose(.suspend, sites[2], at: sites[0])
        let second = cluster.propose(.suspend, sites[2], at: sites[1])
        try cluster.run(.seconds(8))
        #expect(cluster.isAccepted(first, at: sites[0]) != cluster.isAccepted(second, at: sites[1]))
        let failed = cluster.outcome(first, at: sites[0]) ?? cluster.outcome(second, at: sites[1])
        #expect(failed != nil && cluster.maker(sites[0]).head.number == 1 && cluster.memberships.count == 1)
    }

    @Test("Proposals that do not exclude each other are all decided, each under its own number")
    func several() throws {
        var cluster = try DecisionCluster(["a", "b", "c", "d", "e"], seed: 4)
        let sites = cluster.sites
        let ids = [
            (sites[0], cluster.propose(.drain, sites[3], at: sites[0])),
            (sites[1], cluster.propose(.drain, sites[4], at: sites[1])),
            (sites[2], cluster.propose(.add, try #require(SiteID("f")), at: sites[2])),
            (sites[2], cluster.propose(.add, try #require(SiteID("g")), at: sites[2])),
        ]
        try cluster.run(.seconds(10))
        for (site, id) in ids { #expect(cluster.isAccepted(id, at: site)) }
        #expect(cluster.memberships.count == 1 && cluster.maker(sites[0]).head.number == 4)
    }

    @Test("Too many proposals at once are refused")
    func busy() throws {
        var cluster = try DecisionCluster(["a", "b"], seed: 5)
        cluster.split([cluster.sites[0]])
        var last: UInt64 = 0
        for _ in 0...Limits.membershipProposalsMax {
            last = cluster.propose(.drain, cluster.sites[1], at: cluster.sites[0])
        }
        try cluster.run(.milliseconds(20))
        #expect(cluster.outcome(last, at: cluster.sites[0]) == .failed(.busy))
        #expect(cluster.maker(cluster.sites[0]).pendingProposals == Limits.membershipProposalsMax)
        try cluster.run(.seconds(11))
        #expect(cluster.maker(cluster.sites[0]).pendingProposals == 0)
        #expect(cluster.nodes[cluster.sites[0]]?.outcomes.count == Limits.membershipProposalsMax + 1)
    }

    @Test("Of two sites one is suspended only by the operator's word, and the other accepts it when it is back")
    func twoSites() throws {
        var cluster = try DecisionCluster(["north", "south"], seed: 6)
        let (north, south) = (cluster.sites[0], cluster.sites[1])
        cluster.crash(south)
        let plain = cluster.propose(.suspend, south, at: north)
        try cluster.run(.seconds(11))
        let tooFew = ProposalFailure.tooFewAnswers(1, voters: 2, needed: 2, mayStillHappen: false)
        #expect(cluster.outcome(plain, at: north) == .failed(tooFew))
        let forced = cluster.propose(.suspend, south, at: north, forced: true)
        try cluster.run(.seconds(4))
        #expect(cluster.isAccepted(forced, at: north))
        #expect(cluster.maker(north).membership.decisions.first?.isForced == true)
        #expect(cluster.maker(north).membership.active == [north])
        try cluster.restart(south)
        try cluster.run(.seconds(3))
        #expect(cluster.memberships.count == 1 && cluster.nodes[south]?.alarms == [])
    }

    @Test("A forced proposal that finds a majority is an ordinary decision")
    func forceNotNeeded() throws {
        var cluster = try DecisionCluster(["a", "b", "c"], seed: 7)
        let id = cluster.propose(.drain, cluster.sites[2], at: cluster.sites[0], forced: true)
        try cluster.run(.seconds(2))
        #expect(cluster.isAccepted(id, at: cluster.sites[0]))
        #expect(cluster.maker(cluster.sites[1]).membership.decisions.map(\.isForced) == [false])
    }

    @Test("Two forced decisions of one number: all keep that of the first site by name, and the operators hear of it")
    func collision() throws {
        var cluster = try DecisionCluster(["north", "south"], seed: 8)
        let (north, south) = (cluster.sites[0], cluster.sites[1])
        cluster.cut(north, south)
        cluster.propose(.suspend, south, at: north, forced: true)
        cluster.propose(.suspend, north, at: south, forced: true)
        try cluster.run(.seconds(4))
        #expect(cluster.memberships.count == 2)
        cluster.heal()
        try cluster.run(.seconds(3))
        #expect(cluster.memberships.count == 1)
        #expect(cluster.maker(south).membership.active == [north])
        let kept = try #require(cluster.maker(north).membership.decisions.first)
        for site in [north, south] {
            let alarms = cluster.nodes[site]?.alarms ?? []
            guard case .collided(kept, let dropped) = alarms.first else {
                Issue.record("no alarm at \(site)")
                continue
            }
            #expect(alarms.count == 1 && dropped.map(\.proposer) == [south])
        }
    }

    @Test("A majority's decision beats a forced one of the same number")
    func majorityBeatsForce() throws {
        var cluster = try DecisionCluster(["a", "b", "c"], seed: 9)
        let sites = cluster.sites
        cluster.split([sites[0]])
        cluster.propose(.retire, sites[2], at: sites[0], forced: true)
        cluster.propose(.drain, sites[1], at: sites[2])
        try cluster.run(.seconds(5))
        #expect(cluster.memberships.count == 2)
        cluster.heal()
        try cluster.run(.seconds(3))
        #expect(cluster.memberships.count == 1)
        #expect(cluster.maker(sites[0]).membership.decisions.map(\.change) == [.drain])
        let id = cluster.propose(.activate, sites[1], at: sites[0])
        try cluster.run(.seconds(3))
        #expect(cluster.isAccepted(id, at: sites[0]))
    }

    /// A history in which the second founder drains and comes back, again and again.
    private func history(of count: UInt64, founders: [SiteID]) throws -> Membership {
        var membership = Membership(founders: founders)
        for number in 1...count {
            let decision = MembershipDecision(
                number: number,
                site: membership.founders[1],
                change: number % 2 == 1 ? .drain : .activate,
                actor: Actor("anna"),
                at: HybridTimestamp(bits: number),
                isForced: false,
                proposer: membership.founders[0]
            )
            try membership.append(decision)
        }
        return membership
    }

    private func relink(_ cluster: inout DecisionCluster) throws {
        let first = Set(cluster.sites.prefix(1))
        cluster.split(first)
        cluster.split(Set(cluster.sites.prefix(2)))
        cluster.heal()
        try cluster.run(.seconds(1))
    }

    @Test("A new site learns everything, from the founders on, and votes then")
    func joining() throws {
        var cluster = try DecisionCluster(["a", "b", "c"], founders: 2, seed: 10)
        let sites = cluster.sites
        let past = try history(of: 300, founders: Array(sites.prefix(2)))
        for site in sites.prefix(2) { cluster.install(past, at: site) }
        try relink(&cluster)
        #expect(cluster.maker(sites[2]).head == past.head)
        #expect(cluster.maker(sites[2]).membership.founders == Array(sites.prefix(2)))
        #expect(!cluster.maker(sites[2]).isVoting)
        cluster.propose(.add, sites[2], at: sites[0])
        try cluster.run(.seconds(1))
        #expect(cluster.maker(sites[2]).isVoting)
        cluster.crash(sites[1])
        let id = cluster.propose(.drain, sites[1], at: sites[2])
        try cluster.run(.seconds(5))
        #expect(
            cluster.isAccepted(id, at: sites[2]) || cluster.maker(sites[2]).membership.state(of: sites[1]) == .draining
        )
    }

    @Test("Far behind, a site catches up in pieces")
    func pieces() throws {
        var cluster = try DecisionCluster(["a", "b", "c"], seed: 11)
        let sites = cluster.sites
        let past = try history(of: 600, founders: sites)
        for site in sites.prefix(2) { cluster.install(past, at: site) }
        try relink(&cluster)
        #expect(cluster.maker(sites[2]).head == past.head)
    }

    @Test("Sites with other founders are strangers: an alarm, once, and nothing learned")
    func strangers() throws {
        var cluster = try DecisionCluster(["a", "b"], seed: 12)
        let (one, other) = (cluster.sites[0], cluster.sites[1])
        let membership = Membership(founders: [other])
        cluster.nodes[other]?.maker = DecisionMaker(site: other, membership: membership, random: SeededRandom(seed: 1))
        cluster.cut(one, other)
        cluster.packets = []
        cluster.connect(one, other)
        try cluster.run(.seconds(5))
        #expect(cluster.nodes[one]?.alarms == [.foundersDiffer(other)])
        #expect(cluster.nodes[other]?.alarms == [.foundersDiffer(one)])
        #expect(cluster.maker(other).membership == membership)
    }

    @Test("A site that lost its disk learns but does not vote, until the others suspended and activated it")
    func lostMemory() throws {
        var cluster = try DecisionCluster(["a", "b", "c"], seed: 13)
        let sites = cluster.sites
        cluster.propose(.drain, sites[1], at: sites[0])
        try cluster.run(.seconds(1))
        cluster.crash(sites[2])
        cluster.nodes[sites[2]]?.disk = nil
        try cluster.restart(sites[2])
        cluster.handle(.lostMemory(HybridTimestamp(bits: 1)), at: sites[2])
        try cluster.run(.seconds(2))
        #expect(cluster.maker(sites[2]).head.number == 1 && !cluster.maker(sites[2]).isVoting)
        let own = cluster.propose(.activate, sites[1], at: sites[2])
        try cluster.run(.milliseconds(20))
        #expect(cluster.outcome(own, at: sites[2]) == .failed(.lostMemory))
        cluster.crash(sites[1])
        let refused = cluster.propose(.activate, sites[1], at: sites[0])
        try cluster.run(.seconds(11))
        #expect(!cluster.isAccepted(refused, at: sites[0]))
        try cluster.restart(sites[1])
        cluster.crash(sites[2])
        try cluster.restart(sites[2])
        #expect(!cluster.maker(sites[2]).isVoting)
        try cluster.run(.seconds(2))
        cluster.propose(.suspend, sites[2], at: sites[0])
        try cluster.run(.seconds(3))
        cluster.propose(.activate, sites[2], at: sites[0])
        try cluster.run(.seconds(3))
        #expect(cluster.maker(sites[2]).isVoting)
    }

    @Test("A retired site has no vote and is told so")
    func retired() throws {
        var cluster = try DecisionCluster(["a", "b", "c"], seed: 14)
        let sites = cluster.sites
        cluster.propose(.retire, sites[2], at: sites[0])
        try cluster.run(.seconds(2))
        let id = cluster.propose(.drain, sites[0], at: sites[2])
        try cluster.run(.seconds(1))
        #expect(cluster.outcome(id, at: sites[2]) == .failed(.noVote(.retired(sites[2], by: 1))))
    }

    @Test("Damaged bytes are refused at the start", arguments: Seeds.first(20))
    func damaged(_ seed: UInt64) throws {
        var cluster = try DecisionCluster(["a", "b"], seed: seed)
        cluster.propose(.drain, cluster.sites[1], at: cluster.sites[0])
        try cluster.run(.seconds(1))
        let bytes = try #require(cluster.nodes[cluster.sites[0]]?.disk)
        var refused = 0
        for length in 1..<bytes.count {
            do {
                _ = try DecisionMaker(
                    site: cluster.sites[0],
                    saved: Array(bytes.prefix(length)),
                    random: cluster.random
                )
            } catch {
                refused += 1
            }
        }
        #expect(refused > bytes.count / 2)
    }
}
