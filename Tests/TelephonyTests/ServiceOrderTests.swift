import Kernel
import Telephony
import TestKit
import Testing

@Suite("Order of a service's hosts")
struct ServiceOrderTests {
    private func host(_ name: String, _ priority: UInt16, _ weight: UInt16) -> ServiceOrder.Host {
        ServiceOrder.Host(priority: priority, weight: weight, port: 5_060, name: name)
    }

    @Test("Lower priorities come first, and nobody is lost or doubled", arguments: Seeds.first(50))
    func priorities(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let hosts = (0..<Int.random(in: 0...12, using: &random)).map { index in
            host("h\(index)", UInt16.random(in: 0...3, using: &random), UInt16.random(in: 0...2, using: &random) * 500)
        }
        let ordered = ServiceOrder.order(hosts, random: &random)
        #expect(Set(ordered) == Set(hosts) && ordered.count == hosts.count)
        #expect(ordered.map(\.priority) == hosts.map(\.priority).sorted())
    }

    @Test("Within a priority the first place goes by weight, and weight 0 has a small chance")
    func weights() {
        var random = SeededRandom(seed: 7)
        let hosts = [host("light", 1, 10), host("heavy", 1, 30), host("none", 1, 0)]
        var first: [String: Int] = [:]
        for _ in 0..<10_000 { first[ServiceOrder.order(hosts, random: &random)[0].name, default: 0] += 1 }
        // Shares of 41 numbers drawn: 1, 10 and 30 of them.
        #expect((6_900...7_700).contains(first["heavy"] ?? 0), "\(first)")
        #expect((2_100...2_800).contains(first["light"] ?? 0), "\(first)")
        #expect((150...350).contains(first["none"] ?? 0), "\(first)")
    }

    @Test("Without weights all take turns")
    func noWeights() {
        var random = SeededRandom(seed: 3)
        let ordered = ServiceOrder.order([host("b", 1, 0), host("a", 1, 0), host("z", 0, 0)], random: &random)
        #expect(ordered.map(\.name).sorted() == ["a", "b", "z"] && ordered[0].name == "z")
    }
}
