import Crypto

/// Digest authentication as SIP uses it (RFC 3261 §22, RFC 7616, RFC 8760).
package enum SIPDigest {
    /// The hash; the stronger one is the greater.
    package enum Algorithm: UInt8, Hashable, Comparable, CaseIterable, Sendable {
        /// What every phone speaks.
        case md5
        /// RFC 8760.
        case sha256

        /// As written in headers.
        var name: StaticString {
            switch self {
            case .md5: "MD5"
            case .sha256: "SHA-256"
            }
        }

        /// Orders by strength.
        package static func < (left: Algorithm, right: Algorithm) -> Bool {
            left.rawValue < right.rawValue
        }

        /// The hash in hex.
        func hex(_ text: String) -> String {
            switch self {
            case .md5: Algorithm.hash(text, Insecure.MD5())
            case .sha256: Algorithm.hash(text, SHA256())
            }
        }

        private static func hash<Hash: HashFunction>(_ text: String, _ empty: Hash) -> String {
            var hash = empty
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
