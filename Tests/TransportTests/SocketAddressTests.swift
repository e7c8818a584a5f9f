import Testing
import Transport

@Suite("Socket addresses")
struct SocketAddressTests {
    @Test(
        "Numeric addresses are read and written back",
        arguments: [
            ("127.0.0.1", "127.0.0.1:5061"), ("0.0.0.0", "0.0.0.0:5061"), ("::1", "[::1]:5061"),
            ("2001:db8:0:0::7", "[2001:db8::7]:5061"),
        ]
    )
    func roundTrip(host: String, text: String) throws {
        let address = try #require(SocketAddress(host: host, port: 5_061))
        #expect(address.description == text)
        #expect(SocketAddress(host: address.host, port: address.port) == address)
    }

    @Test(
        "Names and broken numbers are not addresses",
        arguments: ["", "localhost", "1.2.3", "1.2.3.256", "::g", "[::1]"]
    )
    func refused(host: String) {
        #expect(SocketAddress(host: host, port: 1) == nil)
    }

    @Test("The loopback address is the one that its text gives")
    func loopback() {
        #expect(SocketAddress.loopback(port: 9) == SocketAddress(host: "127.0.0.1", port: 9))
    }
}
