import Kernel

/// Finds envelopes in a stream of bytes that comes in pieces of any size.
package struct FrameDecoder: Sendable {
    private var buffer: [UInt8] = []
    /// Where in the buffer the next envelope begins.
    private var start = 0
    private var failure: FrameError?

    /// Starts with nothing received.
    package init() {
    }

    /// Takes the next bytes and returns the envelopes that they complete, in order.
    ///
    /// After an error the stream is of no use any more: the same error is thrown again. Envelopes completed by
    /// the same bytes before the broken one are then not returned: the link is to be closed anyway.
    package mutating func receive(_ bytes: some Sequence<UInt8>) throws(FrameError) -> [FrameEnvelope] {
        if let failure { throw failure }
        buffer.append(contentsOf: bytes)
        var result: [FrameEnvelope] = []
        do throws(FrameError) {
            while let envelope = try next() { result.append(envelope) }
        } catch {
            failure = error
            buffer = []
            throw error
        }
        // Move the rest to the front once per call, not once per frame.
        buffer.removeFirst(start)
        start = 0
        return result
    }

    /// Bytes received of an envelope that is not complete.
    package var pending: Int { buffer.count }

    private mutating func next() throws(FrameError) -> FrameEnvelope? {
        guard buffer.count - start >= 4 else { return nil }
        let length = Int(number(at: start))
        // Judge the length before the rest arrives: nothing makes us keep what we would refuse.
        guard length >= FrameEnvelope.overhead else { throw .tooShort(length) }
        guard length <= Limits.frameBytesMax else { throw .tooLong(length, limit: Limits.frameBytesMax) }
        if buffer.count - start >= 5, buffer[start + 4] != FrameEnvelope.version {
            throw .unknownVersion(buffer[start + 4])
        }
        guard buffer.count - start >= 4 + length else { return nil }
        let end = start + 4 + length
        let said = number(at: end - 4)
        let computed = CRC32C.checksum(buffer[(start + 4)..<(end - 4)])
        guard said == computed else { throw .badChecksum(said: said, computed: computed) }
        guard let trafficClass = TrafficClass(rawValue: buffer[start + 5]) else {
            throw .unknownClass(buffer[start + 5])
        }
        guard buffer[start + 6] == 0, buffer[start + 7] == 0 else { throw .malformed("flags") }
        let body = Array(buffer[(start + 8)..<(end - 4)])
        start = end
        return FrameEnvelope(trafficClass: trafficClass, body: body)
    }

    private func number(at place: Int) -> UInt32 {
        buffer[place..<(place + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
