import Kernel

/// Challenges requests and judges the answers: for REGISTER, and for INVITEs of phones and trunks.
struct SIPAuthenticator: Sendable {
    /// Who may answer a challenge, and with what.
    struct Claim {
        /// The name that must stand in the answer.
        let user: String
        /// The secret; nil for nobody whom we know, which must not show from outside.
        let credential: SIPTrunk.Credential?
        /// What a challenge offers when there is no secret.
        var offersStrong = false
        /// Under whose name counters are remembered, and how many nonces of it.
        let book: String
        var nonces = Limits.sipNoncesMax

        /// What a challenge offers, the strongest first (RFC 8760 §2.4).
        var offered: [SIPDigest.Algorithm] {
            let isStrong = credential.map { $0.sha256 != nil } ?? offersStrong
            return isStrong ? [.sha256, .md5] : [.md5]
        }

        func secret(_ algorithm: SIPDigest.Algorithm) -> String? {
            switch algorithm {
            case .md5: credential?.md5.lowercased()
            case .sha256: credential?.sha256?.lowercased()
            }
        }
    }

    private let realm: String
    private var nonces: NonceBook

    init(_ configuration: SIPConfiguration) {
        realm = configuration.realm
        nonces = NonceBook(secret: configuration.secret)
    }

    mutating func forget(_ book: String) {
        nonces.forget(book)
    }

    /// The name in the answer that a request brings; nil without any.
    func claimedUser(_ envelope: SIPEnvelope) -> String? {
        answer(in: envelope, offered: SIPDigest.Algorithm.allCases)?.user
    }

    private func answer(in envelope: SIPEnvelope, offered: [SIPDigest.Algorithm]) -> SIPDigestFields? {
        var best: SIPDigestFields?
        for header in envelope.message.headers where header.name == .authorization {
            guard let found = SIPDigestFields(header.value), found.realm == realm,
                let algorithm = found.algorithm, offered.contains(algorithm)
            else { continue }
            if let known = best?.algorithm, known > algorithm { continue }
            best = found
        }
        return best
    }

    /// Returns when the request proves the claim, or throws the answer to give.
    mutating func check(_ envelope: SIPEnvelope, _ claim: Claim, now: Instant) throws(SIPRefusal) {
        guard let fields = answer(in: envelope, offered: claim.offered), let algorithm = fields.algorithm
        else { throw challenge(claim, isStale: false, now: now) }
        switch nonces.judge(fields.nonce, now: now) {
        case .forged: throw challenge(claim, isStale: false, now: now)
        case .stale: throw challenge(claim, isStale: true, now: now)
        case .good: break
        }
        guard isForThis(fields, envelope) else { throw SIPRefusal(400, "Digest For Another URI") }
        // An unknown user and a wrong password look the same from outside.
        let secret = claim.secret(algorithm)
        let expected = SIPDigest.response(
            ha1: secret ?? "unknown",
            method: envelope.method.name,
            fields,
            algorithm: algorithm
        )
        guard secret != nil, fields.user == claim.user, !fields.uri.isEmpty,
            isEqualInConstantTime(expected, fields.response.lowercased())
        else { throw SIPRefusal(403) }
        var count: UInt32 = 1
        if fields.isProtected {
            guard fields.count.utf8.count == 8, let number = UInt32(fields.count, radix: 16), number > 0
            else { throw SIPRefusal(400, "Malformed Nonce Count") }
            count = number
        }
        guard nonces.use(fields.nonce, user: claim.book, count: count, kept: claim.nonces)
        else { throw challenge(claim, isStale: true, now: now) }
    }

    /// Whether an answer was made for the Request-URI (RFC 3261 §22.4 item 7, RFC 7616 §3.4.6): a stolen one is
    /// then of no use for another number.
    ///
    /// Only what both name is compared, for phones leave out ports, parameters and some the user; the host not
    /// when a proxy, who may have changed it, stands between.
    private func isForThis(_ fields: SIPDigestFields, _ envelope: SIPEnvelope) -> Bool {
        guard case .request(_, let bytes) = envelope.message.start, let asked = try? SIPURI(bytes),
            let proved = try? SIPURI(Array(fields.uri.utf8)[...])
        else { return false }
        if asked.user != nil, proved.user != nil, asked.userText != proved.userText { return false }
        if asked.host.isEmpty || proved.host.isEmpty || envelope.message.list(.via).count > 1 { return true }
        return asked.host.text.lowercased() == proved.host.text.lowercased()
    }

    private mutating func challenge(_ claim: Claim, isStale: Bool, now: Instant) -> SIPRefusal {
        let nonce = nonces.make(now: now)
        let headers = claim.offered.map { algorithm in
            var value = "Digest realm=\"\(realm)\", nonce=\"\(nonce)\", algorithm=\(algorithm.name), qop=\"auth\""
            if isStale { value += ", stale=true" }
            return SIPExtraHeader(name: "WWW-Authenticate", value: value)
        }
        return SIPRefusal(401, headers: headers)
    }
}

/// Compares without telling by its duration where the first difference lies.
private func isEqualInConstantTime(_ left: String, _ right: String) -> Bool {
    let left = Array(left.utf8)
    let right = Array(right.utf8)
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
