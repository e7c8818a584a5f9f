/// The headers that this stack reads or writes; all others are `other` and only carried.
package enum SIPHeaderName: UInt8, Hashable, Sendable, CaseIterable {
    /// A header without a meaning here.
    case other
    /// RFC 3261 §20, one case a header.
    case accept, acceptEncoding, allow, authorization, callID, contact, contentEncoding, contentLength
    /// Continued.
    case contentType, cseq, date, expires, from, maxForwards, minExpires, proxyAuthenticate, proxyAuthorization
    /// Continued.
    case recordRoute, require, retryAfter, route, server, supported, to, unsupported, userAgent, via, warning
    /// Continued.
    case wwwAuthenticate
    /// The reason of a BYE or CANCEL, RFC 3326.
    case reason
    /// Who calls according to the network, RFC 3325.
    case assertedIdentity
    /// Whether the caller wants to be shown, RFC 3323.
    case privacy
    /// Reliable provisional responses, RFC 3262.
    case rseq, rack
    /// Session timers, RFC 4028.
    case sessionExpires, minSE
    /// Referrals and what they take the place of, RFC 3515, 3892, 3891.
    case referTo, referredBy, replaces
    /// Whether a referral is told about, RFC 4488.
    case referSub
    /// Events and how long they are told, RFC 6665.
    case event, subscriptionState
    /// Where a call has been before, RFC 7044 and 5806.
    case historyInfo, diversion
    /// The proxies on the way to a phone, RFC 3327.
    case path

    /// The full form of the name.
    var text: StaticString {
        switch self {
        case .other: ""
        case .accept: "Accept"
        case .acceptEncoding: "Accept-Encoding"
        case .allow: "Allow"
        case .authorization: "Authorization"
        case .callID: "Call-ID"
        case .contact: "Contact"
        case .contentEncoding: "Content-Encoding"
        case .contentLength: "Content-Length"
        case .contentType: "Content-Type"
        case .cseq: "CSeq"
        case .date: "Date"
        case .expires: "Expires"
        case .from: "From"
        case .maxForwards: "Max-Forwards"
        case .minExpires: "Min-Expires"
        case .proxyAuthenticate: "Proxy-Authenticate"
        case .proxyAuthorization: "Proxy-Authorization"
        case .recordRoute: "Record-Route"
        case .require: "Require"
        case .retryAfter: "Retry-After"
        case .route: "Route"
        case .server: "Server"
        case .supported: "Supported"
        case .to: "To"
        case .unsupported: "Unsupported"
        case .userAgent: "User-Agent"
        case .via: "Via"
        case .warning: "Warning"
        case .wwwAuthenticate: "WWW-Authenticate"
        case .reason: "Reason"
        case .assertedIdentity: "P-Asserted-Identity"
        case .privacy: "Privacy"
        case .rseq: "RSeq"
        case .rack: "RAck"
        case .sessionExpires: "Session-Expires"
        case .minSE: "Min-SE"
        case .referTo: "Refer-To"
        case .referredBy: "Referred-By"
        case .replaces: "Replaces"
        case .referSub: "Refer-Sub"
        case .event: "Event"
        case .subscriptionState: "Subscription-State"
        case .historyInfo: "History-Info"
        case .diversion: "Diversion"
        case .path: "Path"
        }
    }

    /// The name's one-letter form, where it has one.
    private var compact: StaticString? {
        switch self {
        case .callID: "i"
        case .contact: "m"
        case .contentEncoding: "e"
        case .contentLength: "l"
        case .sessionExpires: "x"
        case .referTo: "r"
        case .referredBy: "b"
        case .event: "o"
        case .contentType: "c"
        case .from: "f"
        case .supported: "k"
        case .to: "t"
        case .via: "v"
        default: nil
        }
    }

    /// Names by a hash of their lower-case form, so that reading a header makes no string.
    private static let byHash: [UInt64: SIPHeaderName] = {
        var table: [UInt64: SIPHeaderName] = [:]
        for name in allCases where name != .other {
            for form in [name.text, name.compact] {
                guard let form else { continue }
                table[form.withUTF8Buffer { foldedHash($0) }] = name
            }
        }
        return table
    }()

    /// Recognises a name in full or compact form, in any case.
    init(_ bytes: Bytes) {
        guard let name = SIPHeaderName.byHash[foldedHash(bytes)] else {
            self = .other
            return
        }
        // The hash can be forged, so the name itself has the last word.
        let matchesCompact = name.compact.map { bytes.matches($0) } ?? false
        self = matchesCompact || bytes.matches(name.text) ? name : .other
    }
}

/// FNV-1a over lower-cased bytes.
func foldedHash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes {
        hash = (hash ^ UInt64(ASCII.lowered(byte))) &* 0x0000_0100_0000_01B3
    }
    return hash
}
