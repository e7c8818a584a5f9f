/// The bytes around a frame's body on a link: `u32 length | u8 version | u8 class | u16 flags | body | crc32c`.
///
/// Numbers are big-endian; the length counts what follows it; the checksum covers everything between the two.
/// Flags are for newer nodes (compression, say): a frame with flags that this node does not know is an error.
package struct FrameEnvelope: Hashable, Sendable {
    /// How urgent the frame is.
    package var trafficClass: TrafficClass
    /// The encoded frame (`FrameCodec`).
    package var body: [UInt8]

    /// The only version of the envelope so far.
    package static let version: UInt8 = 1
    /// Bytes that the length field counts beside the body: version, class, flags and checksum.
    package static let overhead = 8

    /// Makes an envelope.
    package init(trafficClass: TrafficClass, body: [UInt8]) {
        self.trafficClass = trafficClass
        self.body = body
    }

    /// Wraps a frame.
    package init(_ frame: Frame) {
        self.init(trafficClass: frame.trafficClass, body: FrameCodec.encode(frame))
    }

    /// The bytes for the link.
    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 + FrameEnvelope.overhead + body.count)
        FrameEnvelope.append(UInt32(clamping: FrameEnvelope.overhead + body.count), to: &bytes)
        bytes.append(FrameEnvelope.version)
        bytes.append(trafficClass.rawValue)
        bytes += [0, 0]
        bytes += body
        FrameEnvelope.append(CRC32C.checksum(bytes[4...]), to: &bytes)
        return bytes
    }

    private static func append(_ number: UInt32, to bytes: inout [UInt8]) {
        for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
}
