import Logging
import ServiceLifecycle
import SiteCore
import Synchronization
import Transport

/// Keeps the core running until the service group asks it to stop, then lets the calls at hand end.
final class NodeService: Service {
    private let core: CoreHandle
    private let disk: SiteDisk
    private let logger: Logger
    private let drainSeconds: Int
    private let isClosed = Mutex(false)

    init(core: CoreHandle, disk: SiteDisk, logger: Logger, drainSeconds: Int) {
        self.core = core
        self.disk = disk
        self.logger = logger
        self.drainSeconds = drainSeconds
    }

    func run() async throws {
        try? await gracefulShutdown()
        logger.notice("site.draining", metadata: ["seconds": "\(drainSeconds)"])
        try await core.ask { $0.handle(.drain) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.drained() }
            group.addTask { try? await Task.sleep(for: .seconds(self.drainSeconds)) }
            await group.next()
            group.cancelAll()
            // A continuation does not hear of cancellation: the close answers it.
            try? await core.ask { $0.stopWaiting() }
        }
    }

    /// Ends sockets, loop, writer and database, once.
    func close() async {
        let isFirst = isClosed.withLock { closed in
            defer { closed = true }
            return !closed
        }
        guard isFirst else { return }
        try? await core.ask { $0.close() }
        await core.loop.stop()
        disk.close()
    }

    private func drained() async {
        await withCheckedContinuation { continuation in
            Task { try await core.ask { $0.whenDrained { continuation.resume() } } }
        }
    }
}
