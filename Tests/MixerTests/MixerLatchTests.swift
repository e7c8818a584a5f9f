import Kernel
import Mixer
import Testing
import Transport

@Suite("Where a party is")
struct MixerLatchTests {
    private let described: SocketAddress
    private let other: SocketAddress
    private let third: SocketAddress
    private let start = Instant(milliseconds: 50_000)

    init() throws {
        described = try #require(SocketAddress(host: "192.0.2.1", port: 4_000))
        other = try #require(SocketAddress(host: "198.51.100.7", port: 5_000))
        third = try #require(SocketAddress(host: "203.0.113.5", port: 6_000))
    }

    @Test("Without latching, only the described host is heard, and only the described address answered")
    func strict() {
        var latch = MixerLatch(described, isSymmetric: false, at: start)
        var otherPort = described
        otherPort.port = 4_002
        let accepted = [other, otherPort, described].map { latch.accepts($0, at: start) }
        #expect(accepted == [false, true, true])
        #expect(latch.target == described)
    }

    @Test("Behind a router the first source within two seconds counts, and no later one")
    func symmetric() {
        var latch = MixerLatch(described, isSymmetric: true, at: start)
        let first = latch.accepts(other, at: start + .seconds(2))
        #expect(first && latch.target == other)
        let later = [third, described].map { latch.accepts($0, at: start + .seconds(1)) }
        #expect(later == [false, false])
        #expect(latch.target == other)
    }

    @Test("After two seconds nobody new is believed")
    func tooLate() {
        var latch = MixerLatch(described, isSymmetric: true, at: start)
        let accepted = latch.accepts(other, at: start + .milliseconds(2_001))
        #expect(!accepted && latch.target == described)
    }
}
