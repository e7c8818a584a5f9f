/// How a party's voice is coded: one of the two laws of ITU-T G.711, 8,000 samples a second and a byte for each.
package enum VoiceLaw: UInt8, Hashable, Sendable, CaseIterable {
    /// µ-law: North America and Japan; payload type 0 (RFC 3551).
    case pcmu = 0
    /// A-law: elsewhere; payload type 8 (RFC 3551).
    case pcma = 8

    /// Samples of a packet of 20 ms, the mixer's tick.
    package static let samplesPerTick = 160

    /// The name in a session description.
    package var name: String { self == .pcmu ? "PCMU" : "PCMA" }

    /// The law of this name in a session description.
    package init?(name: String) {
        guard let law = VoiceLaw.allCases.first(where: { $0.name == name }) else { return nil }
        self = law
    }

    /// The byte for silence.
    package var silence: UInt8 { self == .pcmu ? 0xff : 0xd5 }

    /// Linear values of bytes.
    package func decode(_ bytes: ArraySlice<UInt8>) -> [Int16] {
        let table = self == .pcmu ? VoiceLaw.linearOfMu : VoiceLaw.linearOfA
        return bytes.map { table[Int($0)] }
    }

    /// Bytes of linear values.
    package func encode(_ samples: [Int16]) -> [UInt8] {
        let table = self == .pcmu ? VoiceLaw.muOfLinear : VoiceLaw.aOfLinear
        return samples.map { table[Int(UInt16(bitPattern: $0) >> 2)] }
    }

    private static let linearOfMu: [Int16] = (0..<256).map { byte in
        let bits = ~byte & 0xff
        let size = ((bits & 0x0f) << 3 + muBias) << ((bits & 0x70) >> 4) - muBias
        return Int16(clamping: bits & 0x80 != 0 ? -size : size)
    }

    private static let linearOfA: [Int16] = (0..<256).map { byte in
        let bits = byte ^ 0x55
        let segment = (bits & 0x70) >> 4
        let step = (bits & 0x0f) << 4 + 8
        let size = segment == 0 ? step : (step + 0x100) << (segment - 1)
        return Int16(clamping: bits & 0x80 != 0 ? size : -size)
    }

    /// By the upper 14 bits of a sample, which is all that the laws look at.
    private static let muOfLinear: [UInt8] = (0..<16_384).map { index in
        mu(Int(Int16(bitPattern: UInt16(index << 2))))
    }

    private static let aOfLinear: [UInt8] = (0..<16_384).map { index in
        a(Int(Int16(bitPattern: UInt16(index << 2))))
    }

    /// The distance that makes each segment of µ-law twice as long as the one before.
    private static let muBias = 0x84
    private static let muMax = 0x7fff - muBias

    private static func mu(_ sample: Int) -> UInt8 {
        // The low bits that the table dropped would lead towards zero on both sides.
        let size = min(sample < 0 ? -sample - 1 : sample, muMax) + muBias
        let segment = size.bitWidth - size.leadingZeroBitCount - 8
        let bits = segment << 4 | (size >> (segment + 3)) & 0x0f
        return UInt8(truncatingIfNeeded: ~(bits | (sample < 0 ? 0x80 : 0)))
    }

    private static func a(_ sample: Int) -> UInt8 {
        let size = sample < 0 ? -sample - 1 : sample
        let segment = size < 0x100 ? 0 : size.bitWidth - size.leadingZeroBitCount - 8
        let step = segment == 0 ? size >> 4 : (size >> (segment + 3)) & 0x0f
        return UInt8(truncatingIfNeeded: (segment << 4 | step | (sample < 0 ? 0 : 0x80)) ^ 0x55)
    }
}
