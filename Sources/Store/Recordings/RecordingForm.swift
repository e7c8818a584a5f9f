import Crypto
import Foundation
import Kernel

/// How a recording lies on the disk.
///
///     "TNDMREC1"  16 bytes of salt  sealed header  sealed piece 0  sealed piece 1 …
///
/// All but magic and salt is sealed by AES-GCM under the file's own key; a piece's number is its nonce, so pieces can
/// be neither changed nor exchanged, and the header holds the length, so none can be cut off unnoticed. Every piece but
/// the last holds the same number of bytes: any second of the talk is one read and one decryption away.
enum RecordingForm {
    static let magic = Array("TNDMREC1".utf8)
    static let saltBytes = 16
    static let tagBytes = 16
    static let sealedPieceBytes = Limits.recordingChunkBytes + tagBytes
    static let headerBytes = 32 + 4 * Limits.recordingPeaks
    static let headerOffset = magic.count + saltBytes
    static let dataOffset = headerOffset + headerBytes + tagBytes
    /// Bytes of the head of a WAV file, which is not stored but made from the length.
    static let wavHeadBytes = 44

    /// Encrypts one piece; the header's number is the largest.
    static func seal(_ plain: some DataProtocol, number: UInt64, _ key: SymmetricKey) throws -> Data {
        let box = try AES.GCM.seal(plain, using: key, nonce: nonce(number), authenticating: magic)
        return box.ciphertext + box.tag
    }

    /// Decrypts one piece; throws when it is not what was written there.
    static func open(_ sealed: [UInt8], number: UInt64, _ key: SymmetricKey) throws -> [UInt8] {
        guard sealed.count >= tagBytes else { throw RecordingFailure("a piece of the recording is missing") }
        let box = try AES.GCM.SealedBox(
            nonce: nonce(number),
            ciphertext: sealed.dropLast(tagBytes),
            tag: sealed.suffix(tagBytes)
        )
        return [UInt8](try AES.GCM.open(box, using: key, authenticating: magic))
    }

    static let headerNumber = UInt64.max

    private static func nonce(_ number: UInt64) throws -> AES.GCM.Nonce {
        try AES.GCM.Nonce(
            data: [0, 0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
        )
    }

    /// The head of a WAV file: 16-bit samples, two channels, 8,000 a second.
    static func wavHead(dataBytes: Int) -> [UInt8] {
        func little(_ number: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        return Array("RIFF".utf8) + little(36 + dataBytes, 4) + Array("WAVEfmt ".utf8) + little(16, 4) + little(1, 2)
            + little(2, 2) + little(8_000, 4) + little(32_000, 4) + little(4, 2) + little(16, 2)
            + Array("data".utf8) + little(dataBytes, 4)
    }
}
