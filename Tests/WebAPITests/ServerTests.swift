import Foundation
import HTTPTypes
import HummingbirdTesting
import JWTKit
import Kernel
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing
import WebAPI

@Suite("The server on a socket")
struct ServerTests {
    private func server(
        port: Int,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws -> WebServer {
        let harness = try await Harness()
        let north = try #require(SiteID("north"))
        let configuration = WebServerConfiguration(
            host: "127.0.0.1",
            port: port,
            site: north,
            incarnation: 1,
            tokenKeyPEM: harness.northKey.pemRepresentation
        )
        return try await WebServer(
            configuration,
            gateway: harness.gateway,
            logger: QuietLog.logger,
            onListening: onListening
        )
    }

    @Test("A port in use is said in plain words")
    func portInUse() async throws {
        let taken = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(taken.localAddress?.port)
        await #expect(throws: WebServerError.portInUse(host: "127.0.0.1", port: port)) {
            try await server(port: port).run()
        }
        try await taken.close()
    }

    @Test("A key that is none is said at the start")
    func badKey() async throws {
        let harness = try await Harness()
        let north = try #require(SiteID("north"))
        let configuration = WebServerConfiguration(
            host: "127.0.0.1",
            port: 0,
            site: north,
            incarnation: 1,
            tokenKeyPEM: "no key"
        )
        await #expect(throws: WebServerError.badTokenKey) {
            _ = try await WebServer(configuration, gateway: harness.gateway, logger: QuietLog.logger)
        }
    }

    @Test("An open event stream ends when the server stops, and does not hold it up", .timeLimit(.minutes(2)))
    func gracefulStop() async throws {
        let harness = try await Harness()
        let token = try await harness.token("anna", agent: "anna")
        let listener = try await harness.server.testedApplication(runsHub: true).test(.live) { client in
            let listener = EventListener()
            let head = "GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n\r\n"
            try await listener.send(head, port: try #require(client.port))
            try await listener.wait(for: "event: wall")
            return listener
        }
        // The server has stopped; what it sent last must say so.
        try await listener.wait(for: #"{"reason":"stopping"}"#)
    }

    @Test(
        "Noise instead of HTTP gets a 400 or a closed connection, and the next client is served",
        .timeLimit(.minutes(2)),
        arguments: [
            "NOISE\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}",
            "POST /api/v1/session HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "a", count: Limits.headerBytesMax + 1_000))\r\n\r\n",
        ]
    )
    func noise(bytes: String) async throws {
        try await Harness().server.testedApplication(runsHub: false).test(.live) { client in
            let listener = EventListener()
            try await listener.send(bytes, port: try #require(client.port))
            let answer = await listener.untilClosed()
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"), "\(answer)")
            let reply = try await client.execute(uri: "/healthz", method: .get)
            #expect(reply.status == .ok)
        }
    }
}

/// A client with a socket of its own.
private final class EventListener: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private struct State {
        var text = ""
        var isClosed = false
        var waiter: (text: String, continuation: CheckedContinuation<Bool, Never>)?
    }

    private let state = Mutex(State())

    func send(_ bytes: String, port: Int) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { $0.pipeline.addHandler(self) }
            .connect(host: "127.0.0.1", port: port).get()
        try await channel.writeAndFlush(ByteBuffer(string: bytes)).get()
    }

    func wait(for text: String) async throws {
        let isThere = await withCheckedContinuation { continuation in
            state.withLock { $0.waiter = (text, continuation) }
            look()
        }
        try #require(isThere, "\(text) never came")
    }

    /// Everything that came until the server closed the connection.
    func untilClosed() async -> String {
        _ = await withCheckedContinuation { continuation in
            state.withLock { $0.waiter = ("\u{0}", continuation) }
            look()
        }
        return state.withLock { $0.text }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let text = String(buffer: unwrapInboundIn(data))
        state.withLock { $0.text += text }
        look()
    }

    func channelInactive(context: ChannelHandlerContext) {
        state.withLock { $0.isClosed = true }
        look()
    }

    private func look() {
        let done: (CheckedContinuation<Bool, Never>, Bool)? = state.withLock { state in
            guard let waiter = state.waiter else { return nil }
            let isThere = state.text.contains(waiter.text)
            guard isThere || state.isClosed else { return nil }
            state.waiter = nil
            return (waiter.continuation, isThere)
        }
        done.map { $0.0.resume(returning: $0.1) }
    }
}
