import Crypto

/// Digest authentication as SIP uses it (RFC 3261 §22, RFC 7616).
package enum SIPDigest {
    /// The hash; SHA-256 (RFC 8760) has its place here.
    package enum Algorithm: Hashable, Sendable {
        /// What every phone speaks.
        case md5

        /// As written in headers.
        var name: StaticString { "MD5" }

        /// The hash in hex.
        func hex(_ text: String) -> String {
            var hash = Insecure.MD5()
            var text = text
            text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
            return ASCII.hex(hash.finalize())
        }
    }

    /// The secret that stands in an agent's record: hash of user, realm and password, in hex.
    package static func ha1(user: String, realm: String, password: String, algorithm: Algorithm = .md5) -> String {
        algorithm.hex("\(user):\(realm):\(password)")
    }

    /// The response to a challenge.
    static func response(ha1: String, method: String, _ fields: SIPDigestFields, algorithm: Algorithm) -> String {
        let ha2 = algorithm.hex("\(method):\(fields.uri)")
        guard fields.isProtected else { return algorithm.hex("\(ha1):\(fields.nonce):\(ha2)") }
        return algorithm.hex("\(ha1):\(fields.nonce):\(fields.count):\(fields.clientNonce):auth:\(ha2)")
    }
}

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
    /// Whether `qop` is or may be `auth`, so that counter and client nonce enter the hash.
    var isProtected = false
    var isStale = false
    var isMD5 = true

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
        guard !nonce.isEmpty, nonce.utf8.count <= 256 else { return nil }
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
        } else if name.matches("qop") {
            isProtected = field.split(separator: ASCII.comma).contains { $0.trimmed.matches("auth") }
        } else if name.matches("stale") {
            isStale = field.matches("true")
        } else if name.matches("algorithm") {
            isMD5 = field.matches("MD5")
        }
    }

    /// As the value of an Authorization header.
    var authorization: String {
        var value = "Digest username=\"\(user)\", realm=\"\(realm)\", nonce=\"\(nonce)\", uri=\"\(uri)\", "
        value += "response=\"\(response)\", algorithm=MD5"
        if isProtected { value += ", qop=auth, nc=\(count), cnonce=\"\(clientNonce)\"" }
        return value
    }
}
