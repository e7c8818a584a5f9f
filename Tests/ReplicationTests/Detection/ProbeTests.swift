import Kernel
import Replication
import Testing

@Suite("Probes")
struct ProbeTests {
    private let east: SiteID
    private let north: SiteID
    private let south: SiteID
    private var now = Instant(milliseconds: 10_000)
    private var detector: FailureDetector

    init() throws {
        east = try #require(SiteID("east"))
        north = try #require(SiteID("north"))
        south = try #require(SiteID("south"))
        detector = FailureDetector(
            site: east,
            incarnation: 3,
            peers: [north, south],
            bounds: .lan,
            now: now
        )
        for peer in [north, south] {
            _ = detector.handle(.linkUp(peer), at: now)
            _ = detector.handle(.heartbeat(peer, Self.beat(1, [east])), at: now)
        }
    }

    private static func beat(_ incarnation: UInt64, _ reachable: [SiteID]) -> Heartbeat {
        Heartbeat(incarnation: incarnation, reachable: reachable, sentAt: 0, echo: nil, echoHeld: .zero)
    }

    private static func probes(_ directives: [DetectorDirective]) -> [(SiteID, Probe)] {
        directives.compactMap {
            if case .send(let peer, .probe(let probe)) = $0 { return (peer, probe) }
            return nil
        }
    }

    @Test("A site that is asked tries the target, and tells what came of it")
    mutating func witness() throws {
        let ask = Probe(step: .ask, target: south, number: 77)
        let (peer, check) = try #require(Self.probes(detector.handle(.probe(north, ask), at: now)).first)
        #expect(peer == south && check.step == .check && check.target == south)
        // What another site claims in the target's name is nothing.
        let alive = Probe(step: .alive, target: south, number: check.number, incarnation: 9)
        #expect(Self.probes(detector.handle(.probe(north, alive), at: now)).isEmpty)
        let answer = try #require(Self.probes(detector.handle(.probe(south, alive), at: now)).first)
        #expect(answer == (north, Probe(step: .heard, target: south, number: 77, incarnation: 9)))
        #expect(detector.health(south)?.incarnation == 9)
    }

    @Test("It says so when no answer comes in time, or the link was reset")
    mutating func witnessWithoutAnswer() throws {
        _ = detector.handle(.probe(north, Probe(step: .ask, target: south, number: 1)), at: now)
        let deadline = try #require(detector.nextDeadline)
        _ = detector.handle(.timer, at: deadline)
        let late = now + Limits.probeTimeout
        #expect(detector.nextDeadline == late)
        let answers = Self.probes(detector.handle(.timer, at: late))
        #expect(answers.map(\.1.step) == [.notHeard] && answers.map(\.1.number) == [1])
        let lost = Self.probes(detector.handle(.linkDown(south), at: late))
        #expect(lost.map(\.1.step) == [.ask])
        let again = detector.handle(.probe(north, Probe(step: .ask, target: south, number: 2)), at: late)
        #expect(Self.probes(again).map(\.1.step) == [.lost])
    }

    @Test("The target answers at once; a question about somebody else is not its own")
    mutating func target() {
        let check = Probe(step: .check, target: east, number: 5)
        let answers = Self.probes(detector.handle(.probe(north, check), at: now))
        #expect(answers.map(\.1) == [Probe(step: .alive, target: east, number: 5, incarnation: 3)])
        let other = Probe(step: .check, target: south, number: 5)
        #expect(Self.probes(detector.handle(.probe(north, other), at: now)).isEmpty)
    }

    @Test("An answer that nobody asked for changes nothing; one that was tells link and site apart")
    mutating func answers() throws {
        let early = Probe(step: .heard, target: south, number: 1, incarnation: 8)
        _ = detector.handle(.probe(north, early), at: now)
        #expect(detector.health(south)?.incarnation == 1)
        let out = detector.handle(.linkDown(south), at: now)
        let ask = try #require(Self.probes(out).first { $0.1.step == .ask })
        #expect(ask.0 == north && ask.1.target == south)
        #expect(detector.health(south)?.standing == .suspect && detector.health(south)?.cause == .site)
        let answer = Probe(step: .heard, target: south, number: ask.1.number, incarnation: 8)
        _ = detector.handle(.probe(north, answer), at: now)
        #expect(detector.health(south)?.cause == .link && detector.health(south)?.incarnation == 8)
        // A later life was heard of: what the earlier one still says is void.
        _ = detector.handle(.linkUp(south), at: now)
        _ = detector.handle(.heartbeat(south, Self.beat(1, [])), at: now)
        #expect(detector.health(south)?.incarnation == 8)
    }

    @Test("Probes about unknown sites and from peers without a link are ignored")
    mutating func strangers() throws {
        let west = try #require(SiteID("west"))
        for step in Probe.Step.allCases {
            let probe = Probe(step: step, target: west, number: .max, incarnation: .max)
            #expect(Self.probes(detector.handle(.probe(north, probe), at: now)).isEmpty)
            #expect(Self.probes(detector.handle(.probe(west, probe), at: now)).isEmpty)
        }
    }
}
