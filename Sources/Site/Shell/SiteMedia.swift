import Calls
import Kernel
import Logging
import Store
import Telephony
import Transport

/// The media side of a site: its relays and its recordings.
///
/// Confined to the loop. Keep it until `close()`.
final class SiteMedia {
    private let relay: MediaRelay
    private let keeper: RecordingKeeper?
    private var sweep: LoopTimer?

    /// Begins to talk with the relays; `addresses` are those of the configuration, looked up.
    static func open(
        _ configuration: MediaConfiguration,
        relays: [SocketAddress],
        digits: SocketAddress?,
        mixer: SocketAddress?,
        on loop: EventLoop,
        logger: Logger,
        events: @escaping (MediaRelayEvent) -> Void
    ) throws -> SiteMedia? {
        guard !relays.isEmpty || mixer != nil else { return nil }
        var keeper: RecordingKeeper?
        if let spool = configuration.spoolFolder, let folder = try RecordingKeeper.folder(configuration) {
            keeper = RecordingKeeper(folder: folder, spool: spool, days: configuration.recordingDays, logger: logger)
        }
        let settings = MediaRelay.Settings(
            relays: relays,
            digits: digits,
            mixer: mixer,
            isMixerSymmetric: configuration.isMixerSymmetric,
            sounds: SoundFolder(configuration.soundsFolder)
        )
        let relay = try MediaRelay.open(
            settings,
            on: loop,
            archive: { [keeper] session, ports, done in
                guard let keeper else { return done(.failed("no folder of recordings is configured (media.spool)")) }
                let done = LoopBound(done, on: loop)
                keeper.make(session, ports) { result in loop.execute { done.value(result) } }
            },
            events: events
        )
        let media = SiteMedia(relay, keeper)
        media.sweep = try LoopTimer.make(on: loop) { [weak media] in media?.sweepAgain() }
        media.sweep?.arm(after: .zero)
        return media
    }

    private init(_ relay: MediaRelay, _ keeper: RecordingKeeper?) {
        self.relay = relay
        self.keeper = keeper
    }

    /// Takes a job; its end is an event.
    func perform(_ job: MediaJob) { relay.perform(job) }

    /// Ends the talk with the relays; their sessions stay.
    func close() {
        sweep?.close()
        relay.close()
    }

    private func sweepAgain() {
        keeper?.sweep()
        sweep?.arm(after: Limits.recordingSweepInterval)
    }
}
