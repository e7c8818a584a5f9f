import Kernel

/// Cuts long messages into parts that leave a link free for calls, and puts them together again.
///
/// A part is `message number | index | count | bytes`; a link keeps order, so parts come one after the other.
package struct TransferParts: Sendable {
    /// A message of which parts are missing.
    private struct Assembly {
        let number: UInt64
        let count: UInt64
        var next: UInt64
        var bytes: [UInt8]
    }

    private var assemblies: [Assembly] = []
    private var nextNumber: UInt64 = 0

    /// Starts with nothing received: one for each life of a link.
    package init() {
    }

    /// The payloads of the frames that carry a message, in order.
    package mutating func cut(_ message: TransferMessage) -> [[UInt8]] {
        let bytes = TransferCodec.encode(message)
        let size = Limits.transferPartBytesMax
        let count = max(1, (bytes.count + size - 1) / size)
        nextNumber += 1
        return (0..<count).map { index in
            let part = bytes[(index * size)..<min((index + 1) * size, bytes.count)]
            var writer = ByteWriter(capacity: part.count + 16)
            writer.number(nextNumber)
            writer.number(index)
            writer.number(count)
            writer.raw(Array(part))
            return writer.bytes
        }
    }

    /// Takes a part and returns the message that it completes.
    ///
    /// Throws `FrameError.malformed` for bytes that mean nothing; a part whose beginning was never seen is dropped.
    package mutating func take(_ payload: [UInt8]) throws(FrameError) -> TransferMessage? {
        var reader = ByteReader(payload)
        let number: UInt64
        let index: UInt64
        let count: UInt64
        do throws(ByteReader.Damaged) {
            number = try reader.number()
            index = try reader.number()
            count = try reader.number()
        } catch {
            throw .malformed("part of a transfer")
        }
        let bytes = payload[reader.position...]
        let most = Limits.transferMessageBytesMax / Limits.transferPartBytesMax + 1
        guard count >= 1, index < count, count <= UInt64(most), bytes.count <= Limits.transferPartBytesMax else {
            throw .malformed("part \(index) of \(count) of a transfer")
        }
        if count == 1 { return try TransferCodec.decode(Array(bytes)) }
        if index == 0 {
            if assemblies.count >= Limits.transferAssembliesMax { assemblies.removeFirst() }
            assemblies.append(Assembly(number: number, count: count, next: 1, bytes: Array(bytes)))
            return nil
        }
        guard let place = assemblies.firstIndex(where: { $0.number == number }) else { return nil }
        guard assemblies[place].count == count, assemblies[place].next == index else {
            assemblies.remove(at: place)
            return nil
        }
        assemblies[place].bytes += bytes
        assemblies[place].next += 1
        guard assemblies[place].next == count else { return nil }
        return try TransferCodec.decode(assemblies.remove(at: place).bytes)
    }
}
