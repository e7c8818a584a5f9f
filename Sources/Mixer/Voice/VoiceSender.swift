/// Numbers what one party is sent: one stream of its own, whoever is heard in it.
package struct VoiceSender: Sendable {
    private let source: UInt32
    private var sequence: UInt16
    private var timestamp: UInt32
    private var isFirst = true
    /// Keys being passed on, by who pressed them: where they began in their stream and in this one.
    private var keys: [String: (theirs: UInt32, ours: UInt32)] = [:]

    /// Makes one whose first numbers are drawn.
    package init(using random: inout some RandomNumberGenerator) {
        source = UInt32.random(in: .min ... .max, using: &random)
        sequence = UInt16.random(in: .min ... .max, using: &random)
        timestamp = UInt32.random(in: .min ... .max, using: &random)
    }

    /// The packet for a tick in which these are heard.
    package mutating func voice(_ samples: [Int16], _ law: VoiceLaw) -> [UInt8] {
        defer { isFirst = false }
        return packet(law.rawValue, isMarked: isFirst, timestamp, law.encode(samples)[...])
    }

    /// Time that passes, whether or not anything was sent.
    package mutating func pass(_ samples: Int) { timestamp &+= UInt32(truncatingIfNeeded: samples) }

    /// A packet of a key (RFC 4733) that `party` pressed, as one of this stream.
    ///
    /// All packets of one key carry the time at which it began.
    package mutating func key(_ packet: VoiceStreamPacket, of party: String, payloadType: UInt8) -> [UInt8] {
        let isNew = keys[party]?.theirs != packet.timestamp
        let began = isNew ? timestamp : keys[party]?.ours ?? timestamp
        keys[party] = (packet.timestamp, began)
        return self.packet(payloadType, isMarked: isNew, began, packet.payload)
    }

    /// Forgets a party that left.
    package mutating func forget(_ party: String) { keys[party] = nil }

    private mutating func packet(
        _ type: UInt8,
        isMarked: Bool,
        _ timestamp: UInt32,
        _ payload: ArraySlice<UInt8>
    ) -> [UInt8] {
        sequence &+= 1
        return VoiceStreamPacket(
            payloadType: type,
            isMarked: isMarked,
            sequence: sequence,
            timestamp: timestamp,
            source: source,
            payload: payload
        ).bytes
    }
}
