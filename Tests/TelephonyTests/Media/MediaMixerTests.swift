import Calls
import Kernel
import Mixer
import Telephony
import Testing
import Transport

@Suite("Mixing", .timeLimit(.minutes(1)))
struct MediaMixerTests {
    private static func settings(_ mixer: SocketAddress?) -> MediaRelay.Settings {
        MediaRelay.Settings(
            relays: [],
            digits: nil,
            mixer: mixer,
            sounds: SoundFolder("/nonexistent"),
            retryInterval: .milliseconds(15),
            triesMax: 5,
            pingInterval: .milliseconds(20)
        )
    }

    private static func sdp(_ lines: String...) -> [UInt8] {
        Array((["v=0", "o=- 5 1 IN IP4 127.0.0.1", "c=IN IP4 127.0.0.1"] + lines).joined(separator: "\r\n").utf8)
    }

    /// Does the jobs one after the other and tells what became of each.
    private static func results(
        of requests: [MediaRequest],
        at relay: LoopBound<MediaRelay>,
        _ loop: EventLoop,
        _ events: Mailbox<MediaRelayEvent>
    ) async throws -> [MediaResult] {
        try await loop.run {
            for (index, request) in requests.enumerated() {
                relay.value.perform(MediaJob(number: UInt64(index), session: MediaSession("c/mix"), request: request))
            }
        }
        var results: [MediaResult] = []
        while results.count < requests.count {
            guard case .done(let number, let result) = try await events.next() else { continue }
            #expect(number == results.count)
            results.append(result)
        }
        return results
    }

    @Test("A room is opened, filled, ended; its parties get a session with a port that stays theirs")
    func room() async throws {
        try await withLoop { loop in
            let events = Mailbox<MediaRelayEvent>()
            let (server, relay) = try await loop.run {
                let settings = MixerSettings(
                    control: .loopback(port: 0),
                    media: .loopback(port: 0),
                    ports: 31_200...31_299
                )
                let server = try MixerServer.open(settings, on: loop, random: SeededRandom(seed: 3))
                let relay = try MediaRelay.open(
                    Self.settings(server.controlAddress),
                    on: loop,
                    archive: { _, _, done in done(.done) },
                    events: { events.put($0) }
                )
                return (LoopBound(server, on: loop), LoopBound(relay, on: loop))
            }
            while try await !loop.run({ relay.value.isMixerUp }) { await Task.yield() }
            let phone = Self.sdp("m=audio 4000 RTP/AVP 0 8 96", "a=rtpmap:96 telephone-event/8000")
            let video = Self.sdp("m=video 4000 RTP/AVP 31")
            let done = try await Self.results(
                of: [
                    .mixOpen(party: "a"), .mixOpen(party: "a"), .mixTake(party: "a", session: phone),
                    .mixTake(party: "a", session: video), .mixTake(party: "b", session: phone),
                    .mixHearing([MixHearing(party: "a", hears: ["b"])]), .mixClose(party: "b"),
                ],
                at: relay,
                loop,
                events
            )
            guard case .session(let own) = done[0] else {
                Issue.record("No session: \(done[0])")
                return
            }
            #expect(String(decoding: own, as: UTF8.self).contains("m=audio 31200 RTP/AVP 8 0 101\r\n"))
            #expect(done[1] == done[0] && done[2] == .done)
            #expect(done[3] == .failed("the party's session has no G.711 voice that can be mixed"))
            #expect(done[4] == .failed("the room has no such party"))
            #expect(done[5] == .done && done[6] == .done)
            #expect(try await loop.run { server.value.figures.parties } == 1)
            #expect(try await Self.results(of: [.mixEnd, .mixEnd], at: relay, loop, events) == [.done, .done])
            #expect(try await loop.run { server.value.figures.rooms } == 0)
            try await loop.run { server.value.close() }
            while try await loop.run({ relay.value.isMixerUp }) { await Task.yield() }
            let down = try await Self.results(of: [.mixOpen(party: "a")], at: relay, loop, events)
            #expect(down == [.failed("the mixer does not answer")])
            try await loop.run { relay.value.close() }
        }
    }

    @Test("A mixer that dies is told of, and so is one that was started anew between two pings")
    func restarts() async throws {
        try await withLoop { loop in
            let events = Mailbox<MediaRelayEvent>()
            let control = try await loop.run {
                let socket = try UDPSocket.bind(on: loop, to: .loopback(port: 0)) { _, _ in }
                defer { socket.close() }
                return socket.localAddress
            }
            @Sendable func start(_ seed: UInt64) throws -> LoopBound<MixerServer> {
                let settings = MixerSettings(control: control, media: .loopback(port: 0), ports: 31_300...31_399)
                return LoopBound(try MixerServer.open(settings, on: loop, random: SeededRandom(seed: seed)), on: loop)
            }
            let first = try await loop.run { try start(3) }
            let relay = try await loop.run {
                let relay = try MediaRelay.open(
                    Self.settings(control),
                    on: loop,
                    archive: { _, _, done in done(.done) },
                    events: { events.put($0) }
                )
                return LoopBound(relay, on: loop)
            }
            #expect(try await events.next() == .mixer(isUp: true))
            try await loop.run { first.value.close() }
            // Its port is free a turn of the loop later.
            var second: LoopBound<MixerServer>?
            while second == nil { second = try await loop.run { try? start(4) } }
            #expect(try await events.next() == .mixer(isUp: false))
            #expect(try await events.next() == .mixer(isUp: true))
            let last = try #require(second)
            try await loop.run { last.value.close() }
            #expect(try await events.next() == .mixer(isUp: false))
            try await loop.run { relay.value.close() }
        }
    }

    @Test("Without a mixer every such job fails at once and says why")
    func none() async throws {
        try await withLoop { loop in
            let events = Mailbox<MediaRelayEvent>()
            let relay = try await loop.run {
                let relay = try MediaRelay.open(
                    Self.settings(nil),
                    on: loop,
                    archive: { _, _, done in done(.done) },
                    events: { events.put($0) }
                )
                return LoopBound(relay, on: loop)
            }
            let requests: [MediaRequest] = [
                .mixOpen(party: "a"), .mixTake(party: "a", session: []), .mixHearing([]), .mixClose(party: "a"),
                .mixEnd,
            ]
            let results = try await Self.results(of: requests, at: relay, loop, events)
            #expect(results == requests.map { _ in .failed("no mixer is configured") })
        }
    }
}
