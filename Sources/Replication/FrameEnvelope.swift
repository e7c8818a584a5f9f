/// The bytes around a frame's body on a link: `u32 length | u8 version | u8 class | u16 flags | body | crc32c`.
///
/// Numbers are big-endian; the length counts what follows it; the checksum covers everything between the two.
package struct FrameEnvelope: Hashable, Sendable {
    /// How urgent the frame is.
    package var trafficClass: TrafficClass
    /// The encoded frame (`FrameCodec`).
    package var body: [UInt8]

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
        []
    }
}

/// Finds envelopes in a stream of bytes that comes in pieces of any size.
package struct FrameDecoder: Sendable {
    /// Starts with nothing received.
    package init() {
    }

    /// Takes the next bytes and returns the envelopes that they complete, in order.
    ///
    /// After an error the stream is of no use any more: the same error is thrown again.
    package mutating func receive(_ bytes: some Sequence<UInt8>) throws(FrameError) -> [FrameEnvelope] {
        []
    }
}
