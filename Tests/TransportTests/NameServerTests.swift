import Testing
import Transport

@Suite("Name servers", .timeLimit(.minutes(1)))
struct NameServerTests {
    @Test("Records of each kind come with their time to live, an alias shortens it")
    func kinds() async throws {
        try await withLoop { loop in
            let names = try await TestNameServer.start(
                on: loop,
                [
                    "a.test/1": .records([.address("192.0.2.7"), .address("192.0.2.8")], seconds: 60),
                    "a.test/28": .records([.address("2001:db8::7")], seconds: 61),
                    "_sip._udp.a.test/33": .records(
                        [.service(priority: 10, weight: 5, port: 5_070, host: "b.a.test")],
                        seconds: 62
                    ),
                    "c.test/1": .alias(of: "real.c.test", address: "192.0.2.9", seconds: 40),
                ]
            )
            let server = names.server
            let v4 = try await ask(server, "a.test", .v4, on: loop)
            #expect(v4.map(\.content) == [.address("192.0.2.7"), .address("192.0.2.8")])
            #expect(v4.map(\.secondsToLive) == [60, 60])
            #expect(try await ask(server, "a.test", .v6, on: loop).map(\.content) == [.address("2001:db8::7")])
            let service = try await ask(server, "_sip._udp.a.test", .service, on: loop)
            #expect(service.map(\.content) == [.service(priority: 10, weight: 5, port: 5_070, host: "b.a.test")])
            let alias = try await ask(server, "c.test", .v4, on: loop)
            #expect(alias == [DNSRecord(.address("192.0.2.9"), secondsToLive: 40)])
        }
    }

    @Test("Why there is no record is told: no name, no record, no server, nonsense")
    func failures() async throws {
        try await withLoop { loop in
            let names = try await TestNameServer.start(
                on: loop,
                [
                    "empty.test/1": .records([], seconds: 1), "down.test/1": .failed,
                    "odd.test/1": .bytes([0xC0]),
                ]
            )
            let expected: [(String, DNSFailure)] = [
                ("none.test", .noSuchName), ("empty.test", .noRecord), ("down.test", .unavailable),
                ("odd.test", .broken),
            ]
            for (name, failure) in expected {
                await #expect(throws: failure) { _ = try await ask(names.server, name, .v4, on: loop) }
            }
        }
    }

    private func ask(
        _ server: NameServer,
        _ name: String,
        _ kind: DNSRecord.Kind,
        on loop: EventLoop
    ) async throws -> [DNSRecord] {
        try await withCheckedThrowingContinuation { continuation in
            loop.execute {
                LoopWorker.run(on: loop) {
                    Result { () throws(DNSFailure) in try server.ask(name, kind) }
                } completion: { result in
                    continuation.resume(with: result.mapError { $0 as any Error })
                }
            }
        }
    }
}
