import Calls
import Dispatch
import Foundation
import Kernel
import Logging
import Store
import Synchronization
import Telephony
import Transport

/// Makes encrypted recordings of what the relays captured, and removes the old ones: one after another on a thread of
/// its own, so that neither the loop nor a page waits for it.
final class RecordingKeeper: Sendable {
    private let folder: RecordingFolder
    private let maker: RecordingMaker
    private let keep: Span
    private let logger: Logger
    private let queue = DispatchQueue(label: "recordings", qos: .utility)
    private let waiting = Mutex(0)

    init(folder: RecordingFolder, spool: String, days: Int, logger: Logger) {
        self.folder = folder
        maker = RecordingMaker(spool: spool)
        keep = Self.keep(days: days)
        self.logger = logger
    }

    /// How long recordings are kept.
    static func keep(days: Int) -> Span { .minutes(24 * 60) * Int64(days) }

    /// The recordings that a configuration names; nil when it has no relay and never had one.
    static func folder(_ configuration: MediaConfiguration) throws -> RecordingFolder? {
        let hasKey = FileManager.default.fileExists(atPath: configuration.recordingKeyFile)
        guard hasKey || !configuration.relays.isEmpty else { return nil }
        let key = try RecordingKey.open(configuration.recordingKeyFile)
        return try RecordingFolder(configuration.recordingsFolder, key: key)
    }

    /// Makes the recording of a session; `done` comes on the keeper's thread.
    func make(
        _ session: MediaSession,
        _ ports: [MediaSide: Set<UInt16>],
        done: @escaping @Sendable (MediaResult) -> Void
    ) {
        let isTaken = waiting.withLock { count in
            guard count < Limits.recordingsWaitingMax else { return false }
            count += 1
            return true
        }
        guard isTaken else { return done(.failed("too many recordings wait to be made")) }
        queue.async { [self] in
            waiting.withLock { $0 -= 1 }
            do {
                done(.recorded(file: try make(session, ports)))
            } catch {
                logger.error("recording.failed", metadata: ["session": "\(session)", "reason": "\(error)"])
                done(.failed("\(error)"))
            }
        }
    }

    /// Removes what is older than recordings are kept, and captures that nobody made a recording of.
    func sweep() {
        queue.async { [self] in
            let now = SystemClock.now.wall
            let count = folder.removeAll(before: WallTime(milliseconds: now.milliseconds - keep.milliseconds))
            maker.removeCaptures(
                before: WallTime(milliseconds: now.milliseconds - Limits.captureKeep.milliseconds)
            )
            if count > 0 { logger.notice("recordings.removed", metadata: ["count": "\(count)", "why": "retention"]) }
        }
    }

    private func make(_ session: MediaSession, _ ports: [MediaSide: Set<UInt16>]) throws -> String {
        let writer = try folder.make(at: SystemClock.now.wall)
        do {
            _ = try maker.make(session, ports: ports) { try writer.append($0) }
            try writer.finish()
        } catch {
            writer.cancel()
            throw error
        }
        // Only now: until the recording is on the disk, the captures are all that there is.
        maker.removeCaptures(of: session)
        return writer.name
    }
}
