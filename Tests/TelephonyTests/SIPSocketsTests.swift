import Kernel
import SIP
import Telephony
import Testing
import Transport

@Suite("SIP sockets", .timeLimit(.minutes(1)))
struct SIPSocketsTests {
    @Test("A datagram becomes a packet with both addresses, and an answer goes back to where it came from")
    func datagrams() async throws {
        try await withPair { a, b in
            try await a.send(.udp, to: b.address, Array("OPTIONS".utf8))
            let packet = try await b.nextPacket()
            #expect(packet.transport == .udp && packet.flow == nil)
            #expect(packet.remote == a.address && packet.local == b.address)
            #expect(packet.bytes == Array("OPTIONS".utf8))
            try await b.send(.udp, to: packet.remote, [1, 2])
            #expect(try await a.nextPacket().bytes == [1, 2])
        }
    }

    @Test("A packet without a connection makes one, the next uses it, and answers go by its number")
    func connections() async throws {
        try await withPair { a, b in
            try await a.send(.tcp, to: b.address, [1])
            try await a.send(.tcp, to: b.address, [2])
            var bytes: [UInt8] = []
            var flow: UInt64?
            while bytes.count < 2 {
                let packet = try await b.nextPacket()
                #expect(packet.transport == .tcp && packet.local == b.address)
                flow = packet.flow
                bytes += packet.bytes
            }
            #expect(bytes == [1, 2])
            try await b.send(.tcp, to: SIPAddress(host: "192.0.2.1", port: 9), [3], flow: flow)
            #expect(try await a.nextPacket().bytes == [3])
            let counts = (try await a.run { $0.flowCount }, try await b.run { $0.flowCount })
            #expect(counts == (1, 1))
        }
    }

    @Test("The end of a connection is told at both ends, and what it can no longer carry is told too")
    func flowCloses() async throws {
        try await withPair { a, b in
            try await a.send(.tcp, to: b.address, [1])
            let flow = try #require(try await b.nextPacket().flow)
            try await a.run { $0.close() }
            #expect(try await b.events.next() == .flowClosed(flow))
            try await b.send(.tcp, to: a.address, [2], flow: flow)
            guard case .notSent(let packet, let reason) = try await b.events.next() else {
                Issue.record("The packet was sent")
                return
            }
            #expect(packet.bytes == [2] && reason.contains("is closed"))
        }
    }

    @Test("A connection that cannot be made reports each packet that waited for it")
    func refused() async throws {
        try await withPair { a, b in
            try await b.run { $0.close() }
            try await a.run { sockets in
                for number in [1, 2] as [UInt8] {
                    sockets.send(SIPPacket(transport: .tcp, remote: b.address, bytes: [number]))
                }
            }
            for number in [1, 2] as [UInt8] {
                guard case .notSent(let packet, let reason) = try await a.events.next() else {
                    Issue.record("The packet was sent")
                    return
                }
                #expect(packet.bytes == [number] && reason.contains("Nobody listens"))
            }
        }
    }

    @Test("Packets that wait for a connection are bounded")
    func waitingIsBounded() async throws {
        try await withPair { a, b in
            try await a.run { sockets in
                for _ in 0..<(Limits.sipPacketsAwaitingFlowMax + 1) {
                    sockets.send(SIPPacket(transport: .tcp, remote: b.address, bytes: [1]))
                }
            }
            guard case .notSent(_, let reason) = try await a.events.next() else {
                Issue.record("All packets were taken")
                return
            }
            #expect(reason == "Too many packets wait.")
        }
    }

    @Test("Silent connections are closed, those in use are not")
    func idle() async throws {
        try await withPair(silentTimeout: .milliseconds(30)) { a, b in
            try await a.send(.tcp, to: b.address, [1])
            let used = try #require(try await b.nextPacket().flow)
            // This end has heard nothing on the connection that it made, so it is the one that closes.
            #expect(try await b.events.next() == .flowClosed(used))
            guard case .flowClosed = try await a.events.next() else {
                Issue.record("The connection is open")
                return
            }
        }
        try await withPair(idleTimeout: .milliseconds(30)) { a, b in
            try await a.send(.tcp, to: b.address, [1])
            let flow = try #require(try await b.nextPacket().flow)
            #expect(try await b.events.next() == .flowClosed(flow))
        }
    }

    @Test("A phone that reads nothing is dropped before it costs memory")
    func slowReader() async throws {
        try await withPair { a, _ in
            let reader = Mailbox<LoopBound<TCPConnection>>()
            let loop = a.loop
            let port = try await loop.run {
                try TCPListener.listen(on: loop, at: .loopback(port: 0)) { reader.put(LoopBound($0, on: loop)) }
                    .localAddress.port
            }
            let remote = SIPAddress(host: "127.0.0.1", port: port)
            try await a.send(.tcp, to: remote, [1])
            _ = try await reader.next()
            let message = [UInt8](repeating: 65, count: 50_000)
            while a.events.count == 0 { try await a.send(.tcp, to: remote, message) }
            guard case .notSent(_, let reason) = try await a.events.next() else {
                Issue.record("All packets were taken")
                return
            }
            #expect(reason.contains("reads nothing"))
        }
    }

    @Test(
        "A packet that no socket can carry is told",
        arguments: [
            (SIPTransport.udp, "phone.example", "no numeric address"), (.tcp, "phone.example", "no numeric address"),
            (.tls, "127.0.0.1", "not configured"),
        ]
    )
    func unsendable(transport: SIPTransport, host: String, words: String) async throws {
        try await withPair { a, _ in
            try await a.send(transport, to: SIPAddress(host: host, port: 5_060), [1])
            guard case .notSent(_, let reason) = try await a.events.next() else {
                Issue.record("The packet was sent")
                return
            }
            #expect(reason.contains(words))
        }
    }

    @Test("A port in use is named")
    func portInUse() async throws {
        try await withPair { a, _ in
            let loop = a.loop
            let port = a.address.port
            let error = await transportError {
                try await loop.run { _ = try SIPSockets.open(at: .loopback(port: port), on: loop) { _ in } }
            }
            #expect(error?.code == .addressInUse)
            #expect(error?.message.contains("port \(port) on 127.0.0.1 is in use") == true)
        }
    }

    private func withPair(
        idleTimeout: Span = Limits.sipFlowIdleTimeout,
        silentTimeout: Span = Limits.sipFlowSilentTimeout,
        _ body: (TestSockets, TestSockets) async throws -> Void
    ) async throws {
        try await withLoop { loop in
            var times = SIPSockets.Times()
            times.idle = idleTimeout
            times.silent = silentTimeout
            let a = try await TestSockets(loop, times: times)
            times.silent = .minutes(1)
            let b = try await TestSockets(loop, times: times)
            try await body(a, b)
        }
    }
}
