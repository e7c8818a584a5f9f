package import Kernel

/// A carrier or SBC that calls come from and go to.
package struct SIPTrunk: Hashable, Sendable {
    /// Its name in the configuration, in logs and figures.
    package var name: String
    /// Source addresses of its requests, each an address or a prefix: `192.0.2.0/24`, `2001:db8::/32`.
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

/// A numeric address or a prefix of addresses.
package struct SIPAddressRange: Hashable, Sendable {
    /// The text that it was read from.
    package let text: String
    /// The address's bytes, 4 or 16.
    let bytes: [UInt8]
    /// How many leading bits count.
    let bits: Int

    /// Reads `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = SIPAddressRange.bytes(of: String(first)) else { return nil }
        bytes = address
        self.text = text
        guard parts.count == 2 else {
            bits = address.count * 8
            return
        }
        guard let number = Int(parts[1]), (0...address.count * 8).contains(number) else { return nil }
        bits = number
    }

    /// Whether a numeric address lies in it.
    package func contains(_ host: String) -> Bool {
        guard let other = SIPAddressRange.bytes(of: host), other.count == bytes.count else { return false }
        for index in 0..<bytes.count {
            let left = bits - index * 8
            if left <= 0 { return true }
            let mask: UInt8 = left >= 8 ? 0xFF : ~(0xFF >> UInt8(left))
            if bytes[index] & mask != other[index] & mask { return false }
        }
        return true
    }

    private static func bytes(of host: String) -> [UInt8]? {
        if host.contains(":") { return v6(host) }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let numbers = parts.compactMap { $0.utf8.allSatisfy { ASCII.isDigit($0) } ? UInt8($0) : nil }
        return numbers.count == 4 ? numbers : nil
    }

    private static func v6(_ host: String) -> [UInt8]? {
        let halves = host.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        var groups: [[UInt16]] = []
        for half in halves {
            guard !half.isEmpty else {
                groups.append([])
                continue
            }
            let words = half.split(separator: ":", omittingEmptySubsequences: false)
            let numbers = words.compactMap { $0.count <= 4 ? UInt16($0, radix: 16) : nil }
            guard numbers.count == words.count else { return nil }
            groups.append(numbers)
        }
        let known = groups.reduce(0) { $0 + $1.count }
        guard groups.count == 2 ? known < 8 : known == 8, let head = groups.first else { return nil }
        let tail = groups.count == 2 ? groups[1] : []
        let all = head + Array(repeating: 0, count: 8 - known) + tail
        return all.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
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
