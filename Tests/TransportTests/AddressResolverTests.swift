import Testing
import Transport

@Suite("Name resolution", .timeLimit(.minutes(1)))
struct AddressResolverTests {
    @Test("A name of this machine has its loopback address, with the port asked for")
    func localhost() async throws {
        let addresses = try await resolve("localhost").get()
        #expect(addresses.allSatisfy { $0.port == 7_401 })
        #expect(addresses.contains { $0.host == "127.0.0.1" || $0.host == "::1" })
    }

    @Test("A numeric address needs no look-up")
    func numeric() async throws {
        #expect(try await resolve("192.0.2.7").get() == [SocketAddress(host: "192.0.2.7", port: 7_401)])
    }

    @Test("A name that cannot exist fails and is named")
    func unknown() async throws {
        let error = try await resolve("no such host").failure
        #expect(error?.code == .nameNotFound)
        #expect(error?.message.contains("no such host") == true)
    }

    private func resolve(_ host: String) async throws -> Result<[SocketAddress], TransportError> {
        try await withLoop { loop in
            let answers = Mailbox<Result<[SocketAddress], TransportError>>()
            try await loop.run {
                AddressResolver.resolve(host, port: 7_401, on: loop) { answers.put($0) }
            }
            return try await answers.next()
        }
    }
}
