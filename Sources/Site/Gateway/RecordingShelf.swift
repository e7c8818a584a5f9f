import Dispatch
import Foundation
import Kernel
import Store
import Synchronization
import WebAPI

/// Reads the recordings of this site's disk for pages, one after another on a thread of its own: decrypting is work.
final class RecordingShelf: Sendable {
    private let configuration: MediaConfiguration
    private let queue = DispatchQueue(label: "recordings-read", qos: .userInitiated)
    private let waiting = Mutex(0)
    private let folder = Mutex<RecordingFolder?>(nil)

    init(_ configuration: MediaConfiguration) {
        self.configuration = configuration
    }

    /// Does something with a recording; nil when it is not on the disk, or not any more.
    ///
    /// Throws `overloaded` when too many wait, `unavailable` when the file cannot be read.
    func read<Result: Sendable>(
        _ name: String,
        _ body: @escaping @Sendable (RecordingFile) throws -> Result
    ) async throws -> Result? {
        let isTaken = waiting.withLock { count in
            guard count < Limits.recordingReadsMax else { return false }
            count += 1
            return true
        }
        guard isTaken else { throw GatewayError(.overloaded, "Too many recordings are being read.") }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { [self] in
                waiting.withLock { $0 -= 1 }
                do {
                    continuation.resume(returning: try open(name).map(body))
                } catch {
                    continuation.resume(throwing: GatewayError(.unavailable, "The recording cannot be read: \(error)"))
                }
            }
        }
    }

    private func open(_ name: String) throws -> RecordingFile? {
        let found = try folder.withLock { folder in
            // Before the first recording there may be neither folder nor key.
            if folder == nil { folder = try RecordingKeeper.folder(configuration) }
            return folder
        }
        return try found?.open(name)
    }
}
