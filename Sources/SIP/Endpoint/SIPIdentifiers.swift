import Crypto
import Kernel

/// Makes tags, branches and Call-IDs that nobody can guess who does not know the secret.
///
/// The seeded generator alone would not do: its next number follows from the last one, and our tags stand in
/// every message. Hashed together with the secret, one block of four identifiers at a time, they tell nothing.
struct SIPIdentifiers: Sendable {
    private let key: [UInt8]
    private var random: SeededRandom
    private var counter: UInt64 = 0
    private var pool: [UInt64] = []

    init(secret: [UInt8], random: SeededRandom) {
        key = keyedHash(secret, domain: "identifiers", [])
        self.random = random
    }

    /// The next 64 bits.
    mutating func next() -> UInt64 {
        if let number = pool.popLast() { return number }
        counter += 1
        var input: [UInt8] = []
        for number in [random.next(), counter] {
            withUnsafeBytes(of: number.littleEndian) { input.append(contentsOf: $0) }
        }
        let block = keyedHash(key, domain: "block", input)
        for start in stride(from: 0, to: block.count, by: 8) {
            pool.append(block[start..<(start + 8)].reduce(0) { $0 << 8 | UInt64($1) })
        }
        return pool.popLast() ?? counter
    }

    /// A number below `bound`, for back-off times.
    mutating func below(_ bound: UInt64) -> UInt64 {
        next() % max(bound, 1)
    }
}

/// SHA-256 over a hashed key, a purpose and some bytes; the parts have fixed or marked lengths.
func keyedHash(_ key: [UInt8], domain: StaticString, _ bytes: [UInt8]) -> [UInt8] {
    var inner = SHA256()
    key.withUnsafeBytes { inner.update(bufferPointer: $0) }
    let hashedKey = Array(inner.finalize())
    var outer = SHA256()
    hashedKey.withUnsafeBytes { outer.update(bufferPointer: $0) }
    domain.withUTF8Buffer { outer.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    [0].withUnsafeBytes { outer.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<1])) }
    bytes.withUnsafeBytes { outer.update(bufferPointer: $0) }
    return Array(outer.finalize())
}
