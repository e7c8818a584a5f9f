import Crypto
import Foundation
import Glibc

/// The key under which a site's recordings lie on its disk.
///
/// Whoever has it and the files can listen; without it no recording can be played again, so it belongs into the backup
/// of keys. Each file has a key of its own, derived from this one.
package struct RecordingKey: Sendable {
    private let key: SymmetricKey

    /// Takes a key as it is; for tests.
    package init(bytes: [UInt8]) {
        key = SymmetricKey(data: bytes)
    }

    /// Reads the key file, or makes it, readable by its owner alone, when there is none.
    package static func open(_ path: String) throws(RecordingFailure) -> RecordingKey {
        if let data = FileManager.default.contents(atPath: path) {
            let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            guard let bytes = bytes(ofHex: text), bytes.count == 32 else {
                throw RecordingFailure("\(path) is no recording key: it should be 64 hexadecimal digits; restore it")
            }
            return RecordingKey(bytes: bytes)
        }
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        let text = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\n"
        // Made anew or not at all: an existing key is never written over.
        let descriptor = makeSecretFile(path)
        guard descriptor >= 0 else { throw RecordingFailure(doing: "make the recording key", path) }
        defer { close(descriptor) }
        let written = Array(text.utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard written == text.utf8.count, fsync(descriptor) == 0 else {
            throw RecordingFailure(doing: "write the recording key", path)
        }
        return RecordingKey(bytes: bytes)
    }

    /// The key of one file.
    func fileKey(salt: [UInt8]) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key,
            salt: salt,
            info: Array("tandem recording 1".utf8),
            outputByteCount: 32
        )
    }

    private static func bytes(ofHex text: String) -> [UInt8]? {
        let digits = text.compactMap(\.hexDigitValue)
        guard digits.count == text.count, digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}

/// The variadic `open` of C with the mode of a secret.
private func makeSecretFile(_ path: String) -> Int32 {
    open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
}
