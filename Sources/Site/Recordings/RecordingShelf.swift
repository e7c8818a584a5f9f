import Dispatch
import Foundation
package import Kernel
package import Store
import Synchronization
import Transport
import WebAPI

/// Reads the recordings of this site's disk, for pages here and for other sites: one after another on a thread of its
/// own, because decrypting is work.
package final class RecordingShelf: Sendable {
    private let openFolder: @Sendable () throws -> RecordingFolder?
    private let keep: Span
    private let now: @Sendable () -> WallTime
    private let queue = DispatchQueue(label: "recordings-read", qos: .userInitiated)
    private let waiting = Mutex(0)
    private let folder = Mutex<RecordingFolder?>(nil)

    /// A shelf over a folder, which may not be there before the first recording is made.
    ///
    /// What is older than `keep` is not given any more, also while it still waits for the hourly sweep.
    package init(
        keep: Span,
        now: @escaping @Sendable () -> WallTime,
        folder openFolder: @escaping @Sendable () throws -> RecordingFolder?
    ) {
        self.keep = keep
        self.now = now
        self.openFolder = openFolder
    }

    /// The shelf of a site.
    convenience init(_ configuration: MediaConfiguration) {
        self.init(
            keep: RecordingKeeper.keep(days: configuration.recordingDays),
            now: { SystemClock.now.wall },
            folder: { try RecordingKeeper.folder(configuration) }
        )
    }

    /// Does something with a recording; nil when it is not on the disk, or not kept any more.
    ///
    /// Throws `overloaded` when too many wait, `unavailable` when the file cannot be read.
    package func read<Result: Sendable>(
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
                let result = Swift.Result { try open(name).map(body) }
                waiting.withLock { $0 -= 1 }
                continuation.resume(
                    with: result.mapError { GatewayError(.unavailable, "The recording cannot be read: \($0)") }
                )
            }
        }
    }

    private func open(_ name: String) throws -> RecordingFile? {
        guard let made = RecordingFolder.made(name), now() - made <= keep else { return nil }
        let found = try folder.withLock { folder in
            // Before the first recording there may be neither folder nor key.
            if folder == nil { folder = try openFolder() }
            return folder
        }
        return try found?.open(name)
    }
}
