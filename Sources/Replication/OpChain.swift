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
        hash(Array("tandem op chain \(origin.text)".utf8)).bytes
    }

    /// The link of an op that follows `previous`.
    package static func link(after previous: [UInt8], body: [UInt8]) -> [UInt8] {
        var sha = SHA256()
        previous.withUnsafeBytes { sha.update(bufferPointer: $0) }
        withUnsafeBytes(of: hash(body)) { sha.update(bufferPointer: $0) }
        return sha.finalize().withUnsafeBytes { Array($0.prefix(size)) }
    }

    /// The first 16 bytes of the SHA-256 of some bytes.
    private static func hash(_ bytes: [UInt8]) -> Half {
        var sha = SHA256()
        bytes.withUnsafeBytes { sha.update(bufferPointer: $0) }
        return sha.finalize().withUnsafeBytes {
            Half(low: $0.loadUnaligned(as: UInt64.self), high: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
    }

    /// Sixteen bytes as they lie in memory, without an array for them.
    private struct Half {
        let low: UInt64
        let high: UInt64

        var bytes: [UInt8] { withUnsafeBytes(of: self) { Array($0) } }
    }
}
