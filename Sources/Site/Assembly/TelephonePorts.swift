import Kernel
import SIP
import Telephony
import Transport

/// Where the site takes SIP, and what it says of it to others.
struct TelephonePorts: Sendable {
    let points: [SIPListenPoint]
    let tls: SIPTLS
    /// For each point, the address that others can reach, without the port.
    private let advertised: [SocketAddress]

    /// Finds the addresses of all ports; `find` looks names up.
    init(
        _ configuration: SiteConfiguration,
        tls: SIPTLS,
        find: (SiteConfiguration.Endpoint) async throws -> SocketAddress
    ) async throws {
        let first = TelephoneConfiguration.Listen(
            endpoint: configuration.sip,
            transports: [.udp, .tcp],
            advertisedHost: configuration.sipAdvertisedHost
        )
        var points: [SIPListenPoint] = []
        var advertised: [SocketAddress] = []
        for listen in [first] + configuration.telephone.listen {
            points.append(SIPListenPoint(try await find(listen.endpoint), listen.transports))
            advertised.append(try await find(.init(host: listen.advertisedHost, port: listen.endpoint.port)))
        }
        self.points = points
        self.advertised = advertised
        self.tls = tls
    }

    /// What the SIP endpoint is told; `bound` are the points with their real ports.
    func sip(_ configuration: SiteConfiguration, at bound: [SIPListenPoint]) -> SIPConfiguration {
        let telephone = configuration.telephone
        var random = SystemRandomNumberGenerator()
        var sip = SIPConfiguration(
            advertised: [:],
            secret: (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) },
            realm: configuration.sipRealm
        )
        sip.startMark = String(UInt64.random(in: .min ... .max, using: &random), radix: 16)
        for (point, address) in zip(bound, advertised) {
            let told = SIPAddress(host: address.host, port: point.address.port)
            let bound = SIPAddress(host: point.address.host, port: point.address.port)
            for transport in point.transports.sorted() {
                sip.advertisedAt[transport, default: [:]][bound] = told
                // Of whom nobody knows by which port they reach us hears of the first one of a transport.
                if address.family == .v6 {
                    if sip.advertisedV6[transport] == nil { sip.advertisedV6[transport] = told }
                } else if sip.advertised[transport] == nil {
                    sip.advertised[transport] = told
                }
            }
        }
        sip.advertised.merge(sip.advertisedV6) { known, _ in known }
        sip.trunks = telephone.trunks.map {
            Self.trunk($0, realm: configuration.sipRealm, isStrong: telephone.offersSHA256)
        }
        sip.callsPerSecondMax = telephone.callsPerSecondMax
        sip.legsMax = telephone.legsMax
        sip.sessionExpires = telephone.sessionExpires
        sip.phoneProbeInterval = telephone.phoneProbeInterval
        return sip
    }

    /// The trunks that calls can be sent to, as they are looked for.
    static func targets(_ telephone: TelephoneConfiguration) -> [SIPTarget] {
        telephone.trunks.compactMap { entry in
            entry.host.map { host in
                SIPTarget(trunk: entry.trunk.name, host: host, port: entry.port, transport: entry.trunk.transport)
            }
        }
    }

    private static func trunk(_ entry: TelephoneConfiguration.Trunk, realm: String, isStrong: Bool) -> SIPTrunk {
        var trunk = entry.trunk
        trunk.incoming = entry.incoming.map { login in
            func ha1(_ algorithm: SIPDigest.Algorithm) -> String {
                SIPDigest.ha1(user: login.user, realm: realm, password: login.password, algorithm: algorithm)
            }
            return SIPTrunk.Credential(user: login.user, md5: ha1(.md5), sha256: isStrong ? ha1(.sha256) : nil)
        }
        return trunk
    }
}
