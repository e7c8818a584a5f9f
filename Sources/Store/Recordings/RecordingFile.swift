import Crypto
import Foundation
package import Kernel

/// A finished recording, opened for listening: a WAV file of two channels, left the caller's side, right the agent's.
///
/// Decrypts just the pieces that are asked for. Reads the disk: not for the loop.
package struct RecordingFile: Sendable {
    /// Bytes of the WAV file.
    package var length: Int { RecordingForm.wavHeadBytes + soundBytes }
    /// How long it lasts.
    package var duration: Span { .milliseconds(Int64(soundBytes) / 32) }

    private let path: String
    private let key: SymmetricKey
    private let soundBytes: Int
    private let waveform: RecordingPeaks

    /// Opens a file and checks its header.
    init(path: String, key: RecordingKey) throws(RecordingFailure) {
        self.path = path
        let start = try Self.read(path, at: 0, count: RecordingForm.dataOffset)
        guard start.count == RecordingForm.dataOffset, start.starts(with: RecordingForm.magic) else {
            throw RecordingFailure("\(path) is no recording")
        }
        self.key = key.fileKey(salt: Array(start[RecordingForm.magic.count..<RecordingForm.headerOffset]))
        let plain: [UInt8]
        do {
            let sealed = Array(start[RecordingForm.headerOffset...])
            plain = try RecordingForm.open(sealed, number: RecordingForm.headerNumber, self.key)
        } catch {
            throw RecordingFailure("the recording \(path) cannot be decrypted: it is damaged, or the key is another")
        }
        guard let header = RecordingPeaks.read(plain) else { throw RecordingFailure("\(path) is no recording") }
        (waveform, soundBytes) = header
    }

    /// Bytes of the WAV file; a range that goes beyond its end is cut.
    package func read(_ range: Range<Int>) throws(RecordingFailure) -> [UInt8] {
        let wanted = range.clamped(to: 0..<length)
        let head = RecordingForm.wavHeadBytes
        var bytes: [UInt8] = []
        if wanted.lowerBound < head {
            let wav = RecordingForm.wavHead(dataBytes: soundBytes)
            bytes += wav[wanted.lowerBound..<min(head, wanted.upperBound)]
        }
        let first = max(0, wanted.lowerBound - head), last = wanted.upperBound - head
        var offset = first
        while offset < last {
            let number = offset / Limits.recordingChunkBytes
            let piece = try self.piece(number)
            let start = offset - number * Limits.recordingChunkBytes
            let end = min(piece.count, last - number * Limits.recordingChunkBytes)
            guard start < end else { throw damaged }
            bytes += piece[start..<end]
            offset += end - start
        }
        return bytes
    }

    /// How loud each of at most `count` equal stretches is, 0 to 255, for each channel.
    package func peaks(count: Int) -> (left: [UInt8], right: [UInt8]) {
        waveform.peaks(count)
    }

    private var damaged: RecordingFailure { RecordingFailure("the recording \(path) is damaged") }

    private func piece(_ number: Int) throws(RecordingFailure) -> [UInt8] {
        let offset = RecordingForm.dataOffset + number * RecordingForm.sealedPieceBytes
        let sealed = try Self.read(path, at: offset, count: RecordingForm.sealedPieceBytes)
        guard let plain = try? RecordingForm.open(sealed, number: UInt64(number), key) else { throw damaged }
        return plain
    }

    private static func read(_ path: String, at offset: Int, count: Int) throws(RecordingFailure) -> [UInt8] {
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            try file.seek(toOffset: UInt64(offset))
            return [UInt8](try file.read(upToCount: count) ?? Data())
        } catch {
            throw RecordingFailure("could not read the recording \(path): \(error.localizedDescription)")
        }
    }
}
