import ContactCenter
import Kernel
import Logging
import NIOCore
import Synchronization
import Testing
import WebAPI

@Suite("The hub of event streams")
struct LiveHubTests {
    private let clock = TestClock()
    private let gateway: FakeGateway
    private let hub: LiveHub

    init() throws {
        gateway = FakeGateway(clock: clock)
        hub = LiveHub(
            source: gateway,
            incarnation: 1,
            clock: clock.clock,
            logger: QuietLog.logger
        )
    }

    private func client(close: @escaping @Sendable () -> Void = {}) -> LiveClient {
        let session = Session(
            account: AccountID("anna"),
            name: "Anna",
            role: .agent,
            agent: nil,
            sites: [],
            expiresAt: clock.wall + .seconds(3_600)
        )
        return LiveClient(session: session, now: clock.instant, close: close)
    }

    private func text(_ client: LiveClient) async -> String? {
        await client.next(clock: clock.clock).map { String(buffer: $0) }
    }

    @Test("A client that takes nothing for ten seconds is cut off and forgotten")
    func slowClient() async throws {
        let isClosed = Mutex(false)
        _ = hub.add(client { isClosed.withLock { $0 = true } })
        #expect(await hub.sendWall())
        clock.advance(Limits.eventStreamStallSpan)
        hub.tick()
        #expect(hub.streams == 1)
        clock.advance(.milliseconds(1))
        hub.tick()
        #expect(hub.streams == 0)
        #expect(isClosed.withLock { $0 })
    }

    @Test("A client that reads late gets the newest wall once, not all of them")
    func newestOnly() async throws {
        let client = client()
        _ = hub.add(client)
        for _ in 0..<100 {
            hub.wallChanged()
            #expect(await hub.sendWall())
        }
        let taken = try #require(await text(client))
        #expect(taken.components(of: "event: wall") == 1)
        #expect(taken.contains("id: 1-100\n"))
    }

    @Test("Notices beyond the bound push out the oldest")
    func noticeBound() async throws {
        let client = client()
        _ = hub.add(client)
        #expect(await hub.sendWall())
        for number in 0..<(Limits.eventNoticesMax + 8) {
            hub.notify(NoticeResource(level: .info, text: "number \(number)."))
        }
        let taken = try #require(await text(client))
        #expect(taken.components(of: "event: notice") == Limits.eventNoticesMax)
        #expect(!taken.contains("number 7."))
        #expect(taken.contains("number 8."))
    }

    @Test("However often the wall changes, it is read and sent four times a second at most")
    func coalescing() async throws {
        let client = client()
        _ = hub.add(client)
        let running = Task { await hub.run() }
        _ = try #require(await text(client))
        for step in 1...3 {
            try await eventually("the hub rests") { clock.sleepers == 2 }
            for _ in 0..<50 { hub.wallChanged() }
            #expect(gateway.state.withLock { $0.wallReads } == step)
            clock.advance(Limits.wallIntervalSpan)
            _ = try #require(await text(client))
            #expect(gateway.state.withLock { $0.wallReads } == step + 1)
        }
        running.cancel()
        await running.value
    }

    @Test("A wall that cannot be read is tried again a second later")
    func retry() async throws {
        gateway.fail(GatewayError(.unavailable, "starting"))
        let client = client()
        _ = hub.add(client)
        let running = Task { await hub.run() }
        try await eventually("the hub rests") { clock.sleepers == 2 }
        gateway.fail(nil)
        clock.advance(.seconds(1))
        #expect(try #require(await text(client)).contains("event: wall"))
        running.cancel()
        await running.value
    }

    @Test("A wall comes at least each five seconds, so that its ages stay true")
    func refresh() async throws {
        let client = client()
        _ = hub.add(client)
        #expect(await hub.sendWall())
        _ = await text(client)
        clock.advance(Limits.wallRefreshSpan)
        hub.tick()
        #expect(await hub.sendWall())
        #expect(try #require(await text(client)).contains("event: wall"))
    }

    @Test("Without listeners nothing is read")
    func nobodyListens() async throws {
        hub.wallChanged()
        hub.deskChanged(AgentID("anna"))
        #expect(await hub.sendWall())
        await hub.sendDesks()
        hub.tick()
        #expect(gateway.state.withLock { $0.wallReads + $0.deskReads } == 0)
    }

    @Test("A cancelled reader ends at once")
    func cancelled() async throws {
        let client = client()
        let reader = Task { await client.next(clock: clock.clock) }
        reader.cancel()
        #expect(await reader.value == nil)
        #expect(await client.next(clock: clock.clock) == nil)
    }
}

extension String {
    /// How often a text stands in this one.
    fileprivate func components(of part: String) -> Int {
        ranges(of: part).count
    }
}
