import Kernel
import Replication
import TestKit
import Testing

@Suite("Laws of failure detection")
struct DetectionLawTests {
    private static let slack = Span.milliseconds(120)

    @Test(
        "Stops of up to four seconds, at any moment and with any delay, make nobody unreachable",
        arguments: Seeds.first(12)
    )
    func shortStops(seed: UInt64) throws {
        var world = try DetectorWorld(Int(seed % 4) + 2, seed: seed)
        for _ in 0..<12 {
            let site = world.sites[Int(world.draw(0...Int64(world.sites.count - 1)))]
            world.stop(site, for: .milliseconds(world.draw(100...4_000)))
            world.run(.milliseconds(world.draw(4_100...9_000)))
        }
        let wrong = world.changes.filter { $0.health.standing == .unreachable }
        #expect(wrong.isEmpty, "\(wrong.map { "\($0.by): \($0.health)" })")
        world.run(.seconds(8))
        for site in world.sites {
            for peer in world.sites where peer != site { #expect(world.standing(of: peer, at: site) == .up) }
        }
    }

    @Test("Processes short of time accuse nobody: each is stalled again and again", arguments: Seeds.first(8))
    func overload(seed: UInt64) throws {
        var world = try DetectorWorld(3, seed: seed)
        for _ in 0..<300 {
            for site in world.sites where !world.isStopped(site) && world.draw(0...2) == 0 {
                world.stop(site, for: .milliseconds(world.draw(50...1_500)))
            }
            world.run(.milliseconds(200))
        }
        #expect(!world.changes.contains { $0.health.standing == .unreachable })
    }

    @Test("One that slept for 15 s is found out, and accuses nobody, nor does anybody else", arguments: Seeds.first(12))
    func longStop(seed: UInt64) throws {
        var world = try DetectorWorld(Int(seed % 3) + 3, seed: seed)
        world.run(.milliseconds(world.draw(0...1_000)))
        world.stop(world.sites[0], for: .seconds(15))
        world.run(.seconds(25))
        let others = world.changes.filter { $0.health.site != world.sites[0] && $0.health.standing == .unreachable }
        #expect(others.isEmpty, "\(others.map { "\($0.by): \($0.health)" })")
        for site in world.sites.dropFirst() {
            #expect(world.first(.unreachable, of: world.sites[0], at: site) != nil)
            #expect(world.standing(of: world.sites[0], at: site) == .up)
            #expect(world.standing(of: site, at: world.sites[0]) == .up)
        }
    }

    @Test(
        "Who loses power is unreachable within the bound and never before, and it is told as a dead site",
        arguments: Seeds.first(12),
        [DetectorBounds.Profile.lan, .wan]
    )
    func power(seed: UInt64, profile: DetectorBounds.Profile) throws {
        let bounds = DetectorBounds(profile)
        var world = try DetectorWorld(Int(seed % 4) + 2, seed: seed, bounds: bounds)
        world.run(.milliseconds(world.draw(20_000...21_000)))
        let (dead, start) = (world.sites[1], world.now)
        world.losePower(dead)
        world.run(bounds.unreachableAfter + bounds.heartbeat + Self.slack)
        for site in world.sites where site != dead {
            let suspect = try #require(world.first(.suspect, of: dead, at: site)) - start
            #expect(suspect >= bounds.suspectAfter - bounds.heartbeat && suspect <= bounds.suspectAfter + .seconds(1))
            let spent = try #require(world.first(.unreachable, of: dead, at: site)) - start
            #expect(spent >= bounds.unreachableAfter - .milliseconds(20))
            #expect(world.health(of: dead, at: site)?.cause == .site)
            for other in world.sites where other != dead && other != site {
                #expect(world.first(.unreachable, of: other, at: site) == nil)
            }
        }
    }

    @Test(
        "Who is killed is suspect at once and gone 2 s later, when the links of all witnesses broke",
        arguments: Seeds.first(12)
    )
    func killed(seed: UInt64) throws {
        var world = try DetectorWorld(Int(seed % 3) + 3, seed: seed)
        let (dead, start) = (world.sites[2], world.now)
        world.kill(dead)
        world.run(.seconds(3))
        for site in world.sites where site != dead {
            let suspect = try #require(world.first(.suspect, of: dead, at: site)) - start
            #expect(suspect <= Self.slack)
            let gone = try #require(world.first(.unreachable, of: dead, at: site)) - start
            #expect(gone >= .seconds(2) && gone <= .milliseconds(2_700))
            #expect(world.health(of: dead, at: site)?.cause == .site)
        }
    }

    @Test("With nobody to ask, a reset link shortens nothing until the machine says that nobody listens")
    func refused() throws {
        for isRefused in [false, true] {
            var world = try DetectorWorld(2, seed: 5)
            let (site, dead, start) = (world.sites[0], world.sites[1], world.now)
            world.kill(dead)
            world.run(.milliseconds(200))
            #expect(world.standing(of: dead, at: site) == .suspect)
            if isRefused { world.refuse(site, by: dead) }
            world.run(.seconds(6))
            let gone = try #require(world.first(.unreachable, of: dead, at: site)) - start
            if isRefused {
                #expect(gone >= .seconds(2) && gone <= .milliseconds(2_600))
            } else {
                #expect(gone >= .milliseconds(4_480) && gone <= .milliseconds(5_100))
            }
        }
    }

    @Test(
        "A cut link is told from a dead site by both ends, soon after it is suspect; healed, all are up",
        arguments: Seeds.first(12)
    )
    func cutLink(seed: UInt64) throws {
        var world = try DetectorWorld(Int(seed % 3) + 3, seed: seed)
        let (one, other) = (world.sites[0], world.sites[1])
        world.cuts = [[one, other]]
        world.run(.seconds(7))
        for (near, far) in [(one, other), (other, one)] {
            #expect(world.standing(of: far, at: near) == .unreachable)
            #expect(world.health(of: far, at: near)?.cause == .link)
            let told = world.changes.filter { $0.by == near && $0.health.site == far && $0.health.standing != .up }
            #expect(told.allSatisfy { $0.health.cause == .link })
        }
        for change in world.changes { #expect([one, other].contains(change.by)) }
        world.cuts = []
        world.run(.seconds(10))
        for site in world.sites {
            for peer in world.sites where peer != site { #expect(world.standing(of: peer, at: site) == .up) }
        }
    }
}
