import Crypto
package import Kernel

/// A hash of one document: its name and all of its state (SHA-256 of `DocumentEncoder`'s bytes, the first 16 bytes).
package struct DocumentHash: Hashable, Sendable {
    /// The hash as a number, so that many can be summed.
    package let number: UInt128

    /// Bytes of a hash.
    package static let size = 16

    /// Takes a number.
    package init(number: UInt128) {
        self.number = number
    }

    /// The hash of a document.
    package init(_ document: Document) {
        self.init(id: document.id, body: DocumentEncoder.encode(document))
    }

    /// The hash of a document by its encoded body.
    package init(id: DocumentID, body: [UInt8]) {
        var sha = SHA256()
        var front = ByteWriter(capacity: 64)
        front.number(UInt64(id.type.number))
        front.text(id.key)
        front.bytes.withUnsafeBytes { sha.update(bufferPointer: $0) }
        body.withUnsafeBytes { sha.update(bufferPointer: $0) }
        number = sha.finalize().withUnsafeBytes { $0.loadUnaligned(as: UInt128.self).littleEndian }
    }

    /// The hash of 16 bytes, least significant first; nil for any other count.
    package init?(bytes: [UInt8]) {
        guard bytes.count == DocumentHash.size else { return nil }
        number = bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt128.self).littleEndian }
    }

    /// The 16 bytes, least significant first.
    package var bytes: [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}

/// Sums of the hashes of all living documents, by bucket, kept up to date change by change.
///
/// Two sites with equal version vectors must have equal digests. Where they have not, the buckets that differ lead to
/// the documents that differ. Sums wrap, so the order of changes does not matter; deleted documents do not count,
/// because sites forget them at different times.
package struct StateDigest: Hashable, Sendable {
    /// How many buckets: a bucket of a million documents holds 250.
    package static let bucketCount = 4_096

    /// The sum of each bucket.
    package private(set) var sums: [UInt128]
    /// The sum of all buckets.
    package private(set) var total: UInt128 = 0

    /// The digest of no documents.
    package init() {
        sums = Array(repeating: 0, count: StateDigest.bucketCount)
    }

    /// What two digests are compared by first.
    package var root: DocumentHash { DocumentHash(number: total) }

    /// Takes a document's hash in; nil changes nothing.
    package mutating func add(_ hash: DocumentHash?, of id: DocumentID) {
        guard let hash else { return }
        sums[StateDigest.bucket(of: id)] &+= hash.number
        total &+= hash.number
    }

    /// Takes a document's hash out; nil changes nothing.
    package mutating func remove(_ hash: DocumentHash?, of id: DocumentID) {
        guard let hash else { return }
        sums[StateDigest.bucket(of: id)] &-= hash.number
        total &-= hash.number
    }

    /// The bucket of a document (FNV-1a, 64 bits, of type and key).
    package static func bucket(of id: DocumentID) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ byte: UInt8) {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        mix(UInt8(truncatingIfNeeded: id.type.number))
        mix(UInt8(truncatingIfNeeded: id.type.number >> 8))
        for byte in id.key.utf8 { mix(byte) }
        return Int((hash ^ (hash >> 32)) % UInt64(bucketCount))
    }
}
