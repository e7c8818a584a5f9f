import Kernel
import SIP
import Telephony
import Testing
import Transport

@Suite("Addresses of trunks", .timeLimit(.minutes(1)))
struct SIPTargetWatchTests {
    private typealias Names = [String: TestNameServer.Answer]

    @Test("A numeric address is told at once, with the usual port, and no server is asked")
    func numeric() async throws {
        try await withWatch([target("192.0.2.7"), target("2001:DB8::7", port: 5_070, .tls)], [:]) { watch in
            try await watch.expectAddresses(["192.0.2.7:5060"])
            try await watch.expectAddresses(["[2001:db8::7]:5070"])
            #expect(watch.names.questions.isEmpty)
        }
    }

    @Test(
        "SRV records of the transport are followed in the order of their priorities, A before AAAA",
        arguments: [(SIPTransport.udp, "_sip._udp"), (.tcp, "_sip._tcp"), (.tls, "_sips._tcp")]
    )
    func services(transport: SIPTransport, prefix: String) async throws {
        let names: Names = [
            "\(prefix).carrier.test/33": .records(
                [
                    .service(priority: 20, weight: 0, port: 5_080, host: "b.carrier.test"),
                    .service(priority: 10, weight: 0, port: 5_070, host: "a.carrier.test"),
                ],
                seconds: 300
            ),
            "a.carrier.test/1": .records([.address("192.0.2.1")], seconds: 300),
            "a.carrier.test/28": .records([.address("2001:db8::1")], seconds: 300),
            "b.carrier.test/1": .records([.address("192.0.2.2")], seconds: 300),
        ]
        try await withWatch([target("carrier.test", transport)], names) { watch in
            let expected = ["192.0.2.1:5070", "[2001:db8::1]:5070", "192.0.2.2:5080"]
            try await watch.expectAddresses(expected)
        }
    }

    @Test("Without SRV records the usual port is taken, and with a port none are asked for")
    func noServices() async throws {
        let names: Names = ["proxy.test/1": .records([.address("192.0.2.3")], seconds: 300)]
        try await withWatch([target("proxy.test", .tls)], names) { watch in
            try await watch.expectAddresses(["192.0.2.3:5061"])
            #expect(watch.names.questions.first == "_sips._tcp.proxy.test/33")
        }
        try await withWatch([target("proxy.test", port: 5_090)], names) { watch in
            try await watch.expectAddresses(["192.0.2.3:5090"])
            #expect(!watch.names.questions.contains { $0.hasSuffix("/33") })
        }
    }

    @Test("Only addresses are taken that this site can send to")
    func families() async throws {
        let names: Names = [
            "proxy.test/1": .records([.address("192.0.2.3")], seconds: 300),
            "proxy.test/28": .records([.address("2001:db8::3")], seconds: 300),
        ]
        try await withWatch([target("proxy.test")], names, families: [.v6]) { watch in
            try await watch.expectAddresses(["[2001:db8::3]:5060"])
        }
    }

    @Test("A service that says it is none, a name without addresses and a dead server are told with the reason")
    func failures() async throws {
        let names: Names = [
            "_sip._udp.closed.test/33": .records([.service(priority: 0, weight: 0, port: 0, host: "")], seconds: 300),
            "_sip._udp.down.test/33": .failed,
        ]
        let expected = [
            ("closed.test", "no service"), ("none.test", "no address"), ("down.test", "No name server answers"),
        ]
        for (host, words) in expected {
            try await withWatch([target(host)], names) { watch in
                try await watch.expectLoss(words)
            }
        }
    }

    @Test("A trunk that moves is followed, one that cannot be found keeps its addresses and is told once")
    func changes() async throws {
        let names: Names = ["proxy.test/1": .records([.address("192.0.2.3")], seconds: 0)]
        try await withWatch([target("proxy.test", port: 5_060)], names, life: .milliseconds(5)) { watch in
            try await watch.expectAddresses(["192.0.2.3:5060"])
            watch.names.set("proxy.test/1", .failed)
            try await watch.expectLoss("no name server answers")
            let asked = watch.names.questions.count
            while watch.names.questions.count < asked + 4 { await Task.yield() }
            watch.names.set("proxy.test/1", .records([.address("192.0.2.4")], seconds: 0))
            // What comes next is the new address, not a second complaint and not the old one.
            try await watch.expectAddresses(["192.0.2.4:5060"])
        }
    }

    private func target(_ host: String, port: UInt16? = nil, _ transport: SIPTransport = .udp) -> SIPTarget {
        SIPTarget(trunk: host, host: host, port: port, transport: transport)
    }

    private func withWatch(
        _ targets: [SIPTarget],
        _ names: Names,
        families: Set<SocketAddress.Family> = [.v4, .v6],
        life: Span = .minutes(1),
        _ body: (Watched) async throws -> Void
    ) async throws {
        try await withLoop { loop in
            let watched = Watched(names: try await TestNameServer.start(on: loop, names))
            var locator = SIPLocator(server: watched.names.server, families: families)
            locator.lifeBounds = life...life
            let watch = try await loop.run { [locator] in
                let watch = SIPTargetWatch(
                    targets,
                    by: locator,
                    on: loop,
                    random: SeededRandom(seed: 1),
                    retry: .milliseconds(5)
                ) { watched.news.put($0) }
                watch.start()
                return LoopBound(watch, on: loop)
            }
            try await body(watched)
            try await loop.run { watch.value.close() }
        }
    }
}

/// What a watch told, and the name server that it asked.
private struct Watched: Sendable {
    let names: TestNameServer
    let news = Mailbox<SIPTargetWatch.News>()

    /// Expects addresses to be told next.
    func expectAddresses(_ expected: [String], at location: SourceLocation = #_sourceLocation) async throws {
        let next = try await news.next()
        guard case .found(_, let addresses) = next else {
            Issue.record("\(next)", sourceLocation: location)
            return
        }
        #expect(addresses.map(\.description) == expected, sourceLocation: location)
    }

    /// Expects to be told next that a name is not found, and why.
    func expectLoss(_ words: String, at location: SourceLocation = #_sourceLocation) async throws {
        let next = try await news.next()
        guard case .lost(_, let reason) = next else {
            Issue.record("\(next)", sourceLocation: location)
            return
        }
        #expect(reason.contains(words), sourceLocation: location)
    }
}
