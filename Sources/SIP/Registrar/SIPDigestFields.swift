import Kernel

/// The fields of a challenge or of the answer to one.
struct SIPDigestFields: Hashable, Sendable {
    var user = ""
    var realm = ""
    var nonce = ""
    var uri = ""
    var response = ""
    var clientNonce = ""
    /// Eight hex digits, as written.
    var count = ""
    /// What the challenger wants back unchanged.
    var opaque = ""
    /// Whether `qop` is or may be `auth`, so that counter and client nonce enter the hash.
    var isProtected = false
    var isStale = false
    /// Nil for one that is not spoken here.
    var algorithm: SIPDigest.Algorithm? = .md5

    init() {}

    /// Reads the value of an Authorization or WWW-Authenticate header; nil for other schemes.
    init?(_ value: Bytes) {
        guard let blank = value.firstIndex(where: ASCII.isBlank), value[..<blank].matches("Digest") else { return nil }
        for element in splitList(value[blank...].trimmed) {
            guard let equal = element.firstIndex(of: ASCII.equal) else { continue }
            let name = element[..<equal].trimmed
            var field = element[(equal + 1)...].trimmed
            if field.count >= 2, field.first == ASCII.quote, field.last == ASCII.quote {
                field = field.dropFirst().dropLast()
            }
            take(name, field)
        }
        guard !nonce.isEmpty, nonce.utf8.count <= Limits.sipIdentifierBytesMax,
            opaque.utf8.count <= Limits.sipIdentifierBytesMax
        else { return nil }
    }

    private mutating func take(_ name: Bytes, _ field: Bytes) {
        if name.matches("username") {
            user = field.text
        } else if name.matches("realm") {
            realm = field.text
        } else if name.matches("nonce") {
            nonce = field.text
        } else if name.matches("uri") {
            uri = field.text
        } else if name.matches("response") {
            response = field.text
        } else if name.matches("cnonce") {
            clientNonce = field.text
        } else if name.matches("nc") {
            count = field.text
        } else if name.matches("opaque") {
            opaque = field.text
        } else if name.matches("qop") {
            isProtected = field.split(separator: ASCII.comma).contains { $0.trimmed.matches("auth") }
        } else if name.matches("stale") {
            isStale = field.matches("true")
        } else if name.matches("algorithm") {
            algorithm = SIPDigest.Algorithm.allCases.first { field.matches($0.name) }
        }
    }

    /// As the value of an Authorization header.
    var authorization: String {
        var value = "Digest username=\"\(user)\", realm=\"\(realm)\", nonce=\"\(nonce)\", uri=\"\(uri)\", "
        value += "response=\"\(response)\", algorithm=\((algorithm ?? .md5).name)"
        if !opaque.isEmpty { value += ", opaque=\"\(opaque)\"" }
        if isProtected { value += ", qop=auth, nc=\(count), cnonce=\"\(clientNonce)\"" }
        return value
    }

    /// The answer to this challenge.
    func answered(
        _ login: SIPTrunk.Login,
        method: String,
        uri: String,
        count: UInt32,
        clientNonce: UInt64
    ) -> SIPDigestFields {
        let algorithm = self.algorithm ?? .md5
        var fields = self
        fields.user = login.user
        fields.uri = uri
        let digits = String(count, radix: 16)
        fields.count = String(repeating: "0", count: 8 - digits.count) + digits
        var nonce: [UInt8] = []
        ASCII.appendHex(clientNonce, to: &nonce)
        fields.clientNonce = nonce[...].text
        let ha1 = SIPDigest.ha1(user: login.user, realm: realm, password: login.password, algorithm: algorithm)
        fields.response = SIPDigest.response(ha1: ha1, method: method, fields, algorithm: algorithm)
        return fields
    }
}

extension SIPEnvelope {
    /// The strongest challenge of a response that can be answered, and where the answer belongs.
    func challenge(_ status: Int) -> (fields: SIPDigestFields, answer: SIPHeaderName)? {
        let isProxy = status == 407
        let name = isProxy ? SIPHeaderName.proxyAuthenticate : .wwwAuthenticate
        var best: SIPDigestFields?
        for header in message.headers where header.name == name {
            guard let fields = SIPDigestFields(header.value), let algorithm = fields.algorithm else { continue }
            if let known = best?.algorithm, known >= algorithm { continue }
            best = fields
        }
        return best.map { ($0, isProxy ? .proxyAuthorization : .authorization) }
    }
}
