import Kernel
import Replication
import Simulation
import Testing

@Suite("Attachments are fetched from whoever has them")
struct BlobScenarios {
    private static let content = (0..<900_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 9) }

    @Test("a content at one site comes to another over a third when the direct link is cut")
    func overAThird() {
        var scenario = Scenario()
        scenario.cut(0, 2)
        scenario.run(.seconds(5))
        let blob = scenario.keep(Self.content, at: 0)
        scenario.want(blob, at: 2)
        expect(scenario.run(until: { $0.content(blob, at: 2) != nil }))
        #expect(scenario.content(blob, at: 2) == Self.content)
        scenario.heal(0, 2)
        expectWell(scenario.verdict())
    }

    @Test("a fetch goes on from the third site when the one that gave it dies")
    func donorDies() {
        var scenario = Scenario()
        let blob = scenario.keep(Self.content, at: 0)
        _ = scenario.keep(Self.content, at: 1)
        scenario.want(blob, at: 2)
        scenario.run(.milliseconds(100))
        #expect(scenario.content(blob, at: 2) == nil)
        scenario.crash(0, for: .seconds(30))
        expect(scenario.run(until: { $0.content(blob, at: 2) != nil }, within: .seconds(20)))
        scenario.run(.seconds(20))
        expectWell(scenario.verdict())
    }

    @Test("a site that was cut off gets what it wants once it is linked again")
    func isolated() {
        var scenario = Scenario()
        scenario.cut(0, 2)
        scenario.cut(1, 2)
        let blob = scenario.keep(Self.content, at: 0)
        scenario.want(blob, at: 2)
        scenario.run(.seconds(20))
        #expect(scenario.content(blob, at: 2) == nil)
        scenario.heal(0, 2)
        scenario.heal(1, 2)
        expect(scenario.run(until: { $0.content(blob, at: 2) != nil }))
        expectWell(scenario.verdict())
    }
}
