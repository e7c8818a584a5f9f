import Kernel
import Mixer
import Testing
import Transport

/// A mixer over real sockets, with phones that say tones.
@Suite("Mixer over sockets", .serialized, .timeLimit(.minutes(2)))
struct MixerServerTests {
    private typealias Ask = (String, [String: Bencode]) async throws -> Bencode

    private static let tones = ["caller": Tone(pitch: 400), "agent": Tone(pitch: 700), "boss": Tone(pitch: 1_100)]
    private static let parties = ["caller", "agent", "boss"]

    private static func enter(
        _ bench: LoopBound<MixerBench>,
        _ loop: EventLoop,
        _ ask: Ask
    ) async throws -> [String: LoopBound<TestPhone>] {
        var phones: [String: LoopBound<TestPhone>] = [:]
        for (index, party) in parties.enumerated() {
            let law: VoiceLaw = index == 1 ? .pcmu : .pcma
            let tone = try #require(tones[party])
            let phone = try await loop.run { LoopBound(try TestPhone(tone, law, on: loop), on: loop) }
            let opened = try await ask("mix open", ["room": .text("r"), "party": .text(party)])
            let port = try #require(opened["port"]?.asInteger)
            let address = try await loop.run {
                phone.value.mixer = .loopback(port: UInt16(port))
                return phone.value.address
            }
            let fields: [String: Bencode] = [
                "room": .text("r"), "party": .text(party), "address": .text(address.host),
                "port": .integer(Int64(address.port)), "codec": .text(law.name), "keys": .integer(101),
            ]
            #expect(try await ask("mix take", fields)["result"]?.asText == "ok")
            phones[party] = phone
        }
        return phones
    }

    private static func hear(_ hearing: [String: [String]], _ ask: Ask) async throws {
        let fields: [String: Bencode] = ["room": .text("r"), "hearing": .dictionary(hearing.mapValues { .texts($0) })]
        #expect(try await ask("mix hear", fields)["result"]?.asText == "ok")
    }

    @Test("Conference, listening, whispering and barging in: each hears the tones that it should, and no others")
    func modes() async throws {
        let both = ["caller": ["agent"], "agent": ["caller"]]
        let conference = ["caller": ["agent", "boss"], "agent": ["caller", "boss"], "boss": ["agent", "caller"]]
        let modes: [(name: String, hearing: [String: [String]])] = [
            ("conference", conference),
            ("listen", both.merging(["boss": ["agent", "caller"]]) { first, _ in first }),
            ("whisper", ["caller": ["agent"], "agent": ["boss", "caller"], "boss": ["agent", "caller"]]),
            ("barge", conference),
            ("apart", both),
        ]
        try await withMixer { bench, loop, ask in
            let phones = try await Self.enter(bench, loop, ask)
            for mode in modes {
                try await Self.hear(mode.hearing, ask)
                let heard = Mailbox<(party: String, samples: [Int16])>()
                for (party, phone) in phones {
                    try await loop.run {
                        phone.value.listen(skipping: 8, packets: 20) { heard.put((party, $0)) }
                    }
                }
                for _ in phones {
                    let (party, samples) = try await heard.next()
                    for (other, tone) in Self.tones {
                        let isHeard = mode.hearing[party]?.contains(other) ?? false
                        let loudness = tone.loudness(in: samples)
                        #expect(
                            isHeard ? loudness > 0.5 : loudness < 0.1,
                            "\(mode.name): \(party) hears \(other) at \(loudness)"
                        )
                    }
                }
            }
        }
    }

    @Test("A key that the caller presses comes to those who hear the caller")
    func keys() async throws {
        try await withMixer { bench, loop, ask in
            let phones = try await Self.enter(bench, loop, ask)
            try await Self.hear(["agent": ["caller"], "caller": ["agent"]], ask)
            let caller = try #require(phones["caller"]), agent = try #require(phones["agent"])
            let boss = try #require(phones["boss"])
            try await loop.run { caller.value.press(7, payloadType: 101) }
            while try await loop.run({ agent.value.keys.count }) < 4 { await Task.yield() }
            #expect(try await loop.run { agent.value.keys.map(\.first) } == [7, 7, 7, 7])
            #expect(try await loop.run { boss.value.keys.isEmpty })
        }
    }

    @Test("A request that comes again is done once; a party keeps its port; rooms end")
    func requests() async throws {
        let answers = Mailbox<[UInt8]>()
        let loop = try EventLoop(name: "mixer")
        let bench = try await loop.run { LoopBound(try MixerBench(on: loop, answers: answers), on: loop) }
        let open: [String: Bencode] = ["command": .text("mix open"), "room": .text("r"), "party": .text("a")]
        let request = Array("same ".utf8) + Bencode.dictionary(open).encoded
        let close =
            Array("other ".utf8) + Bencode.dictionary(["command": .text("mix end"), "room": .text("r")]).encoded
        try await loop.run {
            bench.value.send([])
            bench.value.send(Array("no bencoding".utf8))
            bench.value.send(Array("cookie d1:".utf8))
            bench.value.send(request)
            bench.value.send(request)
        }
        let first = try await answers.next()
        #expect(try await answers.next() == first)
        #expect(try await loop.run { bench.value.server.figures.parties } == 1)
        try await loop.run {
            bench.value.send(close)
            bench.value.send(request)
        }
        _ = try await answers.next()
        // The room is over; the old request is answered from memory and opens none.
        #expect(try await answers.next() == first)
        #expect(try await loop.run { bench.value.server.figures.rooms } == 0)
        await loop.stop()
    }

    @Test("What cannot be done is refused in words")
    func refusals() async throws {
        let room = Bencode.text("r")
        let session: [String: Bencode] = [
            "room": room, "party": .text("1"), "address": .text("192.0.2.1"), "port": .integer(4_000),
            "codec": .text("PCMA"),
        ]
        func but(_ field: String, _ value: Bencode) -> [String: Bencode] {
            session.merging([field: value]) { $1 }
        }
        let parties = (0..<Limits.mixerPartiesMax).map { Bencode.text("\($0)") }
        var steps: [(command: String, fields: [String: Bencode], reason: String?)] = [
            ("dance", [:], "the mixer knows no such command"),
            ("mix open", ["room": room], "the request names no party"),
            ("mix hear", ["room": room, "hearing": .dictionary([:])], "the mixer has no such room"),
        ]
        steps += parties.map { ("mix open", ["room": room, "party": $0], nil) }
        steps += [
            ("mix open", ["room": room, "party": .text("more")], "the room is full"),
            ("mix take", but("codec", .text("G729")), "the mixer speaks G.711 only"),
            ("mix take", but("party", .text("stranger")), "the room has no such party"),
            ("mix take", but("address", .text("a name")), "the party's address is none"),
            ("mix take", session, nil),
        ]
        steps += parties.map { ("mix close", ["room": room, "party": $0], nil) }
        try await withMixer { _, _, ask in
            for step in steps {
                let answer = try await ask(step.command, step.fields)
                #expect(answer["error-reason"]?.asText == step.reason)
            }
            let rooms = try await ask("ping", [:])["rooms"]?.asInteger
            #expect(rooms == 0)
        }
    }
}
