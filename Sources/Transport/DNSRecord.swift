/// One record of an answer of the domain name system.
package struct DNSRecord: Hashable, Sendable {
    /// The kinds that are asked for, with their numbers (RFC 1035, RFC 3596, RFC 2782).
    package enum Kind: UInt16, Hashable, Sendable {
        /// An IPv4 address.
        case v4 = 1
        /// An IPv6 address.
        case v6 = 28
        /// A host and port that serve a domain.
        case service = 33
    }

    /// What a record says.
    package enum Content: Hashable, Sendable {
        /// A numeric address.
        case address(String)
        /// A host that serves; lower priorities first, within one by weight (RFC 2782).
        case service(priority: UInt16, weight: UInt16, port: UInt16, host: String)
    }

    /// What it says.
    package var content: Content
    /// How long it may be used, in seconds.
    package var secondsToLive: UInt32

    /// Makes a record.
    package init(_ content: Content, secondsToLive: UInt32) {
        self.content = content
        self.secondsToLive = secondsToLive
    }
}

/// Why a name server gave no records.
package enum DNSFailure: Error, Hashable, Sendable {
    /// There is no such name.
    case noSuchName
    /// The name exists, but has no record of that kind.
    case noRecord
    /// No server answered, or none could.
    case unavailable
    /// What came is no proper answer.
    case broken
}
