import Crypto
package import Kernel

/// A hash over an origin's whole log, so that two sites that agree on the newest agree on all before it.
///
/// Each link hashes the link before it and the hash of the op's body (SHA-256, the first 16 bytes). As only the
/// body's hash goes in, a body that the law wants erased can go while the chain still holds.
package enum OpChain {
    /// Bytes of a link.
    package static let size = 16

    /// What stands before an origin's first op: it ties the chain to its origin.
    package static func start(_ origin: Origin) -> [UInt8] {
        hash([Array("tandem op chain \(origin.text)".utf8)])
    }

    /// The link of an op that follows `previous`.
    package static func link(after previous: [UInt8], body: [UInt8]) -> [UInt8] {
        hash([previous, hash([body])])
    }

    /// The first 16 bytes of the SHA-256 of the parts one after the other.
    private static func hash(_ parts: [[UInt8]]) -> [UInt8] {
        var sha = SHA256()
        for part in parts {
            part.withUnsafeBytes { sha.update(bufferPointer: $0) }
        }
        return sha.finalize().withUnsafeBytes { Array($0.prefix(size)) }
    }
}
