import TestKit
import Testing
import Transport
import Kernel

@Suite("DNS messages")
struct DNSMessageTests {
    /// An answer for `a.test` with a service at `b.test`, priority 1, weight 2, port 5060, for 300 s.
    private let good: [UInt8] =
        [0, 7, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0] + Array("\u{1}a\u{4}test\u{0}".utf8) + [0, 33, 0, 1]
        + [0xC0, 12, 0, 33, 0, 1, 0, 0, 1, 44, 0, 10, 0, 1, 0, 2, 0x13, 0xC4, 1, 98, 0xC0, 14]

    @Test("A service is read, its host by a jump to an earlier name")
    func service() {
        let expected = DNSRecord(.service(priority: 1, weight: 2, port: 5_060, host: "b.test"), secondsToLive: 300)
        #expect(DNSMessage.records(of: .service, in: good) == [expected])
        #expect(DNSMessage.records(of: .v4, in: good)?.isEmpty == true)
    }

    @Test("A message that ends anywhere too early is refused")
    func cut() {
        for count in 0..<good.count {
            #expect(DNSMessage.records(of: .service, in: Array(good.prefix(count))) == nil, "\(count) bytes")
        }
    }

    @Test("A name that jumps for ever is refused, and so is a question in place of an answer")
    func endlessName() {
        var bytes = good
        bytes[bytes.count - 1] = UInt8(bytes.count - 4)
        bytes[bytes.count - 4] = 0xC0
        bytes[bytes.count - 3] = UInt8(bytes.count - 4)
        #expect(DNSMessage.records(of: .service, in: bytes) == nil)
        var question = good
        question[2] = 0x01
        #expect(DNSMessage.records(of: .service, in: question) == nil)
    }

    @Test("Changed bytes never crash it, and never yield more than was there", arguments: Seeds.first(50))
    func mutations(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<200 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                bytes[index] = UInt8.random(in: 0...255, using: &random)
            }
            let records = DNSMessage.records(of: .service, in: bytes) ?? []
            #expect(records.count <= 3)
        }
    }
}
