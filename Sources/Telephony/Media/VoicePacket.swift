/// A packet of G.711 (RFC 3550, RFC 3551) as linear sound.
struct VoicePacket {
    /// Names the stream that it belongs to.
    var source: UInt32
    /// Where it belongs in its stream, in samples.
    var timestamp: UInt32
    /// Its sound, 8,000 samples a second.
    var samples: [Int16]

    /// Reads a packet; nil for keys, other codecs, RTCP and everything else.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > 12, bytes[0] >> 6 == 2 else { return nil }
        let table: [Int16]
        switch bytes[1] & 0x7f {
        case 0: table = Self.muLaw
        case 8: table = Self.aLaw
        default: return nil
        }
        var start = 12 + Int(bytes[0] & 0x0f) * 4
        var end = bytes.count
        if bytes[0] & 0x10 != 0 {
            guard start + 4 <= end else { return nil }
            start += 4 + (Int(bytes[start + 2]) << 8 | Int(bytes[start + 3])) * 4
        }
        if bytes[0] & 0x20 != 0 { end -= Int(bytes[end - 1]) }
        guard start < end else { return nil }
        timestamp = bytes[4..<8].reduce(0) { $0 << 8 | UInt32($1) }
        source = bytes[8..<12].reduce(0) { $0 << 8 | UInt32($1) }
        samples = bytes[start..<end].map { table[Int($0)] }
    }

    /// Linear values of µ-law bytes (ITU-T G.711).
    static let muLaw: [Int16] = (0..<256).map { byte in
        let bits = ~byte & 0xff
        let size = ((bits & 0x0f) << 3 + 0x84) << ((bits & 0x70) >> 4) - 0x84
        return Int16(clamping: bits & 0x80 != 0 ? -size : size)
    }

    /// Linear values of A-law bytes (ITU-T G.711).
    static let aLaw: [Int16] = (0..<256).map { byte in
        let bits = byte ^ 0x55
        let exponent = (bits & 0x70) >> 4
        let step = (bits & 0x0f) << 4
        let size = exponent == 0 ? step + 8 : (step + 0x108) << (exponent - 1)
        return Int16(clamping: bits & 0x80 != 0 ? size : -size)
    }
}
