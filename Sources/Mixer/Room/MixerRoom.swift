package import Kernel
package import Transport

/// Parties, and who hears whom: a value that is given packets and ticks, and says what to send.
package struct MixerRoom: Sendable {
    /// The payload type under which the mixer itself takes keys.
    package static let keysPayloadType: UInt8 = 101

    /// A packet for a party.
    package struct Outgoing: Hashable, Sendable {
        /// For whom; it leaves by that party's port.
        package var party: String
        /// Where it is.
        package var address: SocketAddress
        /// The packet.
        package var bytes: [UInt8]
    }

    private var parties: [MixerParty] = []
    private var random: SeededRandom
    /// When it was last asked to stay, or somebody was heard in it.
    private var lastLife: Instant

    /// Makes an empty room.
    package init(random: SeededRandom, at now: Instant) {
        self.random = random
        lastLife = now
    }

    /// Its parties' names in the order in which they came.
    package var names: [String] { parties.map(\.name) }
    /// Whether no more fit in.
    package var isFull: Bool { parties.count >= Limits.mixerPartiesMax }

    /// Whether it has been without any sign of life for too long.
    package func isIdle(at now: Instant) -> Bool { now - lastLife > Limits.mixerIdleMax }

    /// A node wants it to stay.
    package mutating func keep(at now: Instant) { lastLife = now }

    /// Lets a party in; who is in stays as it is.
    package mutating func open(_ party: String) {
        guard index(of: party) == nil, !isFull else { return }
        parties.append(MixerParty(party, using: &random))
    }

    /// Takes what a party offered or answered; false when it is not in.
    package mutating func take(_ session: MixerSession, of party: String, at now: Instant) -> Bool {
        guard let index = index(of: party) else { return false }
        parties[index].take(session, at: now)
        return true
    }

    /// Sets who hears whom; who is not named hears nobody, and nobody hears itself.
    package mutating func setHearing(_ hearing: [String: [String]]) {
        for index in parties.indices {
            let name = parties[index].name
            parties[index].hears = Set(hearing[name] ?? []).subtracting([name])
        }
    }

    /// Lets a party go.
    package mutating func close(_ party: String) {
        parties.removeAll { $0.name == party }
        for index in parties.indices { parties[index].sender.forget(party) }
    }

    /// Takes a packet that came to a party's port; a pressed key goes on at once to those who hear the party.
    package mutating func receive(
        _ bytes: [UInt8],
        at party: String,
        from sender: SocketAddress,
        at now: Instant
    ) -> [Outgoing] {
        guard let index = index(of: party), let packet = VoiceStreamPacket(bytes),
            parties[index].accepts(sender, at: now)
        else { return [] }
        lastLife = now
        if let law = VoiceLaw(rawValue: packet.payloadType) {
            guard packet.payload.count <= Limits.mixerPacketSamplesMax else { return [] }
            parties[index].voice.put(law.decode(packet.payload), timestamp: packet.timestamp, source: packet.source)
            return []
        }
        let isKey = packet.payloadType == Self.keysPayloadType || packet.payloadType == parties[index].session?.keys
        guard isKey, packet.payload.count == 4, parties[index].isNewKey(packet) else { return [] }
        return passOn(packet, of: party)
    }

    /// 20 ms have passed: each party's next packet, with the sum of those whom it hears.
    package mutating func tick() -> [Outgoing] {
        var said: [(name: String, samples: [Int16])] = []
        for index in parties.indices { said.append((parties[index].name, parties[index].say())) }
        var outgoing: [Outgoing] = []
        for index in parties.indices {
            let name = parties[index].name
            if let law = parties[index].session?.law, let address = parties[index].target {
                let heard = said.filter { parties[index].hears.contains($0.name) }.map(\.samples)
                let bytes = parties[index].sender.voice(Self.sum(heard), law)
                outgoing.append(Outgoing(party: name, address: address, bytes: bytes))
            }
            parties[index].sender.pass(VoiceLaw.samplesPerTick)
        }
        return outgoing
    }

    /// So many ticks were missed: what was said in them is left out, so that nobody is heard later for it.
    package mutating func skip(_ ticks: Int) {
        let samples = min(ticks, .max / VoiceLaw.samplesPerTick) * VoiceLaw.samplesPerTick
        for index in parties.indices {
            parties[index].voice.skip(samples)
            parties[index].sender.pass(samples)
        }
    }

    /// Voices at the same time, cut off where they are too loud together.
    package static func sum(_ voices: [[Int16]]) -> [Int16] {
        guard var loud = voices.first.map({ $0.map { Int32($0) } }) else {
            return [Int16](repeating: 0, count: VoiceLaw.samplesPerTick)
        }
        for voice in voices.dropFirst() {
            for index in 0..<min(loud.count, voice.count) { loud[index] += Int32(voice[index]) }
        }
        return loud.map { Int16(clamping: $0) }
    }

    private mutating func passOn(_ packet: VoiceStreamPacket, of party: String) -> [Outgoing] {
        var outgoing: [Outgoing] = []
        for index in parties.indices where parties[index].hears.contains(party) {
            guard let type = parties[index].session?.keys, let address = parties[index].target else { continue }
            let bytes = parties[index].sender.key(packet, of: party, payloadType: type)
            outgoing.append(Outgoing(party: parties[index].name, address: address, bytes: bytes))
        }
        return outgoing
    }

    private func index(of party: String) -> Int? { parties.firstIndex { $0.name == party } }
}
