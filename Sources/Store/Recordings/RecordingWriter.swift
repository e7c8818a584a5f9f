import Crypto
import Foundation
import Glibc

/// Writes one recording, encrypted as it comes; it has its name only when it is whole and on the disk.
///
/// One thread at a time. Left without `finish`, it leaves a file that the sweep removes.
package final class RecordingWriter {
    /// Name of the file that is made.
    package let name: String

    private let path: String
    private let descriptor: Int32
    private let key: SymmetricKey
    private var waiting: [UInt8] = []
    private var pieces: UInt64 = 0
    private var soundBytes = 0
    private var peaks = RecordingPeaks()

    init(folder: String, name: String, key: RecordingKey) throws(RecordingFailure) {
        self.name = name
        path = folder + "/" + name
        var random = SystemRandomNumberGenerator()
        let salt = (0..<RecordingForm.saltBytes).map { _ in UInt8.random(in: 0...255, using: &random) }
        self.key = key.fileKey(salt: salt)
        descriptor = makeFile(path + RecordingFolder.unfinished)
        guard descriptor >= 0 else { throw RecordingFailure(doing: "make the recording", path) }
        try put(RecordingForm.magic + salt, at: 0)
    }

    deinit { close(descriptor) }

    /// Adds sound: both channels' samples in turn.
    package func append(_ samples: [Int16]) throws(RecordingFailure) {
        peaks.take(samples)
        for sample in samples {
            let bits = UInt16(bitPattern: sample)
            waiting.append(UInt8(bits & 0xff))
            waiting.append(UInt8(bits >> 8))
        }
        soundBytes += samples.count * 2
        while waiting.count >= RecordingForm.sealedPieceBytes - RecordingForm.tagBytes { try writePiece() }
    }

    /// Writes what is left, brings all to the disk and gives the file its name.
    package func finish() throws(RecordingFailure) {
        if !waiting.isEmpty { try writePiece() }
        let header = try seal(peaks.header(soundBytes: soundBytes), number: RecordingForm.headerNumber)
        try put(header, at: RecordingForm.headerOffset)
        guard fsync(descriptor) == 0, rename(path + RecordingFolder.unfinished, path) == 0 else {
            throw RecordingFailure(doing: "write the recording", path)
        }
    }

    /// Gives up and removes what was written.
    package func cancel() {
        unlink(path + RecordingFolder.unfinished)
    }

    private func writePiece() throws(RecordingFailure) {
        let count = min(waiting.count, RecordingForm.sealedPieceBytes - RecordingForm.tagBytes)
        let sealed = try seal(Array(waiting.prefix(count)), number: pieces)
        try put(sealed, at: RecordingForm.dataOffset + Int(pieces) * RecordingForm.sealedPieceBytes)
        waiting.removeFirst(count)
        pieces += 1
    }

    private func seal(_ plain: [UInt8], number: UInt64) throws(RecordingFailure) -> [UInt8] {
        do {
            return [UInt8](try RecordingForm.seal(plain, number: number, key))
        } catch {
            throw RecordingFailure("could not encrypt the recording \(path): \(error)")
        }
    }

    private func put(_ bytes: [UInt8], at offset: Int) throws(RecordingFailure) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                buffer.baseAddress.map { pwrite(descriptor, $0 + done, buffer.count - done, off_t(offset + done)) } ?? 0
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw RecordingFailure(doing: "write the recording", path) }
            done += count
        }
    }
}

/// The variadic `open` of C, for a file that only its owner may read.
private func makeFile(_ path: String) -> Int32 {
    open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
}
