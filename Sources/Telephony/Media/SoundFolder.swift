package import Calls
import Foundation
package import Kernel

/// The folder with clips: `en/welcome.wav`, `zh-hans/number-3.wav`, `music.wav`.
///
/// The relay opens the files itself, so it must find them under the same path.
package struct SoundFolder: Sendable {
    /// A clip that can be played.
    package struct Sound: Hashable, Sendable {
        /// Where it is.
        package var path: String
        /// How long it lasts.
        package var length: Span
    }

    private let folder: String

    /// Names a folder; it may be empty or missing, then no clip is found.
    package init(_ folder: String) {
        self.folder = URL(fileURLWithPath: folder).standardizedFileURL.path
    }

    /// The clip in its language, or else in English; nil when there is neither.
    package func sound(_ clip: MediaClip) -> Sound? {
        guard Self.isPlain(clip.name) else { return nil }
        for language in [clip.language, "en", ""] where language.isEmpty || Self.isPlain(language) {
            let path = folder + "/" + (language.isEmpty ? "" : language + "/") + clip.name + ".wav"
            if let length = Self.length(of: path) { return Sound(path: path, length: length) }
        }
        return nil
    }

    /// Names of clips have no slashes and dots, so none leads out of the folder.
    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 64
            && name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }
    }

    /// How long a WAV file lasts, from its header (RIFF); nil when it is missing or no such file.
    private static func length(of path: String) -> Span? {
        guard let file = try? FileHandle(forReadingFrom: URL(fileURLWithPath: path)) else { return nil }
        defer { try? file.close() }
        guard let data = try? file.read(upToCount: Limits.soundHeaderBytes) else { return nil }
        let bytes = [UInt8](data)
        guard bytes.count >= 12, bytes[0..<4].elementsEqual("RIFF".utf8), bytes[8..<12].elementsEqual("WAVE".utf8)
        else { return nil }
        var offset = 12, bytesPerSecond = 0
        while offset + 8 <= bytes.count {
            let size = Int(number(bytes, offset + 4))
            if bytes[offset..<offset + 4].elementsEqual("fmt ".utf8), offset + 20 <= bytes.count {
                bytesPerSecond = Int(number(bytes, offset + 16))
            } else if bytes[offset..<offset + 4].elementsEqual("data".utf8) {
                return bytesPerSecond > 0 ? .milliseconds(Int64(size) * 1_000 / Int64(bytesPerSecond)) : nil
            }
            offset += 8 + size + size % 2
        }
        return nil
    }

    private static func number(_ bytes: [UInt8], _ at: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) }
    }
}
