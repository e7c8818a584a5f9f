import ContactCenter
import Foundation
import Kernel
import Logging
import Mesh
import Replication
import SIP
import SiteCore
import Store
import Telephony
import Transport

/// Builds the core from what the disk says and gives it its sockets.
struct SiteCoreStart {
    private let configuration: SiteConfiguration
    private let disk: SiteDisk
    private let outlet: LiveOutlet
    private let logger: Logger

    init(_ configuration: SiteConfiguration, disk: SiteDisk, outlet: LiveOutlet, logger: Logger) {
        self.configuration = configuration
        self.disk = disk
        self.outlet = outlet
        self.logger = logger
    }

    /// Starts the core on the loop; throws when a port or certificate cannot be used.
    func run(on loop: EventLoop) async throws -> CoreHandle {
        let tls = try TLSContext(
            TLSConfiguration(
                certificateFile: configuration.certificateFile,
                keyFile: configuration.keyFile,
                authorityFile: configuration.authorityFile,
                cluster: configuration.cluster
            )
        )
        warnOfExpiry(tls.identity, at: loop.now.wall)
        let meshAddress = try await address(configuration.mesh, on: loop, name: "mesh")
        let sipAddress = try await address(configuration.sip, on: loop, name: "sip")
        let advertised = try await address(
            .init(host: configuration.sipAdvertisedHost, port: configuration.sip.port),
            on: loop,
            name: "sip.advertise"
        )
        let documents = try await disk.reader.bootDocuments(of: SiteBoot.projected)
        let contacts = try await disk.reader.bootContacts(site: configuration.site, now: loop.now.wall)
        let tools = CoreShell.Tools(
            loop: loop,
            store: disk.store,
            reader: disk.reader,
            outlet: outlet,
            logger: logger
        )
        let configuration = configuration, start = disk.store.start, identity = disk.database.identity
        let bound = try await loop.run {
            // Ports first: a port in use must be told before the books are touched.
            let shell = LoopBound<CoreShell?>(nil, on: loop)
            let sockets = try SIPSockets.open(at: sipAddress, on: loop) { shell.value?.sipChanged($0) }
            let mesh = MeshNode(
                MeshConfiguration(
                    site: configuration.site,
                    listen: meshAddress,
                    peers: configuration.peers.map {
                        MeshPeer(site: $0.site, host: $0.mesh.host, port: UInt16($0.mesh.port))
                    },
                    context: tls
                ),
                on: loop,
                random: SeededRandom(seed: .random(in: .min ... .max))
            ) { shell.value?.meshChanged($0) }
            let boot = SiteBoot(
                cluster: configuration.cluster,
                site: configuration.site,
                peers: configuration.peers.map(\.site),
                incarnation: identity.incarnation,
                epoch: start.origin.epoch,
                vector: start.vector,
                documents: documents,
                contacts: contacts,
                settings: Self.settings(configuration),
                sip: Self.sip(configuration, sockets: sockets, advertised: advertised),
                seed: .random(in: .min ... .max)
            )
            let core = try CoreShell(SiteMachine(boot, at: loop.now), tools: tools)
            core.mesh = mesh
            core.sockets = sockets
            shell.value = core
            core.start()
            do {
                try mesh.start()
            } catch {
                core.close()
                throw error
            }
            return LoopBound(core, on: loop)
        }
        return CoreHandle(bound, on: loop)
    }

    private func address(_ endpoint: SiteConfiguration.Endpoint, on loop: EventLoop, name: String) async throws
        -> SocketAddress
    {
        try await withCheckedThrowingContinuation { continuation in
            loop.execute {
                AddressResolver.resolve(endpoint.host, port: UInt16(endpoint.port), on: loop) { result in
                    continuation.resume(with: result.map { $0[0] })
                }
            }
        }
    }

    private func warnOfExpiry(_ identity: TLSIdentity, at now: WallTime) {
        let days = (identity.expiresAt - now).milliseconds / 86_400_000
        guard days < 30 else { return }
        logger.warning("certificate.expires", metadata: ["file": "\(configuration.certificateFile)", "days": "\(days)"])
    }

    private static func settings(_ configuration: SiteConfiguration) -> SiteSettings {
        var settings = SiteSettings()
        settings.detector.suspectAfter = configuration.suspectAfter
        settings.detector.unreachableAfter = configuration.unreachableAfter
        return settings
    }

    private static func sip(
        _ configuration: SiteConfiguration,
        sockets: SIPSockets,
        advertised: SocketAddress
    ) -> SIPConfiguration {
        var random = SystemRandomNumberGenerator()
        let address = SIPAddress(host: advertised.host, port: sockets.localAddress.port)
        return SIPConfiguration(
            advertised: [.udp: address, .tcp: address],
            secret: (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) },
            realm: configuration.sipRealm
        )
    }
}
