import Foundation
package import Kernel

/// The recordings of a site: encrypted files, each named by when it was made and by chance.
///
/// Reads and writes the disk: not for the loop. May be used from several threads at once.
package struct RecordingFolder: Sendable {
    /// Ending of a file that is being written.
    static let unfinished = ".part"

    private let path: String
    private let key: RecordingKey

    /// Names a folder and makes it when it is missing.
    package init(_ path: String, key: RecordingKey) throws(RecordingFailure) {
        self.path = path
        self.key = key
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw RecordingFailure("could not make the folder \(path): \(error.localizedDescription)")
        }
    }

    /// Begins a recording.
    package func make(at wall: WallTime) throws(RecordingFailure) -> RecordingWriter {
        let chance = String(UInt64.random(in: .min ... .max), radix: 16)
        let zeros = String(repeating: "0", count: 16 - chance.count)
        let name = "\(max(0, wall.milliseconds))-\(zeros)\(chance)"
        return try RecordingWriter(folder: path, name: name, key: key)
    }

    /// Opens a recording; nil when there is none of that name.
    package func open(_ name: String) throws(RecordingFailure) -> RecordingFile? {
        guard Self.made(name) != nil, FileManager.default.fileExists(atPath: path + "/" + name) else { return nil }
        return try RecordingFile(path: path + "/" + name, key: key)
    }

    /// Removes a recording; one that is gone already is no error.
    package func remove(_ name: String) {
        guard Self.made(name) != nil else { return }
        try? FileManager.default.removeItem(atPath: path + "/" + name)
    }

    /// Removes what was made before `wall`, also what was never finished; returns how many whole recordings went.
    @discardableResult
    package func removeAll(before wall: WallTime) -> Int {
        var count = 0
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
            let isWhole = !name.hasSuffix(Self.unfinished)
            let plain = isWhole ? name : String(name.dropLast(Self.unfinished.count))
            guard let made = Self.made(plain), made < wall else { continue }
            try? FileManager.default.removeItem(atPath: path + "/" + name)
            if isWhole { count += 1 }
        }
        return count
    }

    /// When a recording of this name was made; nil when recordings have no such names, so that none leads elsewhere.
    package static func made(_ name: String) -> WallTime? {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.allSatisfy({ (48...57).contains($0) }), let time = Int64(parts[0]),
            parts[1].utf8.count == 16, parts[1].allSatisfy(\.isHexDigit)
        else { return nil }
        return WallTime(milliseconds: time)
    }
}
