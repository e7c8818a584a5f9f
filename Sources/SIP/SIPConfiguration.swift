package import Kernel

/// What an endpoint must be told before it can speak.
package struct SIPConfiguration: Hashable, Sendable {
    /// The address that others can reach us at, for each open transport; it stands in Via and Contact.
    package var advertised: [SIPTransport: SIPAddress]
    /// The same for peers at IPv6 addresses, where it differs.
    package var advertisedV6: [SIPTransport: SIPAddress] = [:]
    /// The same for peers that speak over one of several ports, by the address where that is bound.
    package var advertisedAt: [SIPTransport: [SIPAddress: SIPAddress]] = [:]
    /// The realm of digest challenges.
    package var realm: String
    /// Differs with each start of the process; an edge learns from it that the calls before are forgotten.
    ///
    /// Stands in provisional responses to INVITE and in answers to OPTIONS as `X-Tandem-Start`; empty says nothing.
    package var startMark = ""
    /// Names the software in User-Agent and Server.
    package var product: String
    /// Key of nonces and identifiers; 16 or more secret bytes, from the shell's secure generator.
    package var secret: [UInt8]
    /// Whether REGISTER is served here; load generators say no.
    package var isRegistrar: Bool
    /// How long a registration lasts when the phone names no time.
    package var registrationDefault: Span
    /// Shorter registrations are refused with 423.
    package var registrationMin: Span
    /// Longer registrations are cut to this.
    package var registrationMax: Span
    /// Carriers and SBCs; while there is none, calls are taken from anybody.
    package var trunks: [SIPTrunk] = []
    /// New calls a second that are let in, all together; more hear 503 with Retry-After.
    package var callsPerSecondMax = Limits.sipCallsPerSecondMax
    /// Legs at one time; more calls hear 503 with Retry-After.
    package var legsMax = Limits.sipLegsMax
    /// The session timer that we ask for (RFC 4028).
    package var sessionExpires = Limits.sipSessionExpires
    /// How often a registered phone on UDP is asked whether it is still there; zero asks never.
    package var phoneProbeInterval = Limits.sipPhoneProbeInterval
    /// How many server transactions may be open before new requests are answered 503.
    package var serverTransactionsMax: Int

    /// Makes a configuration with the usual times.
    package init(
        advertised: [SIPTransport: SIPAddress],
        secret: [UInt8],
        realm: String = "tandem",
        product: String = "Tandem",
        isRegistrar: Bool = true
    ) {
        self.advertised = advertised
        self.realm = realm
        self.product = product
        self.secret = secret
        self.isRegistrar = isRegistrar
        registrationDefault = Limits.sipRegistrationDefault
        registrationMin = Limits.sipRegistrationMin
        registrationMax = Limits.sipRegistrationMax
        serverTransactionsMax = Limits.sipServerTransactionsMax
    }

    /// The address by which a peer reaches us; nil when the transport is not open.
    ///
    /// `local` is our own address that it speaks with, as far as that is known.
    package func advertised(_ transport: SIPTransport, to peer: SIPAddress, at local: SIPAddress? = nil) -> SIPAddress?
    {
        if let local, let told = advertisedAt[transport]?[local] { return told }
        let isV6 = peer.host.utf8.contains(UInt8(ascii: ":"))
        return (isV6 ? advertisedV6[transport] : nil) ?? advertised[transport] ?? advertisedV6[transport]
    }
}
