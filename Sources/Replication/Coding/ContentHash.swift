import Crypto

/// The SHA-256 of bytes that come piece by piece, such as those of a file.
package struct ContentHash {
    private var sha = SHA256()

    /// Starts a hash of no bytes.
    package init() {
    }

    /// Takes more bytes.
    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { sha.update(bufferPointer: $0) }
    }

    /// The 32 bytes of the hash of all that was taken.
    package var bytes: [UInt8] { Array(sha.finalize()) }

    /// The same as 64 hexadecimal digits in lower case.
    package var hex: String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
