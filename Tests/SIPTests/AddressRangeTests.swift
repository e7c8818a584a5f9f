import SIP
import Testing

@Suite struct AddressRangeTests {
    @Test(
        "Addresses lie in the ranges that name them, and not in others",
        arguments: [
            ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false),
            ("192.0.2.0/24", "192.0.2.255", true), ("192.0.2.0/24", "192.0.3.0", false),
            ("192.0.2.128/25", "192.0.2.127", false), ("192.0.2.128/25", "192.0.2.200", true),
            ("10.0.0.0/9", "10.127.1.1", true), ("10.0.0.0/9", "10.128.0.1", false),
            ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "2001:db8::1", false),
            ("192.0.2.77/24", "192.0.2.1", true), ("192.0.2.7/32", "192.0.2.7", true),
            ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::1", false),
            ("2001:db8::1", "2001:0DB8:0:0:0:0:0:1", true), ("2001:db8::1", "2001:db8::2", false),
            ("::1", "0:0:0:0:0:0:0:1", true), ("::/0", "fe80::1", true), ("::/0", "192.0.2.1", false),
            ("fe80::/10", "febf::1", true), ("fe80::/10", "fec0::1", false),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0", true),
            ("::ffff:192.0.2.7", "192.0.2.7", true), ("192.0.2.0/24", "::ffff:192.0.2.9", true),
            ("192.0.2.0/24", "::ffff:c000:209", true), ("::ffff:192.0.2.0/120", "192.0.2.44", true),
            ("::ffff:192.0.2.0/120", "192.0.3.44", false), ("64:ff9b::192.0.2.1", "64:ff9b::c000:201", true),
        ]
    )
    func contains(range: String, host: String, expected: Bool) throws {
        #expect(try #require(SIPAddressRange(range)).contains(host) == expected)
    }

    @Test(
        "What is no address and no prefix is refused",
        arguments: [
            "", "/", "/24", "192.0.2", "192.0.2.", "192.0.2.1.1", "192.0.2.256", "192.0.2.-1", "192.0.2.+1",
            "192.0.2.01", "192.0.2.1/33", "192.0.2.1/-1", "192.0.2.1/+8", "192.0.2.1/", "192.0.2.1/8/8", "192.0.2.1/ 8",
            "sip.example.com", "2001:db8", ":", ":1", "1:", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
            "1:2:3:4:5:6:7:8::", "::1/129", "::12345", "::g", "::+1", "fe80::1%eth0", "[::1]", "::192.0.2",
            "192.0.2.1::", "1:192.0.2.1:2::", "::1/99999999999999999999",
        ]
    )
    func nonsense(text: String) {
        #expect(SIPAddressRange(text) == nil)
    }

    @Test("A host that is no address lies in no range")
    func hosts() throws {
        let everything = try #require(SIPAddressRange("0.0.0.0/0"))
        for host in ["", "carrier.example", "1.2.3", "::1", "1.2.3.4:5060"] { #expect(!everything.contains(host)) }
    }
}
