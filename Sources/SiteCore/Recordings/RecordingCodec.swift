import ContactCenter
import Kernel
package import Replication

/// Turns messages about recordings into bytes and back; every number and text within its bound.
package enum RecordingCodec {
    /// The message's bytes.
    package static func encode(_ message: RecordingMessage) -> [UInt8] {
        var writer = ByteWriter(capacity: 64)
        switch message {
        case .look(let request, let place, let listener):
            writer.byte(1)
            writer.number(request)
            writer.text(place.contact.key)
            writer.text(place.file)
            writer.byte(listener == nil ? 0 : 1)
            writer.text(listener ?? "")
        case .found(let request, let facts, let grant):
            writer.byte(2)
            writer.number(request)
            writer.number(max(facts.size, 0))
            writer.number(UInt64(max(facts.milliseconds, 0)))
            writer.block(Array(facts.peaks.prefix(Limits.recordingPeaksMax)))
            writer.number(grant)
        case .read(let request, let grant, let offset, let length):
            writer.byte(3)
            writer.number(request)
            writer.number(grant)
            writer.number(max(offset, 0))
            writer.number(max(length, 0))
        case .part(let request, let bytes):
            writer.byte(4)
            writer.number(request)
            writer.block(bytes)
        case .refused(let request, let why):
            writer.byte(5)
            writer.number(request)
            writer.byte(why.rawValue)
        case .unknown: writer.byte(0)
        }
        return writer.bytes
    }

    /// The message of some bytes; throws `FrameError.malformed` when they mean nothing or break a bound.
    package static func decode(_ bytes: [UInt8]) throws(FrameError) -> RecordingMessage {
        do throws(ByteReader.Damaged) {
            var reader = ByteReader(bytes)
            guard let message = try message(try reader.byte(), &reader) else { return .unknown }
            guard reader.isAtEnd else { throw ByteReader.Damaged() }
            return message
        } catch {
            throw .malformed("message about a recording, \(bytes.count) bytes")
        }
    }

    private static func message(
        _ kind: UInt8,
        _ reader: inout ByteReader
    ) throws(ByteReader.Damaged) -> RecordingMessage? {
        switch kind {
        case 1:
            let request = try reader.number()
            let contact = try reader.name(upTo: Limits.recordingQuestionNameBytesMax)
            let file = try reader.name(upTo: Limits.recordingNameBytesMax)
            let isOpened = try reader.byte() == 1
            let listener = try reader.text()
            guard listener.utf8.count <= Limits.recordingQuestionNameBytesMax, isOpened || listener.isEmpty else {
                throw ByteReader.Damaged()
            }
            let place = RecordingPlace(ContactID(contact), file)
            return .look(request, place, listener: isOpened ? listener : nil)
        case 2:
            let request = try reader.number()
            let size = try reader.number(upTo: Limits.recordingFileBytesMax)
            let milliseconds = try reader.number(upTo: Int(Limits.recordingMax.milliseconds) * 2)
            let peaks = try reader.block()
            guard peaks.count <= Limits.recordingPeaksMax else { throw ByteReader.Damaged() }
            let facts = RecordingFacts(size: size, milliseconds: Int64(milliseconds), peaks: peaks)
            return .found(request, facts, grant: try reader.number())
        case 3:
            let request = try reader.number()
            let grant = try reader.number()
            let offset = try reader.number(upTo: Limits.recordingFileBytesMax)
            let length = try reader.number(upTo: Limits.recordingPartBytesMax)
            guard length > 0 else { throw ByteReader.Damaged() }
            return .read(request, grant: grant, offset: offset, length: length)
        case 4:
            let request = try reader.number()
            let bytes = try reader.block()
            guard (1...Limits.recordingPartBytesMax).contains(bytes.count) else { throw ByteReader.Damaged() }
            return .part(request, bytes)
        case 5:
            let request = try reader.number()
            // A reason of a newer node is as good as none: nothing comes.
            return .refused(request, RecordingRefusal(rawValue: try reader.byte()) ?? .unreadable)
        default: return nil
        }
    }
}

extension ByteReader {
    fileprivate mutating func number(upTo limit: Int) throws(Damaged) -> Int {
        let value = try number()
        guard value <= UInt64(limit) else { throw Damaged() }
        return Int(value)
    }

    fileprivate mutating func name(upTo bytes: Int) throws(Damaged) -> String {
        let name = try text()
        guard (1...bytes).contains(name.utf8.count) else { throw Damaged() }
        return name
    }
}
