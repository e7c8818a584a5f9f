import Crypto
import CryptoExtras
import Foundation

/// A password's scrypt hash with its parameters (RFC 7914), as an account record keeps it.
///
/// Written `$scrypt$ln=14,r=8,p=5$<salt>$<hash>`, base64 without padding, as the PHC string format has it. The
/// parameters travel with the hash, so that they can be raised without asking anybody for a new password.
package struct PasswordHash: Sendable {
    /// The work that a hash costs.
    package struct Cost: Hashable, Sendable {
        /// The logarithm of the number of rounds; memory is `128 · r · 2^ln` bytes.
        package var roundsLog2: Int
        /// The block size `r`.
        package var blockSize: Int
        /// The parallelism `p`.
        package var parallelism: Int

        /// Chooses a cost.
        package init(roundsLog2: Int, blockSize: Int, parallelism: Int) {
            self.roundsLog2 = roundsLog2
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        /// 16 MiB and some 200 ms: one of the equivalent settings of OWASP's Password Storage Cheat Sheet.
        package static let standard = Cost(roundsLog2: 14, blockSize: 8, parallelism: 5)

        /// A record from another site must not be able to take all memory or a minute of processor time.
        var isBearable: Bool {
            (1...17).contains(roundsLog2) && (1...16).contains(blockSize) && (1...16).contains(parallelism)
                && (blockSize * parallelism) << roundsLog2 <= 1 << 21
        }
    }

    private let cost: Cost
    private let salt: [UInt8]
    private let digest: [UInt8]

    /// Reads the written form; nil when it is damaged or its cost is out of bounds.
    package init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt", let cost = Self.cost(parts[2]), cost.isBearable,
            let salt = Self.decoded(parts[3]), let digest = Self.decoded(parts[4]),
            (8...64).contains(salt.count), (16...64).contains(digest.count)
        else { return nil }
        self.cost = cost
        self.salt = salt
        self.digest = digest
    }

    private init(cost: Cost, salt: [UInt8], digest: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.digest = digest
    }

    /// Hashes a password with a fresh salt.
    package static func make(_ password: String, cost: Cost = .standard) throws -> PasswordHash {
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return PasswordHash(cost: cost, salt: salt, digest: try derive(password, salt: salt, cost: cost, count: 32))
    }

    /// The written form.
    package var text: String {
        let parameters = "ln=\(cost.roundsLog2),r=\(cost.blockSize),p=\(cost.parallelism)"
        return "$scrypt$\(parameters)$\(Self.encoded(salt))$\(Self.encoded(digest))"
    }

    /// True for the right password; takes the same time for every wrong one.
    package func accepts(_ password: String) -> Bool {
        guard let offered = try? Self.derive(password, salt: salt, cost: cost, count: digest.count) else {
            return false
        }
        var difference: UInt8 = 0
        for (left, right) in zip(offered, digest) { difference |= left ^ right }
        return difference == 0
    }

    private static func derive(_ password: String, salt: [UInt8], cost: Cost, count: Int) throws -> [UInt8] {
        // The same password typed on another keyboard may come composed otherwise (RFC 8265 §4.2).
        let bytes = Array(password.precomposedStringWithCanonicalMapping.utf8)
        let key = try KDF.Scrypt.deriveKey(
            from: bytes,
            salt: salt,
            outputByteCount: count,
            rounds: 1 << cost.roundsLog2,
            blockSize: cost.blockSize,
            parallelism: cost.parallelism
        )
        return key.withUnsafeBytes { Array($0) }
    }

    private static func cost(_ text: Substring) -> Cost? {
        var numbers: [Int] = []
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        for (part, name) in zip(parts, ["ln=", "r=", "p="]) {
            guard part.hasPrefix(name), let number = Int(part.dropFirst(name.count)) else { return nil }
            numbers.append(number)
        }
        guard parts.count == 3, numbers.count == 3 else { return nil }
        return Cost(roundsLog2: numbers[0], blockSize: numbers[1], parallelism: numbers[2])
    }

    private static func encoded(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("=", with: "")
    }

    private static func decoded(_ text: Substring) -> [UInt8]? {
        let padding = String(repeating: "=", count: (4 - text.count % 4) % 4)
        return Data(base64Encoded: String(text) + padding).map { Array($0) }
    }
}
