import Kernel
import TestKit
import Testing

@Suite("Version vector")
struct VersionVectorTests {
    private static func random(_ random: inout SeededRandom) -> VersionVector {
        var result = VersionVector()
        for name in ["north", "east", "south-2"] {
            guard let site = SiteID(name), Bool.random(using: &random) else { continue }
            let origin = Origin(site: site, epoch: UInt32.random(in: 1...2, using: &random))
            result.include(Dot(origin: origin, sequence: UInt64.random(in: 1...9, using: &random)))
        }
        return result
    }

    @Test("Merging commutes, associates, is idempotent and covers both", arguments: Seeds.first(100))
    func laws(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let (one, two, three) = (Self.random(&random), Self.random(&random), Self.random(&random))
        func merged(_ left: VersionVector, _ right: VersionVector) -> VersionVector {
            var result = left
            result.merge(right)
            return result
        }
        #expect(merged(one, two) == merged(two, one))
        #expect(merged(merged(one, two), three) == merged(one, merged(two, three)))
        #expect(merged(one, one) == one)
        #expect(merged(one, two).covers(one) && merged(one, two).covers(two))
        #expect(one.covers(one.common(with: two)) && two.covers(one.common(with: two)))
        #expect(merged(two, one.beyond(two)) == merged(one, two))
    }

    @Test("Text reads back, and nothing else reads", arguments: Seeds.first(50))
    func text(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let vector = Self.random(&random)
        #expect(VersionVector(text: vector.text) == vector)
    }

    @Test(
        "Text that no vector writes is refused",
        arguments: ["", "north", "north.1", "north.1.0", "north.01.2", "North.1.2", "a.1.2+a.1.3", "a.1.2+", "a.1.-2"]
    )
    func badText(text: String) {
        #expect(VersionVector(text: text) == nil)
    }

    @Test("A dot is contained when it lies at or below its origin's head")
    func contains() throws {
        let north = Origin(site: try #require(SiteID("north")), epoch: 1)
        let vector = VersionVector([Dot(origin: north, sequence: 5)])
        #expect(vector.contains(Dot(origin: north, sequence: 5)))
        #expect(!vector.contains(Dot(origin: north, sequence: 6)))
        #expect(!vector.contains(Dot(origin: Origin(site: north.site, epoch: 2), sequence: 1)))
    }
}
