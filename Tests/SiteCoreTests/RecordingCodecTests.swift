import ContactCenter
import Kernel
import Replication
import SiteCore
import TestKit
import Testing

@Suite("Messages about recordings")
struct RecordingCodecTests {
    private static let messages: [RecordingMessage] = plain + RecordingRefusal.allCases.map { .refused(9, $0) }
    private static let plain: [RecordingMessage] = [
        .look(1, RecordingPlace(ContactID("north-1-1"), "1-aa"), listener: nil),
        .look(.max, RecordingPlace(ContactID("n"), "f"), listener: "sue 苏"),
        .look(2, RecordingPlace(ContactID("n"), "f"), listener: ""),
        .found(3, RecordingFacts(size: 44, milliseconds: 0, peaks: []), grant: 0),
        .found(
            4,
            RecordingFacts(
                size: Limits.recordingFileBytesMax,
                milliseconds: Limits.recordingMax.milliseconds,
                peaks: [UInt8](repeating: 255, count: Limits.recordingPeaksMax)
            ),
            grant: .max
        ),
        .read(5, grant: 9, offset: 0, length: 1),
        .read(6, grant: .max, offset: Limits.recordingFileBytesMax, length: Limits.recordingPartBytesMax),
        .part(7, [0]),
        .part(8, [UInt8](repeating: 7, count: Limits.recordingPartBytesMax)),
    ]

    @Test("Each reads back as it was written, and fits into a frame", arguments: messages.indices)
    func roundTrip(index: Int) throws {
        let message = Self.messages[index]
        let bytes = RecordingCodec.encode(message)
        #expect(try RecordingCodec.decode(bytes) == message)
        let frame = FrameCodec.encode(.recording(bytes))
        #expect(frame.count + FrameEnvelope.overhead <= Limits.frameBytesMax)
        #expect(try FrameCodec.decode(frame) == .recording(bytes))
    }

    @Test("One that is cut off, or longer than it says, is refused", arguments: messages.indices)
    func cut(index: Int) {
        let bytes = RecordingCodec.encode(Self.messages[index])
        for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 64)) {
            #expect(throws: FrameError.self) { try RecordingCodec.decode(Array(bytes.prefix(count))) }
        }
        #expect(throws: FrameError.self) { try RecordingCodec.decode(bytes + [0]) }
    }

    @Test("Nothing beyond a bound is read")
    func bounds() {
        let long = String(repeating: "a", count: Limits.recordingQuestionNameBytesMax + 1)
        let place = RecordingPlace(ContactID("n"), "f")
        let bad: [RecordingMessage] = [
            .look(1, RecordingPlace(ContactID(long), "f"), listener: nil),
            .look(1, RecordingPlace(ContactID("n"), long), listener: nil),
            .look(1, RecordingPlace(ContactID(""), "f"), listener: nil),
            .look(1, RecordingPlace(ContactID("n"), ""), listener: nil),
            .look(1, place, listener: long),
            .found(1, RecordingFacts(size: Limits.recordingFileBytesMax + 1, milliseconds: 1, peaks: []), grant: 1),
            .read(1, grant: 1, offset: Limits.recordingFileBytesMax + 1, length: 1),
            .read(1, grant: 1, offset: 0, length: 0),
            .read(1, grant: 1, offset: 0, length: Limits.recordingPartBytesMax + 1),
            .part(1, []),
            .part(1, [UInt8](repeating: 0, count: Limits.recordingPartBytesMax + 1)),
        ]
        for message in bad {
            #expect(throws: FrameError.self, "\(message)") {
                try RecordingCodec.decode(RecordingCodec.encode(message))
            }
        }
    }

    @Test("Bytes changed by chance are read or refused, and what is read keeps the bounds", arguments: Seeds.first(20))
    func chance(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<500 {
            var bytes = RecordingCodec.encode(Self.messages[Int(random.next() % 4)])
            for _ in 0...Int(random.next() % 3) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            guard let message = try? RecordingCodec.decode(bytes) else { continue }
            if case .unknown = message { continue }
            #expect((try? RecordingCodec.decode(RecordingCodec.encode(message))) == message)
        }
    }
}
