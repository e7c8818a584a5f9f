import Kernel
import Replication
import TestKit
import Testing

/// Sites with clocks of their own that tell each other the time, each half second.
private struct ClockCluster {
    struct Clock {
        var offset: Int64 = 0
        /// Millionths.
        var drift: Int64 = 0
        var agreement: ClockAgreement
        var alarms: [ClockAlarm] = []
    }

    var clocks: [SiteID: Clock] = [:]
    let sites: [SiteID]
    var cut: Set<SiteID> = []
    var time: Int64 = 10_000
    var random: SeededRandom

    init(_ names: [String], seed: UInt64) {
        random = SeededRandom(seed: seed)
        sites = names.compactMap { SiteID($0) }
        for site in sites {
            clocks[site] = Clock(agreement: ClockAgreement(at: Moment(instant: .zero, wall: WallTime(milliseconds: 0))))
        }
        for site in sites { start(site) }
    }

    private subscript(site: SiteID) -> Clock {
        get {
            guard let clock = clocks[site] else { preconditionFailure("no site \(site)") }
            return clock
        }
        set { clocks[site] = newValue }
    }

    /// Its agreement begins anew.
    mutating func start(_ site: SiteID) {
        let now = moment(site)
        clocks[site]?.agreement = ClockAgreement(at: now)
    }

    mutating func tick(_ site: SiteID) -> [ClockAlarm] {
        let now = moment(site)
        return self[site].agreement.tick(at: now)
    }

    func wall(_ site: SiteID) -> Int64 {
        let clock = self[site]
        return 1_800_000_000_000 + time + clock.offset + time * clock.drift / 1_000_000
    }

    func moment(_ site: SiteID) -> Moment {
        Moment(instant: Instant(milliseconds: time), wall: WallTime(milliseconds: wall(site)))
    }

    mutating func run(seconds: Int) {
        for _ in 0..<(2 * seconds) {
            time += 500
            for site in sites {
                for peer in sites where peer != site && !cut.contains(site) && !cut.contains(peer) {
                    let trip = Int64.random(in: 0...120, using: &random)
                    let sent = wall(peer) - Int64.random(in: 0...trip, using: &random)
                    let now = moment(site)
                    let alarms = self[site].agreement.sample(
                        from: peer,
                        wall: WallTime(milliseconds: sent),
                        roundTrip: .milliseconds(trip),
                        at: now
                    )
                    self[site].alarms += alarms
                }
                let alarms = tick(site)
                self[site].alarms += alarms
            }
        }
    }

    func agreement(_ site: SiteID) -> ClockAgreement { self[site].agreement }
    func alarms(_ site: SiteID) -> [ClockAlarm] { self[site].alarms }
}

@Suite("Agreement on time")
struct ClockAgreementTests {
    @Test("Clocks that drift a little agree; nobody is accused and nothing is corrected", arguments: Seeds.first(10))
    func drift(_ seed: UInt64) {
        var cluster = ClockCluster(["a", "b", "c"], seed: seed)
        for (place, site) in cluster.sites.enumerated() { cluster.clocks[site]?.drift = Int64(place) * 20 - 20 }
        cluster.run(seconds: 600)
        for site in cluster.sites {
            let agreement = cluster.agreement(site)
            #expect(agreement.basis == .agreed(sources: 3, of: 3) && agreement.isTrusted)
            #expect(cluster.alarms(site) == [])
            #expect(agreement.wall(at: cluster.moment(site)).milliseconds == cluster.wall(site))
            #expect(agreement.peers.allSatisfy { abs($0.offset.milliseconds) <= 150 && !$0.isOff })
        }
    }

    @Test(
        "A clock an hour off is found by its own site and by the others, once, and again when it is set right",
        arguments: [3_600_000, -3_600_000, 6_500] as [Int64]
    )
    func step(_ offset: Int64) throws {
        var cluster = ClockCluster(["a", "b", "c"], seed: 4)
        let (a, b, c) = (cluster.sites[0], cluster.sites[1], cluster.sites[2])
        cluster.run(seconds: 30)
        cluster.clocks[b]?.offset = offset
        // It shows at the next look at the clock, without any sample.
        let noticed = cluster.tick(b)
        guard case .ownClockOff(let by) = try #require(noticed.first) else {
            Issue.record("\(noticed)")
            return
        }
        #expect(abs(by.milliseconds - offset) < 700)
        cluster.run(seconds: 30)
        #expect(!cluster.agreement(b).isTrusted && cluster.agreement(b).basis == .agreed(sources: 2, of: 3))
        let corrected = cluster.agreement(b).wall(at: cluster.moment(b)).milliseconds
        #expect(abs(corrected - cluster.wall(a)) < 700)
        for site in [a, c] {
            #expect(cluster.agreement(site).isTrusted)
            #expect(cluster.agreement(site).worstPeer?.site == b && cluster.agreement(site).worstPeer?.isOff == true)
            guard case .peerClockOff(b, _) = cluster.alarms(site).first, cluster.alarms(site).count == 1 else {
                Issue.record("\(cluster.alarms(site))")
                continue
            }
        }
        cluster.clocks[b]?.offset = 0
        cluster.run(seconds: 30)
        #expect(cluster.agreement(b).isTrusted && cluster.alarms(b) == [.ownClockRight])
        #expect(cluster.alarms(a).last == .peerClockRight(b) && cluster.alarms(a).count == 2)
    }

    @Test("A minority of liars moves nobody", arguments: Seeds.first(20))
    func liars(_ seed: UInt64) {
        var cluster = ClockCluster(["a", "b", "c", "d", "e"], seed: seed)
        let liars = Array(cluster.sites.suffix(2))
        for _ in 0..<20 {
            for liar in liars {
                cluster.clocks[liar]?.offset = Int64.random(in: -100_000...100_000, using: &cluster.random)
            }
            cluster.run(seconds: 3)
        }
        for site in cluster.sites.prefix(3) {
            #expect(cluster.agreement(site).isTrusted)
            #expect(!cluster.alarms(site).contains { if case .ownClockOff = $0 { true } else { false } })
            let wall = cluster.agreement(site).wall(at: cluster.moment(site)).milliseconds
            #expect(abs(wall - cluster.wall(site)) < 700)
        }
    }

    @Test("Alone, the last agreement and the monotonic clock tell a step; samples expire")
    func alone() {
        var cluster = ClockCluster(["a", "b", "c"], seed: 5)
        let a = cluster.sites[0]
        cluster.run(seconds: 10)
        cluster.cut = [a]
        cluster.run(seconds: 20)
        #expect(cluster.agreement(a).basis == .alone && cluster.agreement(a).isTrusted)
        #expect(cluster.agreement(a).peers.isEmpty && cluster.agreement(a).nextDeadline == nil)
        cluster.clocks[a]?.offset = -60_000
        cluster.run(seconds: 2)
        #expect(!cluster.agreement(a).isTrusted)
        let b = cluster.sites[1]
        #expect(abs(cluster.agreement(a).wall(at: cluster.moment(a)).milliseconds - cluster.wall(b)) < 700)
    }

    @Test("Two that never agreed cannot tell whose clock is off; both say so and trust their own")
    func disputed() {
        var cluster = ClockCluster(["a", "b"], seed: 6)
        let (a, b) = (cluster.sites[0], cluster.sites[1])
        cluster.clocks[b]?.offset = 60_000
        cluster.start(b)
        cluster.run(seconds: 5)
        for site in [a, b] {
            #expect(cluster.agreement(site).basis == .disputed && cluster.agreement(site).isTrusted)
            #expect(cluster.agreement(site).offset == nil && cluster.alarms(site).count == 1)
        }
        // Once they agreed, a step is told from the other's.
        cluster.clocks[b]?.offset = 0
        cluster.run(seconds: 15)
        cluster.clocks[b]?.offset = 60_000
        cluster.run(seconds: 15)
        #expect(cluster.agreement(a).isTrusted && !cluster.agreement(b).isTrusted)
    }

    @Test("The bound has a margin: a clock that hovers about it raises no stream of alarms")
    func hysteresis() {
        var cluster = ClockCluster(["a", "b", "c"], seed: 7)
        let b = cluster.sites[1]
        cluster.run(seconds: 5)
        for turn in 0..<40 {
            cluster.clocks[b]?.offset = 5_600 + (turn % 2 == 0 ? 300 : -1_200)
            cluster.run(seconds: 1)
        }
        #expect(cluster.alarms(b).count == 1 && !cluster.agreement(b).isTrusted)
    }

    @Test("Samples that mean nothing are ignored")
    func senseless() {
        let now = Moment(instant: .zero, wall: WallTime(milliseconds: 1_800_000_000_000))
        var agreement = ClockAgreement(at: now)
        let peer = namedSite("b")
        for (wall, trip) in [(Int64.max, 1), (Int64.min, 1), (-1, 1), (5, -1), (5, Int64.max)] as [(Int64, Int64)] {
            _ = agreement.sample(
                from: peer,
                wall: WallTime(milliseconds: wall),
                roundTrip: .milliseconds(trip),
                at: now
            )
        }
        #expect(agreement.peers.isEmpty && agreement.isTrusted)
    }
}
