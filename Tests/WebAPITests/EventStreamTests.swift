import ContactCenter
import HTTPTypes
import Kernel
import Synchronization
import Testing
import WebAPI

@Suite("The event stream")
struct EventStreamTests {
    /// Opens a stream, runs the steps while it is open, ends it and returns all that it carried.
    private func stream(
        _ site: Site,
        as login: String = "anna",
        headers: HTTPFields = [:],
        _ steps: @Sendable (LiveHub) async throws -> Void
    ) async throws -> Reply {
        let hub = site.harness.server.live
        let before = hub.streams
        async let reply = site.ask(.get, "/api/v1/events", as: login, headers: headers)
        try await eventually("the stream opens") { hub.streams == before + 1 }
        try await steps(hub)
        hub.stop()
        return try await reply
    }

    @Test("The first event is the whole wall, then the desk; the stream's header fields keep it flowing")
    func firstEvents() async throws {
        try await Harness().run { (site) async throws in
            let reply = try await stream(site) { hub in
                await hub.sendDesks()
                #expect(await hub.sendWall())
            }
            #expect(reply.status == 200)
            #expect(reply.headers[.contentType] == "text/event-stream; charset=utf-8")
            #expect(reply.headers[.cacheControl] == "no-store")
            #expect(reply.events.map(\.name) == ["wall", "desk", "end"])
            #expect(reply.events[0].data.contains(#""servedBy":"north""#))
            #expect(reply.events[1].data.contains(#""breakReasons":["break","lunch","#))
            #expect(reply.events[2].data == #"{"reason":"stopping"}"#)
            #expect(reply.events.allSatisfy { $0.id.hasPrefix("7-") })
            #expect(Set(reply.events.map(\.id)).count == 3)
        }
    }

    @Test("A session without an agent gets walls and notices, and no desk")
    func supervisor() async throws {
        try await Harness().run { (site) async throws in
            let reply = try await stream(site, as: "susan") { hub in
                _ = await hub.sendWall()
                hub.notify(NoticeResource(level: .warning, text: "East is\nsilent."))
                hub.notify(NoticeResource(level: .info, text: "for Anna only"), agent: AgentID("anna"))
                hub.deskChanged(AgentID("anna"))
                await hub.sendDesks()
            }
            #expect(reply.events.map(\.name) == ["wall", "notice", "end"])
            #expect(reply.events[1].data == #"{"level":"warning","text":"East is\nsilent."}"#)
            #expect(site.harness.gateway.state.withLock { $0.deskReads } == 0)
        }
    }

    @Test("A silent stream carries a comment each fifteen seconds")
    func keepAlive() async throws {
        try await Harness().run { (site) async throws in
            let reply = try await stream(site, as: "susan") { hub in
                _ = await hub.sendWall()
                site.harness.clock.advance(Limits.keepAliveSpan)
                hub.tick()
            }
            #expect(reply.text.contains("\n\n: keep-alive\n\n"))
        }
    }

    @Test("Resuming after any event id brings the present state at once")
    func resume() async throws {
        try await Harness().run { (site) async throws in
            let name = try #require(HTTPField.Name("Last-Event-ID"))
            for id in ["7-1", "6-999", "noise"] {
                let harness = try await Harness()
                try await harness.run { (site) async throws in
                    let reply = try await stream(site, headers: [name: id]) { hub in
                        _ = await hub.sendWall()
                        await hub.sendDesks()
                    }
                    #expect(reply.events.map(\.name) == ["wall", "desk", "end"])
                }
            }
            _ = site
        }
    }

    @Test("The stream ends when its token ends")
    func expiry() async throws {
        try await Harness().run { (site) async throws in
            let hub = site.harness.server.live
            async let reply = site.ask(.get, "/api/v1/events")
            try await eventually("the stream opens") { hub.streams == 1 }
            _ = await hub.sendWall()
            site.harness.clock.advance(.seconds(3_600))
            hub.tick()
            #expect(try await reply.events.last?.data == #"{"reason":"expired"}"#)
            #expect(hub.streams == 0)
        }
    }

    @Test("An account has a bound on its streams, and closing them makes room")
    func bound() async throws {
        try await Harness().run { (site) async throws in
            let hub = site.harness.server.live
            try await withThrowingTaskGroup { group in
                for number in 1...Limits.eventStreamsPerAccount {
                    group.addTask { _ = try await site.ask(.get, "/api/v1/events") }
                    try await eventually("stream \(number) opens") { hub.streams == number }
                }
                let refused = try await site.ask(.get, "/api/v1/events")
                #expect(refused.status == 429)
                #expect(refused.problem == "too-many")
                hub.stop()
                try await group.waitForAll()
            }
            #expect(hub.streams == 0)
            #expect(try await site.ask(.get, "/api/v1/events").status == 503)
        }
    }
}

extension Reply {
    struct Event {
        var id = ""
        var name = ""
        var data = ""
    }

    /// The events of a stream.
    var events: [Event] {
        text.split(separator: "\n\n").compactMap { block in
            var event = Event()
            for line in block.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
                let value = parts.count > 1 ? String(parts[1].dropFirst()) : ""
                switch parts[0] {
                case "id": event.id = value
                case "event": event.name = value
                case "data": event.data = value
                default: continue
                }
            }
            return event.name.isEmpty ? nil : event
        }
    }
}
