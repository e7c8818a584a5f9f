import Foundation
import Kernel
import Replication

/// Length and SHA-256 of a file.
struct FileSum: Hashable, Sendable {
    let bytes: Int64
    let sha256: String

    /// Reads a file from its beginning to its end; `progress` is told how many bytes were read.
    init(_ path: String, progress: (Int64) -> Void = { _ in }) throws(StoreFailure) {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw StoreFailure(.cannotOpen, "Could not open the file \(path).")
        }
        defer { try? file.close() }
        var hash = ContentHash()
        var count: Int64 = 0
        do {
            while let part = try file.read(upToCount: Limits.backupReadBytes), !part.isEmpty {
                hash.update([UInt8](part))
                count += Int64(part.count)
                progress(count)
            }
        } catch {
            throw StoreFailure(.inputOutput, "Could not read the file \(path).", cause: "\(error)")
        }
        bytes = count
        sha256 = hash.hex
    }
}
