package import Kernel

/// A carrier or SBC that calls come from and go to.
package struct SIPTrunk: Hashable, Sendable {
    /// Its name in the configuration, in logs and figures.
    package var name: String
    /// Source addresses of its requests, each an address or a prefix: `192.0.2.0/24`, `2001:db8::/32`.
    ///
    /// The addresses that `SIPCommand.aimTrunk` names count beside them.
    package var sources: [SIPAddressRange]
    /// The digest that its requests must carry; nil when its address is enough.
    package var incoming: Credential?
    /// What we answer its challenges with; nil when it asks for none.
    package var outgoing: Login?
    /// The host of From, To and the Request-URI in calls to it; empty takes the next hop's address.
    package var domain: String
    /// How it is reached.
    package var transport: SIPTransport
    /// Whether `outgoing` is also registered with it, so that it finds us.
    package var registers: Bool
    /// How often it is asked by OPTIONS whether it is there; zero asks never and believes it is.
    package var probeInterval: Span
    /// Calls from it a second; nil for no bound of its own.
    package var callsPerSecondMax: Int?
    /// Calls with it at one time, both directions; nil for no bound of its own.
    package var callsMax: Int?

    /// A user name and the HA1 in hex that stand in its requests.
    package struct Credential: Hashable, Sendable {
        /// The user name.
        package var user: String
        /// MD5(user:realm:password), in hex.
        package var md5: String
        /// SHA-256 of the same, in hex; nil offers MD5 alone.
        package var sha256: String?

        /// Makes one.
        package init(user: String, md5: String, sha256: String? = nil) {
            self.user = user
            self.md5 = md5
            self.sha256 = sha256
        }
    }

    /// Our account with it.
    package struct Login: Hashable, Sendable {
        /// The user name.
        package var user: String
        /// The password; never logged.
        package var password: String

        /// Makes one.
        package init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    /// Makes a trunk with no bounds of its own that is believed to be there.
    package init(
        name: String,
        sources: [SIPAddressRange] = [],
        incoming: Credential? = nil,
        outgoing: Login? = nil,
        domain: String = "",
        transport: SIPTransport = .udp,
        registers: Bool = false,
        probeInterval: Span = .zero,
        callsPerSecondMax: Int? = nil,
        callsMax: Int? = nil
    ) {
        self.name = name
        self.sources = sources
        self.incoming = incoming
        self.outgoing = outgoing
        self.domain = domain
        self.transport = transport
        self.registers = registers
        self.probeInterval = probeInterval
        self.callsPerSecondMax = callsPerSecondMax
        self.callsMax = callsMax
    }
}

/// Where a call came from, as far as it is proved.
package enum SIPOrigin: Hashable, Sendable {
    /// A trunk, known by its address or its digest.
    case trunk(String)
    /// A registered phone, known by its digest or its connection.
    case phone(user: String)
    /// Nobody whom we know; taken only while no trunk is configured.
    case stranger
}
