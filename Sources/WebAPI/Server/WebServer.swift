package import Hummingbird
import HummingbirdCore
import Kernel
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// The HTTP server of a site: the API, the event streams and the pages, on event loops of its own.
package struct WebServer: Service {
    /// The hub that the site tells what changed.
    package let live: LiveHub

    private let services: WebServices
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// Makes a server; throws `WebServerError` when the pages or the token key are not usable.
    ///
    /// - Parameter onListening: called with the port once requests are taken.
    package init(
        _ configuration: WebServerConfiguration,
        gateway: any SiteGateway,
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        let clock = configuration.clock
        let live = LiveHub(source: gateway, incarnation: configuration.incarnation, clock: clock, logger: logger)
        let tokens = try await TokenService(
            site: configuration.site.name,
            privateKeyPEM: configuration.tokenKeyPEM,
            accounts: gateway,
            clock: clock
        )
        services = WebServices(
            configuration: configuration,
            gateway: gateway,
            tokens: tokens,
            sessions: SessionGuard(tokens: tokens, accounts: gateway, clock: clock),
            passwords: PasswordChecker(cost: configuration.passwordCost),
            counters: ServerCounters(),
            idempotency: IdempotencyCache(clock: clock),
            live: live,
            pages: try PageStore(directory: configuration.pagesDirectory)
        )
        self.live = live
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until the service group stops it gracefully, or fails with `WebServerError`.
    package func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: services.configuration.threads)
        do {
            try await application(on: group).run()
        } catch let error as IOError {
            try? await group.shutdownGracefully()
            throw listenError(error)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    /// The application on shared event loops, for tests; without the hub's loops a test takes their steps itself.
    package func testedApplication(runsHub: Bool) -> some ApplicationProtocol {
        application(on: MultiThreadedEventLoopGroup.singleton, runsHub: runsHub)
    }

    private func application(on group: any EventLoopGroup, runsHub: Bool = true) -> some ApplicationProtocol {
        let configuration = services.configuration
        let onListening = onListening
        return Application(
            router: router(),
            server: .http1(
                configuration: .init(
                    idleTimeout: .seconds(Limits.connectionIdleSeconds),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: Limits.headerBytesMax,
                        maxHeaderListSize: Limits.headerBytesMax
                    )
                )
            ),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: .maximum(Limits.connectionsMax, logger: logger)
            ),
            services: runsHub ? [HubService(hub: live)] : [],
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? configuration.port) },
            eventLoopGroupProvider: .shared(group),
            logger: logger
        )
    }

    private func listenError(_ error: IOError) -> WebServerError {
        let configuration = services.configuration
        if error.errnoCode == EADDRINUSE { return .portInUse(host: configuration.host, port: configuration.port) }
        return .cannotListen(host: configuration.host, port: configuration.port, reason: "\(error)")
    }

    /// Middlewares run from the first to the last on the way in.
    func router() -> Router<APIContext> {
        let origins = services.configuration.origins
        let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: CountingMiddleware(counters: services.counters))
        router.add(middleware: SecurityHeadersMiddleware(origins: origins))
        router.add(middleware: SitesOriginMiddleware(origins: origins))
        router.add(middleware: ProblemMiddleware())
        let endpoints = EndpointRouter(router: router, services: services)
        SessionRoutes(services: services).add(to: endpoints)
        LiveRoutes(services: services).add(to: endpoints)
        DeskRoutes(gateway: services.gateway).add(to: endpoints)
        DeskCallRoutes(gateway: services.gateway).add(to: endpoints)
        CustomerRoutes(gateway: services.gateway).add(to: endpoints)
        let configuration = services.configuration
        TicketRoutes(gateway: services.gateway, site: configuration.site, clock: configuration.clock).add(to: endpoints)
        TargetRoutes(gateway: services.gateway, site: configuration.site, clock: configuration.clock).add(to: endpoints)
        MergeRoutes(gateway: services.gateway).add(to: endpoints)
        AttachmentRoutes(gateway: services.gateway).add(to: endpoints)
        StaffRoutes(services: services).add(to: endpoints)
        QueueRoutes(gateway: services.gateway).add(to: endpoints)
        CalendarRoutes(gateway: services.gateway, clock: configuration.clock).add(to: endpoints)
        BreakReasonRoutes(gateway: services.gateway).add(to: endpoints)
        ContactRoutes(gateway: services.gateway).add(to: endpoints)
        RecordingRoutes(gateway: services.gateway).add(to: endpoints)
        ConflictRoutes(gateway: services.gateway).add(to: endpoints)
        SiteRoutes(services: services).add(to: endpoints)
        ClusterRoutes(gateway: services.gateway).add(to: endpoints)
        OperationsRoutes(gateway: services.gateway).add(to: endpoints)
        LostFoundRoutes(gateway: services.gateway).add(to: endpoints)
        DeletionRoutes(gateway: services.gateway).add(to: endpoints)
        PageRoutes(pages: services.pages).add(to: endpoints)
        return router
    }
}

/// Runs the hub's loops for as long as the server.
private struct HubService: Service {
    let hub: LiveHub

    func run() async throws {
        await cancelWhenGracefulShutdown { await hub.run() }
    }
}
