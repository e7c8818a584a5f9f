import Calls
import Kernel
import Telephony
import Testing
import Transport

@Suite("Media relay's client", .timeLimit(.minutes(1)))
struct MediaRelayTests {
    private static let sdp = Array("v=0\r\no=- 5 1 IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 0\r\n".utf8)

    /// Runs a test with a client whose relays are known to be up.
    private func withBench(
        relays: Int = 1,
        _ body: (LoopBound<RelayBench>, EventLoop, Mailbox<MediaRelayEvent>, Mailbox<Bencode>) async throws -> Void
    ) async throws {
        try await withLoop { loop in
            let events = Mailbox<MediaRelayEvent>(), commands = Mailbox<Bencode>()
            let bench = try await loop.run {
                LoopBound(
                    try RelayBench.make(on: loop, relays: relays, events: events, commands: commands),
                    on: loop
                )
            }
            #expect(try await events.next() == .health(isUp: true))
            try await until(loop) { bench.value.relay.relaysUp == relays }
            try await body(bench, loop, events, commands)
            try await loop.run { bench.value.relay.close() }
        }
    }

    /// Turns of the loop until a condition holds; the suite's time limit ends a wait in vain.
    private func until(_ loop: EventLoop, _ condition: @escaping @Sendable () -> Bool) async throws {
        while try await !loop.run(condition) { await Task.yield() }
    }

    private static func answering(_ command: Bencode, _: Int) -> FakeRelay.Reaction {
        .reply(["sdp": .bytes(sdp)])
    }

    @Test("A lost request is sent again, and garbage, late and doubled replies change nothing")
    func loss() async throws {
        try await withBench { bench, loop, events, commands in
            try await loop.run {
                bench.value.relays[0].react = { _, count in count < 4 ? .drop : .mess(["sdp": .bytes(Self.sdp)]) }
                bench.value.perform(.offer(from: .outer, session: Self.sdp))
            }
            guard case .done(1, .session(let session)) = try await events.next() else {
                Issue.record("The offer failed")
                return
            }
            #expect(String(decoding: session, as: UTF8.self).contains("m=audio 4000 "))
            for _ in 0..<4 { _ = try await commands.next() }
            try await loop.run {
                bench.value.relays[0].react = Self.answering
                bench.value.perform(.answer(from: .inner, session: Self.sdp))
            }
            guard case .done(2, .session) = try await events.next() else {
                Issue.record("The answer failed")
                return
            }
        }
    }

    @Test("A silent relay fails the job, is told as down, and is up again when it answers")
    func silence() async throws {
        try await withBench { bench, loop, events, _ in
            try await loop.run {
                bench.value.relays[0].react = { _, _ in .drop }
                bench.value.relays[0].answersPings = false
                bench.value.perform(.offer(from: .outer, session: Self.sdp))
            }
            var seen = [try await events.next(), try await events.next()]
            seen.sort { "\($0)" < "\($1)" }
            #expect(seen == [.done(1, .failed("the media relay does not answer")), .health(isUp: false)])
            _ = try await loop.run { bench.value.perform(.offer(from: .outer, session: Self.sdp), of: "d") }
            #expect(try await events.next() == .done(2, .failed("no media relay answers")))
            try await loop.run { bench.value.relays[0].answersPings = true }
            #expect(try await events.next() == .health(isUp: true))
        }
    }

    @Test("New sessions go to the relays that answer; each stays where it began")
    func failover() async throws {
        try await withBench(relays: 2) { bench, loop, events, _ in
            try await loop.run {
                for relay in bench.value.relays { relay.react = Self.answering }
                bench.value.perform(.offer(from: .outer, session: Self.sdp), of: "a")
                bench.value.perform(.offer(from: .outer, session: Self.sdp), of: "b")
            }
            _ = (try await events.next(), try await events.next())
            let spread = try await loop.run { bench.value.relays.map(\.heard.count) }
            #expect(spread == [1, 1])
            try await loop.run { bench.value.relays[0].answersPings = false }
            try await until(loop) { bench.value.relay.relaysUp == 1 }
            try await loop.run {
                bench.value.perform(.offer(from: .outer, session: Self.sdp), of: "n")
                bench.value.perform(.answer(from: .inner, session: Self.sdp), of: "a")
                bench.value.perform(.answer(from: .inner, session: Self.sdp), of: "b")
            }
            var results: [UInt64: Bool] = [:]
            while results.count < 3 {
                guard case .done(let number, let result) = try await events.next() else { continue }
                if case .session = result { results[number] = true } else { results[number] = false }
            }
            #expect(results == [3: true, 4: false, 5: true])
            #expect(try await loop.run { bench.value.relays[0].heard.count } == 1)
        }
    }

    @Test("Sessions of a relay that is gone are told of while another one answers")
    func lost() async throws {
        try await withBench(relays: 2) { bench, loop, events, _ in
            try await loop.run {
                for relay in bench.value.relays { relay.react = Self.answering }
                for key in ["a", "b", "c", "d"] {
                    bench.value.perform(.offer(from: .outer, session: Self.sdp), of: key)
                }
            }
            for _ in 0..<4 { _ = try await events.next() }
            try await loop.run { bench.value.relays[1].answersPings = false }
            #expect(try await events.next() == .lost([MediaSession("b"), MediaSession("d")]))
            // With the last one all are.
            try await loop.run { bench.value.relays[0].answersPings = false }
            #expect(try await events.next() == .health(isUp: false))
        }
    }

    @Test("A relay that answers every ping but was started anew is found out by a session that it does not know")
    func forgets() async throws {
        try await withBench { bench, loop, events, _ in
            try await loop.run {
                bench.value.relays[0].react = Self.answering
                for key in ["a", "b", "c"] {
                    bench.value.perform(.offer(from: .outer, session: Self.sdp), of: key)
                }
            }
            for _ in 0..<3 { _ = try await events.next() }
            try await loop.run { bench.value.relays[0].forgotten = ["a", "b", "c"] }
            var lost: Set<MediaSession> = []
            while lost.count < 3 {
                guard case .lost(let sessions) = try await events.next() else { continue }
                #expect(lost.isDisjoint(with: sessions), "told twice")
                lost.formUnion(sessions)
            }
            // The owner ends what is lost; a session that the relay knows stays.
            try await loop.run {
                bench.value.relays[0].forgotten = []
                for key in ["a", "b", "c"] { bench.value.perform(.end, of: key) }
                bench.value.perform(.offer(from: .outer, session: Self.sdp), of: "new")
            }
            try await until(loop) { bench.value.relay.sessionCount == 1 }
            #expect(try await loop.run { bench.value.relay.relaysUp } == 1)
        }
    }

    @Test("Jobs of one session are done in order, and too many are refused")
    func order() async throws {
        try await withBench { bench, loop, events, commands in
            try await loop.run {
                bench.value.relays[0].react = Self.answering
                bench.value.perform(.offer(from: .outer, session: Self.sdp))
                bench.value.perform(.answer(from: .inner, session: Self.sdp))
                bench.value.perform(.mute(.inner, true))
                bench.value.perform(.record)
                bench.value.perform(.pauseRecording)
                bench.value.perform(.endRecording)
                bench.value.perform(.end)
                for _ in 8...40 { bench.value.perform(.mute(.outer, true)) }
            }
            var names: [String] = []
            for _ in 0..<6 { names.append(try await commands.next()["command"]?.asText ?? "") }
            #expect(
                names == ["offer", "answer", "silence media", "start recording", "stop recording", "delete"]
            )
            var results: [UInt64: MediaResult] = [:]
            while results.count < 40 {
                if case .done(let number, let result) = try await events.next() { results[number] = result }
            }
            #expect(results[6] == .recorded(file: "of c") && results[7] == .done)
            #expect(results[40] == .failed("too many jobs wait for this media session"))
            #expect(results[8] == .failed("the media relay has no such session"))
            #expect(try await loop.run { bench.value.relay.sessionCount } == 0)
        }
    }

    @Test("What the relay refuses fails in its words, and a session that never began is forgotten")
    func refusals() async throws {
        try await withBench { bench, loop, events, _ in
            try await loop.run {
                bench.value.relays[0].react = { _, _ in .refuse("Unknown call-id") }
                bench.value.perform(.offer(from: .outer, session: Self.sdp))
                bench.value.perform(.end, of: "never")
                bench.value.perform(.mute(.outer, true), of: "never")
            }
            var results: [UInt64: MediaResult] = [:]
            for _ in 0..<3 {
                if case .done(let number, let result) = try await events.next() { results[number] = result }
            }
            #expect(
                results == [
                    1: .failed("Unknown call-id"), 2: .done, 3: .failed("the media relay has no such session"),
                ]
            )
            #expect(try await loop.run { bench.value.relay.sessionCount } == 0)
        }
    }

    @Test("A pressed key is told once for each report of a live session; anything else is passed over")
    func digits() async throws {
        try await withBench { bench, loop, events, _ in
            try await loop.run {
                bench.value.relays[0].react = Self.answering
                bench.value.perform(.offer(from: .outer, session: Self.sdp))
            }
            _ = try await events.next()
            try await loop.run {
                guard let address = bench.value.relay.digitAddress else { return }
                func report(_ key: String, _ tag: String, _ event: Int) -> String {
                    #"{"callid":"\#(key)","source_tag":"\#(tag)","tags":["inner","outer"],"type":"DTMF","#
                        + #""timestamp":1,"source_ip":"127.0.0.1","event":\#(event),"duration":160,"volume":10}"#
                }
                let relay = bench.value.relays[0]
                for text in [
                    "", "{", "[]", report("other", "outer", 1), report("c", "third", 1), report("c", "outer", 16),
                    report("c", "outer", -1), report("c", "outer", 5), report("c", "inner", 11),
                ] { relay.send(text, to: address) }
            }
            #expect(try await events.next() == .digit(MediaSession("c"), .outer, "5"))
            #expect(try await events.next() == .digit(MediaSession("c"), .inner, "#"))
        }
    }

    @Test("Towards one side the session keeps its number, whoever is behind the relay")
    func origin() async throws {
        try await withBench { bench, loop, events, _ in
            try await loop.run {
                bench.value.relays[0].react = { _, count in
                    .reply(["sdp": .text("v=0\r\no=x \(count) \(count) IN IP4 192.0.2.1\r\ns=-\r\n")])
                }
                bench.value.perform(.offer(from: .outer, session: Self.sdp))
                bench.value.perform(.answer(from: .inner, session: Self.sdp))
                bench.value.perform(.answer(from: .inner, session: Self.sdp))
            }
            var origins: [[Substring]] = []
            for _ in 0..<3 {
                guard case .done(_, .session(let session)) = try await events.next() else { continue }
                origins.append(
                    String(decoding: session, as: UTF8.self).split(separator: "\r\n")[1].split(separator: " ")
                )
            }
            try #require(origins.count == 3)
            #expect(origins[0][1] != origins[1][1] && origins[1][1] == origins[2][1])
            #expect(origins.map { String($0[2]) } == ["1", "2", "3"])
        }
    }

    @Test("Without a relay every job fails at once")
    func none() async throws {
        try await withLoop { loop in
            let events = Mailbox<MediaRelayEvent>()
            let bench = try await loop.run {
                LoopBound(try RelayBench.make(on: loop, relays: 0, events: events, commands: Mailbox()), on: loop)
            }
            _ = try await loop.run { bench.value.perform(.offer(from: .outer, session: Self.sdp)) }
            #expect(try await events.next() == .done(1, .failed("no media relay is configured")))
            try await loop.run { bench.value.relay.close() }
        }
    }
}
