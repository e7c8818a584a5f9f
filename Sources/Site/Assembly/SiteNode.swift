import ContactCenter
import Foundation
import Kernel
package import Logging
import Mesh
import Replication
import ServiceLifecycle
import SIP
import SiteCore
import Store
import Telephony
import Transport
import UnixSignals
import WebAPI

/// One site, from its configuration to the last line of its log.
package struct SiteNode: Sendable {
    /// The program's version, shown in status and SIP.
    package static let version = "0.1.0"

    private let configuration: SiteConfiguration
    private let logger: Logger

    /// Prepares a node; nothing is opened yet.
    package init(_ configuration: SiteConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Opens everything, serves until a signal asks to stop, finishes the calls at hand, and closes.
    ///
    /// Throws what is wrong with port, database, certificate or disk, worded for the person who starts the site.
    package func run() async throws {
        let started = ContinuousClock.now
        let disk = try SiteDisk.open(configuration)
        let loop = try EventLoop(name: "core")
        let outlet = LiveOutlet()
        let shelf = RecordingShelf(configuration.media)
        let core: CoreHandle
        do {
            core = try await SiteCoreStart(configuration, disk: disk, shelf: shelf, outlet: outlet, logger: logger)
                .run(on: loop)
        } catch {
            await loop.stop()
            disk.close()
            throw error
        }
        let facts = NodeFacts(
            incarnation: disk.database.identity.incarnation,
            startedAt: loop.now.wall,
            version: Self.version
        )
        let gateway = NodeGateway(
            core: core,
            reader: disk.reader,
            blobs: disk.blobs,
            configuration: configuration,
            facts: facts,
            links: LinkControl(core: core),
            backupKeeper: BackupKeeper(disk.database, folder: configuration.backupsDirectory, logger: logger),
            shelf: shelf,
            logger: logger
        )
        let closing = NodeService(core: core, disk: disk, logger: logger, drainSeconds: configuration.drainSeconds)
        do {
            try await FirstStart(core: core, reader: disk.reader, configuration: configuration, logger: logger)
                .run(tokenKey: disk.tokenKey)
            let web = try await webServer(gateway, facts: facts, disk: disk, started: started)
            outlet.plug(web.live)
            let watch = CertificateWatch(core: core, files: CertificateFiles(configuration), logger: logger)
            try await serve([web, watch, closing])
        } catch {
            await closing.close()
            throw error
        }
        await closing.close()
        logger.notice("site.stopped")
    }

    /// The web server is stopped after the core has drained, so that agents can finish what they do.
    private func serve(_ services: [any Service]) async throws {
        let group = ServiceGroup(
            configuration: .init(
                services: services.map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: quiet(logger)
            )
        )
        try await group.run()
    }

    private func webServer(
        _ gateway: NodeGateway,
        facts: NodeFacts,
        disk: SiteDisk,
        started: ContinuousClock.Instant
    ) async throws -> WebServer {
        var web = WebServerConfiguration(
            host: configuration.http.host,
            port: configuration.http.port,
            site: configuration.site,
            incarnation: facts.incarnation,
            tokenKeyPEM: disk.tokenKey.privatePEM
        )
        let urls = [configuration.publicURL] + configuration.peers.map(\.url).filter { !$0.isEmpty }
        // On one machine people type either name of it; for a browser they are different origins.
        web.siteURLs =
            urls + urls.filter { $0.contains("//127.0.0.1") }.map { $0.replacing("//127.0.0.1", with: "//localhost") }
        web.passwordCost = .forThisBuild
        web.pagesDirectory = configuration.pagesDirectory ?? InstalledPages.directory
        let logger = logger, url = configuration.publicURL
        return try await WebServer(web, gateway: gateway, logger: quiet(logger)) { port in
            let milliseconds = (ContinuousClock.now - started) / .milliseconds(1)
            logger.notice(
                "site.serving",
                metadata: ["pages": "\(url)", "port": "\(port)", "startMs": "\(Int(milliseconds))"]
            )
        }
    }

    /// The libraries' own chatter at info level tells an operator nothing about the site.
    private func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return quiet
    }
}
