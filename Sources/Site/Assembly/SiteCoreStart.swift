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
    private let shelf: RecordingShelf
    private let outlet: LiveOutlet
    private let logger: Logger

    init(
        _ configuration: SiteConfiguration,
        disk: SiteDisk,
        shelf: RecordingShelf,
        outlet: LiveOutlet,
        logger: Logger
    ) {
        self.configuration = configuration
        self.disk = disk
        self.shelf = shelf
        self.outlet = outlet
        self.logger = logger
    }

    /// What is gathered before anything is opened on the loop.
    private struct Parts: Sendable {
        let tls: TLSContext
        let revoked: RevocationList
        let mesh: SocketAddress
        let telephone: TelephonePorts
        let relays: [SocketAddress]
        let digits: SocketAddress?
        let mixer: SocketAddress?
        let documents: [Document]
        let contacts: [Document]
    }

    /// Starts the core on the loop; throws when a port or certificate cannot be used.
    func run(on loop: EventLoop) async throws -> CoreHandle {
        let parts = try await gather(on: loop)
        let reader = disk.reader, logger = logger
        let tools = CoreShell.Tools(
            loop: loop,
            store: disk.store,
            reader: reader,
            blobs: disk.blobs,
            recordings: RecordingDonor(
                site: configuration.site,
                shelf: shelf,
                record: { try await reader.contactRecord($0) },
                note: { $0.write(to: logger) }
            ),
            outlet: outlet,
            logger: logger
        )
        return CoreHandle(try await loop.run { try open(parts, tools) }, on: loop)
    }

    private func gather(on loop: EventLoop) async throws -> Parts {
        let files = CertificateFiles(configuration)
        let tls = try TLSContext(files.tls)
        var relays: [SocketAddress] = []
        for relay in configuration.media.relays { relays.append(try await address(relay, on: loop)) }
        var digits: SocketAddress?
        if let endpoint = configuration.media.digits { digits = try await address(endpoint, on: loop) }
        var mixer: SocketAddress?
        if let endpoint = configuration.media.mixer { mixer = try await address(endpoint, on: loop) }
        return Parts(
            tls: tls,
            revoked: try files.revoked(),
            mesh: try await address(configuration.mesh, on: loop),
            telephone: try await TelephonePorts(configuration, tls: files.telephone.load()) { endpoint in
                try await address(endpoint, on: loop)
            },
            relays: relays,
            digits: digits,
            mixer: mixer,
            documents: try await disk.reader.bootDocuments(of: SiteBoot.projected),
            contacts: try await disk.reader.bootContacts(site: configuration.site, now: loop.now.wall)
        )
    }

    /// Opens the ports, then the books: a port in use must be told before other sites hear of a start.
    private func open(_ parts: Parts, _ tools: CoreShell.Tools) throws -> LoopBound<CoreShell> {
        let loop = tools.loop
        let shell = LoopBound<CoreShell?>(nil, on: loop)
        let ports = parts.telephone
        let sockets = try SIPSockets.open(at: ports.points, tls: ports.tls, on: loop) { shell.value?.sipChanged($0) }
        let mesh = MeshNode(meshConfiguration(parts), on: loop, random: Self.random()) {
            shell.value?.meshChanged($0)
        }
        let core = try CoreShell(SiteMachine(boot(parts, sockets), at: loop.now), tools: tools)
        core.mesh = mesh
        core.sockets = sockets
        shell.value = core
        do {
            core.media = try SiteMedia.open(
                configuration.media,
                relays: parts.relays,
                digits: parts.digits,
                mixer: parts.mixer,
                on: loop,
                logger: logger
            ) { shell.value?.mediaChanged($0) }
            try mesh.start()
        } catch {
            core.close()
            throw error
        }
        core.start()
        let targets = SIPTargetWatch(
            TelephonePorts.targets(configuration.telephone),
            by: SIPLocator(families: sockets.families),
            on: loop,
            random: Self.random()
        ) { shell.value?.targetChanged($0) }
        core.targets = targets
        targets.start()
        return LoopBound(core, on: loop)
    }

    private func meshConfiguration(_ parts: Parts) -> MeshConfiguration {
        MeshConfiguration(
            site: configuration.site,
            listen: parts.mesh,
            peers: configuration.peers.map { peer in
                MeshPeer(site: peer.site, host: peer.mesh.host, port: UInt16(peer.mesh.port))
            },
            context: parts.tls,
            revoked: parts.revoked
        )
    }

    private func boot(_ parts: Parts, _ sockets: SIPSockets) -> SiteBoot {
        let start = disk.store.start
        if let reason = start.newEpochReason {
            logger.warning("records.disk-set-back", metadata: ["why": "\(reason)", "origin": "\(start.origin)"])
        }
        var boot = SiteBoot(
            cluster: configuration.cluster,
            site: configuration.site,
            peers: configuration.peers.map(\.site),
            incarnation: disk.database.identity.incarnation,
            epoch: start.origin.epoch,
            vector: start.vector,
            documents: parts.documents,
            contacts: parts.contacts,
            settings: Self.settings(configuration),
            sip: parts.telephone.sip(configuration, at: sockets.points),
            seed: .random(in: .min ... .max),
            records: start.standing
        )
        boot.isNewcomer = configuration.isNewcomer
        return boot
    }

    private static func random() -> SeededRandom { SeededRandom(seed: .random(in: .min ... .max)) }

    private func address(_ endpoint: SiteConfiguration.Endpoint, on loop: EventLoop) async throws -> SocketAddress {
        try await withCheckedThrowingContinuation { continuation in
            loop.execute {
                AddressResolver.resolve(endpoint.host, port: UInt16(endpoint.port), on: loop) { result in
                    continuation.resume(with: result.map { $0[0] })
                }
            }
        }
    }

    private static func settings(_ configuration: SiteConfiguration) -> SiteSettings {
        var settings = SiteSettings()
        settings.detector = DetectorBounds(
            configuration.failureProfile,
            suspectAfter: configuration.suspectAfter,
            unreachableAfter: configuration.unreachableAfter
        )
        settings.records.logRetention = configuration.logRetention
        settings.callbackExpiry = configuration.callbackExpiry
        settings.offersSHA256 = configuration.telephone.offersSHA256
        settings.outboundTrunk = configuration.telephone.outboundTrunk
        settings.outboundNumber = configuration.telephone.outboundNumber
        return settings
    }
}
