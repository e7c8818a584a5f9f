import Crypto
import Foundation

/// The secret that a phone's digest authentication rests on.
package enum SIPDigest {
    /// The realm of every site, so that a phone can register at another one.
    package static let realm = "tandem"

    /// HA1 of RFC 7616 §3.4.2 with MD5, in lower-case hex: MD5 is what desk phones can do.
    package static func ha1(user: String, password: String) -> String {
        hex(Insecure.MD5.hash(data: text(user, password)))
    }

    /// The same with SHA-256 (RFC 8760), for phones that can do better.
    package static func ha1SHA256(user: String, password: String) -> String {
        hex(SHA256.hash(data: text(user, password)))
    }

    private static func text(_ user: String, _ password: String) -> Data {
        Data("\(user):\(realm):\(password)".utf8)
    }

    private static func hex(_ digest: some Digest) -> String {
        let digits = Array("0123456789abcdef")
        return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
