/// A packet of real-time media (RFC 3550, section 5.1).
package struct VoiceStreamPacket: Hashable, Sendable {
    /// What the payload is; 0 to 127.
    package var payloadType: UInt8
    /// The first of a talk, or of a key.
    package var isMarked: Bool
    /// Counts packets, and wraps.
    package var sequence: UInt16
    /// Counts samples, and wraps.
    package var timestamp: UInt32
    /// Names the stream.
    package var source: UInt32
    /// What it carries.
    package var payload: ArraySlice<UInt8>

    /// Makes a packet.
    package init(
        payloadType: UInt8,
        isMarked: Bool,
        sequence: UInt16,
        timestamp: UInt32,
        source: UInt32,
        payload: ArraySlice<UInt8>
    ) {
        self.payloadType = payloadType
        self.isMarked = isMarked
        self.sequence = sequence
        self.timestamp = timestamp
        self.source = source
        self.payload = payload
    }

    /// Reads a packet; nil for anything else, and for RTCP.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count > 12, bytes[0] >> 6 == 2 else { return nil }
        // Sender and receiver reports on the same port look like payload types 72 to 76 (RFC 5761).
        let type = bytes[1] & 0x7f
        guard !(72...76).contains(type) else { return nil }
        var start = 12 + Int(bytes[0] & 0x0f) * 4
        var end = bytes.count
        if bytes[0] & 0x10 != 0 {
            guard start + 4 <= end else { return nil }
            start += 4 + (Int(bytes[start + 2]) << 8 | Int(bytes[start + 3])) * 4
        }
        if bytes[0] & 0x20 != 0 { end -= Int(bytes[end - 1]) }
        guard start < end else { return nil }
        self.init(
            payloadType: type,
            isMarked: bytes[1] & 0x80 != 0,
            sequence: UInt16(bytes[2]) << 8 | UInt16(bytes[3]),
            timestamp: bytes[4..<8].reduce(0) { $0 << 8 | UInt32($1) },
            source: bytes[8..<12].reduce(0) { $0 << 8 | UInt32($1) },
            payload: bytes[start..<end]
        )
    }

    /// Its bytes.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(12 + payload.count)
        bytes += [0x80, (isMarked ? 0x80 : 0) | payloadType & 0x7f, UInt8(sequence >> 8), UInt8(sequence & 0xff)]
        for word in [timestamp, source] {
            for shift in [UInt32(24), 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        return bytes + payload
    }
}
