import Kernel
import Replication
import TestKit
import Testing

@Suite("Stability")
struct StabilityTests {
    let a = namedSite("a")
    let b = namedSite("b")
    let c = namedSite("c")
    private let now = WallTime(milliseconds: 1_800_000_000_000)

    private func dot(_ site: SiteID, _ sequence: UInt64) -> Dot {
        Dot(origin: Origin(site: site, epoch: 1), sequence: sequence)
    }

    private func progress(_ dots: [Dot], silent: Span = .zero) -> MemberProgress {
        MemberProgress(
            vector: VersionVector(dots),
            heardAt: WallTime(milliseconds: now.milliseconds - silent.milliseconds)
        )
    }

    private func stability(
        _ progress: [SiteID: MemberProgress],
        counted: [SiteID],
        bytes: Int = 0
    ) -> Stability {
        Stability(
            site: a,
            counted: counted,
            own: VersionVector([dot(a, 10), dot(b, 5)]),
            progress: progress,
            keptBytes: bytes,
            keptBytesMax: 1_000,
            at: now
        )
    }

    @Test("Stable is what every counted member has, and this site itself")
    func meet() {
        let progress = [b: progress([dot(a, 7), dot(b, 9)]), c: progress([dot(a, 8), dot(b, 2), dot(c, 4)])]
        let both = stability(progress, counted: [a, b, c])
        #expect(both.stable == VersionVector([dot(a, 7), dot(b, 2)]))
        #expect(both.isForgettable(dot(a, 7)) && !both.isForgettable(dot(a, 8)) && !both.isForgettable(dot(c, 1)))
        #expect(both.isForgettable(VersionVector([dot(b, 2)])) && !both.isForgettable(VersionVector([dot(b, 3)])))
        #expect(both.blockers.map(\.missing) == [3, 5] || both.blockers.map(\.missing) == [5, 3])
        #expect(both.advice.isEmpty)
        // A suspended site does not count.
        #expect(stability(progress, counted: [a, b]).stable == VersionVector([dot(a, 7), dot(b, 5)]))
        // Of whom nothing is known, nothing is assumed.
        #expect(stability([:], counted: [a, b]).stable.isEmpty)
        #expect(stability([:], counted: [a]).stable == VersionVector([dot(a, 10), dot(b, 5)]))
    }

    @Test("A member silent for a week should be suspended; when space is short, any silent one that lacks something")
    func advice() {
        let week = Limits.memberSuspendAfter
        let hour = Span.minutes(60)
        let quiet = [
            b: progress([dot(a, 10), dot(b, 5)], silent: week), c: progress([dot(a, 8), dot(b, 5)], silent: hour),
        ]
        let plain = stability(quiet, counted: [a, b, c])
        #expect(plain.blockers.map(\.site) == [b, c] && plain.blockers.first?.silence == week)
        #expect(plain.advice.map(\.site) == [b] && plain.advice.first?.bytes == nil)
        let full = stability(quiet, counted: [a, b, c], bytes: 2_000)
        #expect(full.advice.map(\.site) == [b, c] && full.advice.last?.bytes == 2_000)
        // One that is slow but heard is left to catch up.
        let slow = stability([b: progress([])], counted: [a, b], bytes: 2_000)
        #expect(slow.advice.isEmpty && slow.blockers.first?.isSilent == false && slow.blockers.first?.missing == 15)
    }

    @Test("Stable never holds what a counted member lacks", arguments: Seeds.first(50))
    func law(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let sites = [a, b, c]
        func vector() -> VersionVector {
            VersionVector(sites.map { dot($0, UInt64.random(in: 0...4, using: &random)) })
        }
        let (own, of) = (vector(), [b: vector(), c: vector()])
        let result = Stability(
            site: a,
            counted: sites,
            own: own,
            progress: of.mapValues { MemberProgress(vector: $0, heardAt: now) },
            keptBytes: 0,
            keptBytesMax: 1,
            at: now
        )
        for site in sites {
            for sequence in UInt64(1)...4 {
                let everywhere = ([own] + of.values).allSatisfy { $0.contains(dot(site, sequence)) }
                #expect(result.isForgettable(dot(site, sequence)) == everywhere)
            }
        }
    }
}
