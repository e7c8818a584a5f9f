import Kernel
import Mixer
import TestKit
import Testing
import Transport

@Suite("Who hears whom")
struct MixerRoomTests {
    private static let start = Instant(milliseconds: 1_000)

    private static func address(_ party: String) -> SocketAddress {
        .loopback(port: UInt16(4_000 + (party.utf8.first.map { Int($0) } ?? 0)))
    }

    private static func room(_ parties: [String], seed: UInt64 = 1, keys: UInt8? = 101) -> MixerRoom {
        var room = MixerRoom(random: SeededRandom(seed: seed), at: start)
        for (index, party) in parties.enumerated() {
            room.open(party)
            let session = MixerSession(
                address: address(party),
                law: index % 2 == 0 ? .pcma : .pcmu,
                keys: keys,
                isSymmetric: false,
                hears: true
            )
            _ = room.take(session, of: party, at: start)
        }
        return room
    }

    /// What each party hears in the third tick when each says one loudness all the time.
    private static func levels(_ room: inout MixerRoom, saying loudness: [String: Int16]) -> [String: Int] {
        for (party, level) in loudness {
            for index in 0..<3 {
                let packet = VoiceStreamPacket(
                    payloadType: VoiceLaw.pcmu.rawValue,
                    isMarked: index == 0,
                    sequence: UInt16(index),
                    timestamp: UInt32(index * 160),
                    source: 9,
                    payload: VoiceLaw.pcmu.encode([Int16](repeating: level, count: 160))[...]
                )
                let sent = room.receive(packet.bytes, at: party, from: address(party), at: start)
                #expect(sent.isEmpty)
            }
        }
        var heard: [String: Int] = [:]
        for _ in 0..<3 {
            for packet in room.tick() {
                #expect(packet.address == address(packet.party))
                guard let voice = VoiceStreamPacket(packet.bytes), let law = VoiceLaw(rawValue: voice.payloadType)
                else {
                    Issue.record("No voice was sent")
                    continue
                }
                heard[packet.party] = Int(law.decode(voice.payload)[0])
            }
        }
        return heard
    }

    @Test("Each hears the sum of those whom it hears, never itself", arguments: Seeds.first(60))
    func matrix(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let parties = ["a", "b", "c", "d", "e"]
        let loudness = ["a": Int16(200), "b": 420, "c": 900, "d": 1_900, "e": 3_900]
        var room = Self.room(parties, seed: seed)
        var hearing: [String: [String]] = [:]
        for party in parties.dropLast() {
            // It may ask for itself, or for nobody who is there.
            hearing[party] = (parties + ["nobody"]).filter { _ in Bool.random(using: &random) }
        }
        room.setHearing(hearing)
        let heard = Self.levels(&room, saying: loudness)
        for party in parties {
            let law: VoiceLaw = "ace".contains(party) ? .pcma : .pcmu
            let sum = (hearing[party] ?? []).filter { $0 != party }.reduce(Int16(0)) { sum, name in
                sum + VoiceLaw.pcmu.decode(VoiceLaw.pcmu.encode([loudness[name] ?? 0])[...])[0]
            }
            let expected = Int(law.decode(law.encode([sum])[...])[0])
            #expect(heard[party] == expected, "\(party) hears \(hearing[party] ?? [])")
        }
    }

    @Test("A listener is heard by nobody; a whisper only by one")
    func listening() {
        let loudness = ["a": Int16(500), "b": 1_000, "s": 4_000]
        var room = Self.room(["a", "b", "s"])
        room.setHearing(["a": ["b"], "b": ["a"], "s": ["a", "b"]])
        let listened = Self.levels(&room, saying: loudness)
        #expect((900...1_100).contains(listened["a"] ?? 0) && (450...550).contains(listened["b"] ?? 0))
        #expect((1_400...1_600).contains(listened["s"] ?? 0))
        room = Self.room(["a", "b", "s"])
        room.setHearing(["a": ["b"], "b": ["a", "s"], "s": ["a", "b"]])
        let whispered = Self.levels(&room, saying: loudness)
        #expect((900...1_100).contains(whispered["a"] ?? 0) && (4_200...4_800).contains(whispered["b"] ?? 0))
    }

    @Test("Too loud a sum is cut off, not wrapped")
    func clipping() {
        let loud = [Int16](repeating: 30_000, count: 160), low = [Int16](repeating: -30_000, count: 160)
        #expect(MixerRoom.sum([loud, loud, loud]).allSatisfy { $0 == .max })
        #expect(MixerRoom.sum([low, low]).allSatisfy { $0 == .min })
        #expect(MixerRoom.sum([loud, loud, low]).allSatisfy { $0 == 30_000 })
        #expect(MixerRoom.sum([]) == [Int16](repeating: 0, count: 160))
    }

    @Test("One stream of its own: numbers count up, the first packet is marked, and silence is sent")
    func numbers() throws {
        var room = Self.room(["a"])
        var last: VoiceStreamPacket?
        for tick in 0..<5 {
            let sent = room.tick()
            let packet = try #require(sent.first.flatMap { VoiceStreamPacket($0.bytes) })
            #expect(sent.count == 1 && packet.isMarked == (tick == 0))
            #expect(packet.payload.allSatisfy { $0 == VoiceLaw.pcma.silence } && packet.payload.count == 160)
            if let last {
                #expect(packet.sequence == last.sequence &+ 1 && packet.timestamp == last.timestamp &+ 160)
                #expect(packet.source == last.source)
            }
            last = packet
        }
    }

    @Test(
        "Ticks that were missed are left out: what is said afterwards is heard no later than before",
        arguments: [6, 40]
    )
    func missed(ticks: Int) {
        var room = Self.room(["a", "b"])
        room.setHearing(["a": ["b"]])
        var firstLoud: Int?, waiting: [[UInt8]] = []
        for index in 0..<60 {
            let level: Int16 = index < 53 ? 0 : 1_000
            let packet = VoiceStreamPacket(
                payloadType: VoiceLaw.pcmu.rawValue,
                isMarked: false,
                sequence: UInt16(index),
                timestamp: UInt32(index * 160),
                source: 9,
                payload: VoiceLaw.pcmu.encode([Int16](repeating: level, count: 160))[...]
            )
            // The machine stands still while the other goes on speaking: packets wait for it.
            if !(11..<11 + ticks).contains(index) {
                if index == 11 + ticks { room.skip(ticks) }
                if let loud = Self.heard(by: "a", room.tick()), loud > 900, firstLoud == nil { firstLoud = index }
                for bytes in waiting { _ = room.receive(bytes, at: "b", from: Self.address("b"), at: Self.start) }
                waiting = []
                _ = room.receive(packet.bytes, at: "b", from: Self.address("b"), at: Self.start)
            } else {
                waiting.append(packet.bytes)
            }
        }
        // Said in packet 53, which comes after tick 53; heard two ticks after the next.
        #expect(firstLoud == 56)
    }

    private static func heard(by party: String, _ sent: [MixerRoom.Outgoing]) -> Int? {
        sent.first { $0.party == party }.flatMap { VoiceStreamPacket($0.bytes) }.flatMap { packet in
            VoiceLaw(rawValue: packet.payloadType).map { Int($0.decode(packet.payload)[0]) }
        }
    }

    private static func key(_ sequence: UInt16, at timestamp: UInt32, _ payload: [UInt8]) -> [UInt8] {
        VoiceStreamPacket(
            payloadType: 101,
            isMarked: false,
            sequence: sequence,
            timestamp: timestamp,
            source: 3,
            payload: payload[...]
        ).bytes
    }

    @Test("A pressed key goes on to those who hear the party, once, under the time at which it began there")
    func keys() throws {
        var room = Self.room(["a", "b", "c"], keys: 96)
        room.setHearing(["a": ["b"], "b": ["a"], "c": ["b"]])
        var got: [VoiceStreamPacket] = []
        for (sequence, end) in [(UInt16(65_535), false), (0, false), (0, false), (1, true), (65_534, false)] {
            _ = room.tick()
            let bytes = Self.key(sequence, at: 500, [5, end ? 0x8a : 0x0a, 0, 160])
            let sent = room.receive(bytes, at: "a", from: Self.address("a"), at: Self.start)
            #expect(sent.allSatisfy { $0.party == "b" })
            got += sent.compactMap { VoiceStreamPacket($0.bytes) }
        }
        #expect(got.count == 3 && got.allSatisfy { $0.payloadType == 96 && $0.timestamp == got[0].timestamp })
        #expect(got.map(\.isMarked) == [true, false, false])
        #expect(got.map { $0.payload.dropFirst().first } == [0x0a, 0x0a, 0x8a])
    }

    @Test("Packets from strangers are nobody's, and a party on hold is sent nothing")
    func strangers() throws {
        var room = Self.room(["a", "b"])
        room.setHearing(["b": ["a"]])
        let stranger = try #require(SocketAddress(host: "127.0.0.9", port: 4_097))
        let bytes = Self.key(1, at: 0, [5, 0, 0, 1])
        let strange = room.receive(bytes, at: "a", from: stranger, at: Self.start)
        let own = room.receive(bytes, at: "a", from: Self.address("a"), at: Self.start)
        #expect(strange.isEmpty && own.count == 1)
        let held = MixerSession(
            address: Self.address("b"),
            law: .pcma,
            keys: nil,
            isSymmetric: false,
            hears: false
        )
        let isTaken = room.take(held, of: "b", at: Self.start)
        let sent = room.tick()
        #expect(isTaken && sent.map(\.party) == ["a"])
    }

    @Test("A room holds so many and no more, and a party that left is neither heard nor sent to")
    func bounds() {
        var room = Self.room((0..<20).map { "\($0)" })
        #expect(room.names.count == Limits.mixerPartiesMax && room.isFull)
        room.setHearing(["0": ["1"], "1": ["0"]])
        room.close("1")
        let sent = room.tick()
        #expect(room.names.count == Limits.mixerPartiesMax - 1 && !sent.contains { $0.party == "1" })
        #expect(!room.isIdle(at: Self.start + Limits.mixerIdleMax))
        #expect(room.isIdle(at: Self.start + Limits.mixerIdleMax + .milliseconds(1)))
    }

    @Test("No packet breaks a room", arguments: Seeds.first(60))
    func anything(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var room = Self.room(["a", "b"])
        room.setHearing(["a": ["b"], "b": ["a"]])
        for _ in 0..<100 {
            var bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random), bytes.count > 2 {
                bytes[0] = 0x80 | bytes[0] & 0x3f
                bytes[1] = [0, 8, 101, 0x88][Int.random(in: 0..<4, using: &random)]
            }
            _ = room.receive(bytes, at: "a", from: Self.address("a"), at: Self.start)
            let sent = room.tick()
            #expect(sent.count == 2)
        }
    }
}
