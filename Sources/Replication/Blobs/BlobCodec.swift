import Kernel

/// Turns messages about blobs into bytes and back; every number within its bound.
package enum BlobCodec {
    /// The message's bytes.
    package static func encode(_ message: BlobMessage) -> [UInt8] {
        var writer = ByteWriter(capacity: 64)
        switch message {
        case .ask(let blob, let relay):
            writer.head(1, blob)
            writer.number(max(relay, 0))
        case .here(let blob, let size):
            writer.head(2, blob)
            writer.number(max(size, 0))
        case .absent(let blob): writer.head(3, blob)
        case .coming(let blob): writer.head(4, blob)
        case .enough(let blob): writer.head(5, blob)
        case .want(let request, let blob, let offset, let length):
            writer.head(6, blob)
            writer.number(request)
            writer.number(max(offset, 0))
            writer.number(max(length, 0))
        case .part(let request, let offset, let size, let bytes):
            writer.byte(7)
            writer.number(request)
            writer.number(max(offset, 0))
            writer.number(max(size, 0))
            writer.block(bytes)
        case .unavailable(let request):
            writer.byte(8)
            writer.number(request)
        case .unknown: writer.byte(0)
        }
        return writer.bytes
    }

    /// The message of some bytes; throws `FrameError.malformed` when they mean nothing or break a bound.
    package static func decode(_ bytes: [UInt8]) throws(FrameError) -> BlobMessage {
        do throws(ByteReader.Damaged) {
            var reader = ByteReader(bytes)
            guard let message = try message(try reader.byte(), &reader) else { return .unknown }
            guard reader.isAtEnd else { throw ByteReader.Damaged() }
            return message
        } catch {
            throw .malformed("message about a blob, \(bytes.count) bytes")
        }
    }

    private static func message(
        _ kind: UInt8,
        _ reader: inout ByteReader
    ) throws(ByteReader.Damaged) -> BlobMessage? {
        switch kind {
        case 1: return .ask(try reader.blob(), relay: try reader.number(upTo: 255))
        case 2: return .here(try reader.blob(), size: try reader.size())
        case 3: return .absent(try reader.blob())
        case 4: return .coming(try reader.blob())
        case 5: return .enough(try reader.blob())
        case 6:
            let blob = try reader.blob()
            let request = try reader.number()
            let offset = try reader.number(upTo: Limits.blobBytesMax)
            let length = try reader.number(upTo: Limits.blobPartBytesMax)
            guard length > 0 else { throw ByteReader.Damaged() }
            return .want(request, blob, offset: offset, length: length)
        case 7:
            let request = try reader.number()
            let offset = try reader.number(upTo: Limits.blobBytesMax)
            let size = try reader.size()
            let bytes = try reader.block()
            guard (1...Limits.blobPartBytesMax).contains(bytes.count), offset + bytes.count <= size else {
                throw ByteReader.Damaged()
            }
            return .part(request, offset: offset, size: size, bytes)
        case 8: return .unavailable(try reader.number())
        default: return nil
        }
    }
}

extension ByteWriter {
    fileprivate mutating func head(_ kind: UInt8, _ blob: BlobID) {
        byte(kind)
        raw(blob.bytes)
    }
}

extension ByteReader {
    fileprivate mutating func blob() throws(Damaged) -> BlobID {
        var bytes: [UInt8] = []
        for _ in 0..<32 { bytes.append(try byte()) }
        guard let blob = BlobID(bytes: bytes) else { throw Damaged() }
        return blob
    }

    fileprivate mutating func number(upTo limit: Int) throws(Damaged) -> Int {
        let value = try number()
        guard value <= UInt64(limit) else { throw Damaged() }
        return Int(value)
    }

    fileprivate mutating func size() throws(Damaged) -> Int {
        let size = try number(upTo: Limits.blobBytesMax)
        guard size > 0 else { throw Damaged() }
        return size
    }
}
