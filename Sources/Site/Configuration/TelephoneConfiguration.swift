package import Kernel
package import SIP

/// What a site is told about the telephone beyond its first SIP port: further ports, certificates, trunks, bounds.
package struct TelephoneConfiguration: Hashable, Sendable {
    /// A further address where SIP is taken.
    package struct Listen: Hashable, Sendable {
        /// Where.
        package var endpoint: SiteConfiguration.Endpoint
        /// What is spoken there.
        package var transports: Set<SIPTransport>
        /// The address written into SIP messages that go this way.
        package var advertisedHost: String
    }

    /// The files of SIP over TLS.
    package struct TLSFiles: Hashable, Sendable {
        /// PEM file of the certificate that phones and trunks are shown, with those up to its authority.
        package var certificate: String
        /// PEM file of its private key.
        package var key: String
        /// PEM file of the authority of clients' certificates; nil when there is none.
        package var authority: String?
        /// Whether clients without a certificate of that authority are refused.
        package var requiresClientCertificate: Bool
    }

    /// A trunk, and where it is looked for.
    package struct Trunk: Hashable, Sendable {
        /// What the core must know of it.
        package var trunk: SIPTrunk
        /// The host that calls to it are sent to, an outbound proxy if it has one; nil when it only calls us.
        package var host: String?
        /// The port; nil looks for SRV records.
        package var port: UInt16?
        /// The user name and password that its requests must carry; nil when its address is enough.
        package var incoming: SIPTrunk.Login?
    }

    /// Further addresses where SIP is taken.
    package var listen: [Listen] = []
    /// Certificates of SIP over TLS; nil when there are none.
    package var tls: TLSFiles?
    /// PEM file of the authority of the servers that trunks over TLS connect to; nil takes the system's.
    package var trunkAuthority: String?
    /// Carriers and SBCs.
    package var trunks: [Trunk] = []
    /// New calls a second that are let in.
    package var callsPerSecondMax = Limits.sipCallsPerSecondMax
    /// Legs at one time.
    package var legsMax = Limits.sipLegsMax
    /// The session timer that is asked for.
    package var sessionExpires = Limits.sipSessionExpires
    /// How often a phone on UDP is asked whether it is there.
    package var phoneProbeInterval = Limits.sipPhoneProbeInterval
    /// Whether phones and trunks are offered SHA-256 beside MD5.
    ///
    /// Off unless asked for: sipp, baresip 1.0 and others fail when there are two challenges (RFC 8760 §2.4).
    package var offersSHA256 = false
    /// The trunk by which calls to the outside go; nil when there are none.
    package var outboundTrunk: String?
    /// The number that calls to the outside show.
    package var outboundNumber = ""

    /// Nothing beyond the first port.
    package init() {}

    /// Whether this site connects to anybody over TLS.
    package var connectsByTLS: Bool { trunks.contains { $0.host != nil && $0.trunk.transport == .tls } }
}
