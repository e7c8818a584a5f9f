/// One Via: where a request passed, and where its response goes.
package struct SIPVia: Sendable {
    /// The transport as written, `UDP` say.
    package let transport: ArraySlice<UInt8>
    /// The sender's host as it knows it.
    package let host: ArraySlice<UInt8>
    /// The sender's port as it knows it.
    package let port: UInt16?
    /// branch, received, rport and others.
    package let parameters: SIPParameters

    /// Whether it was written for the version that we speak; else it tells no more than where to refuse it.
    let isOfOurVersion: Bool

    /// Cuts one Via value into its parts; nil when it is malformed.
    package init?(_ value: ArraySlice<UInt8>) {
        guard let first = value.firstIndex(of: ASCII.slash),
            let second = value[(first + 1)...].firstIndex(of: ASCII.slash),
            value[..<first].trimmed.matches("SIP"), value[(first + 1)..<second].allSatisfy({ $0 > 31 && $0 < 127 })
        else { return nil }
        isOfOurVersion = value[(first + 1)..<second].trimmed.matches("2.0")
        let afterSlash = value[(second + 1)...].trimmed
        guard let blank = afterSlash.firstIndex(where: ASCII.isBlank) else { return nil }
        transport = afterSlash[..<blank]
        guard transport.allSatisfy(ASCII.isToken) else { return nil }
        let rest = afterSlash[blank...].trimmed
        let end = rest.firstIndex(of: ASCII.semicolon) ?? rest.endIndex
        guard let (host, port) = splitHostPort(rest[..<end].trimmed) else { return nil }
        self.host = host
        self.port = port
        parameters = SIPParameters(bytes: rest[end...])
    }

    /// The transaction's name.
    package var branch: ArraySlice<UInt8> { parameters["branch"] ?? [] }

    /// Whether the branch is one that RFC 3261 promises to be unique.
    var hasMagicCookie: Bool { branch.count > 7 && branch.prefix(7).matches("z9hG4bK") }

    /// Whether it names an address for the response; it is never honoured.
    var hasMulticastAddress: Bool { parameters["maddr"] != nil }
}
