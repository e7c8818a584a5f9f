/// The checksum of frames: CRC-32C (Castagnoli, the reversed polynomial 0x82F63B78), as in iSCSI, RFC 3720 §12.1.
package struct CRC32C: Sendable {
    private var state: UInt32 = .max

    /// Starts a checksum of no bytes.
    package init() {
    }

    /// The checksum of the bytes taken so far.
    package var value: UInt32 { ~state }

    /// Takes more bytes.
    package mutating func update(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            state = CRC32C.table[Int((state ^ UInt32(byte)) & 0xFF)] ^ (state >> 8)
        }
    }

    /// The checksum of some bytes.
    package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var sum = CRC32C()
        sum.update(bytes)
        return sum.value
    }

    private static let table: [UInt32] = (0..<256).map { index in
        var entry = UInt32(index)
        for _ in 0..<8 {
            entry = entry & 1 == 1 ? entry >> 1 ^ 0x82F6_3B78 : entry >> 1
        }
        return entry
    }
}
