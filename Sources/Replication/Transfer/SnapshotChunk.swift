import Crypto
package import Kernel

/// Documents of one range of ids as a donor had them at one vector: a part of a snapshot.
///
/// A snapshot needs no common cut: each chunk is consistent at its own vector, because one transaction read it, and
/// ops that a document reflects already change nothing in it. So the joiner has, when all ranges are there, everything
/// up to the least of the vectors (`JoinProgress.base`) and pulls the rest.
package struct SnapshotChunk: Hashable, Sendable {
    /// A document as it travels.
    package struct Item: Hashable, Sendable {
        /// Its name.
        package let id: DocumentID
        /// What `DocumentEncoder` wrote.
        package let body: [UInt8]

        /// Makes an item.
        package init(id: DocumentID, body: [UInt8]) {
            self.id = id
            self.body = body
        }
    }

    /// The range begins after this id; nil at the first one.
    package let after: DocumentID?
    /// The range ends with this id; nil when it goes to the end.
    package let through: DocumentID?
    /// What the donor had applied when it read the documents.
    package let vector: VersionVector
    /// The newest op of each origin of that vector with its chain hash: where the joiner's logs may begin.
    package let heads: [OriginHead]
    /// All of the donor's documents of the range, sorted by id, deleted ones included.
    package let items: [Item]
    /// A hash over everything else, from the donor's disk to the joiner's.
    package let hash: DocumentHash

    /// Makes a chunk of what was read.
    package init(
        after: DocumentID?,
        through: DocumentID?,
        vector: VersionVector,
        heads: [OriginHead],
        items: [Item]
    ) {
        self.init(after: after, through: through, vector: vector, heads: heads, items: items, hash: nil)
    }

    /// Makes a chunk as it was received, with the hash that its donor wrote; nil makes the hash.
    init(
        after: DocumentID?,
        through: DocumentID?,
        vector: VersionVector,
        heads: [OriginHead],
        items: [Item],
        hash: DocumentHash?
    ) {
        self.after = after
        self.through = through
        self.vector = vector
        self.heads = heads
        self.items = items
        self.hash = hash ?? SnapshotChunk.hash(after, through, vector, heads, items)
    }

    /// True for the last range.
    package var isLast: Bool { through == nil }

    /// True when the content is what the donor hashed, in order and within the range, with a head for each origin.
    package var isSound: Bool {
        guard hash == SnapshotChunk.hash(after, through, vector, heads, items),
            VersionVector(heads.map(\.dot)) == vector, heads.allSatisfy({ $0.chain.count == OpChain.size })
        else { return false }
        var previous = after
        for item in items {
            if let previous, item.id <= previous { return false }
            previous = item.id
        }
        guard let through else { return true }
        return (previous.map { $0 <= through } ?? true) && (after.map { $0 < through } ?? true)
    }

    private static func hash(
        _ after: DocumentID?,
        _ through: DocumentID?,
        _ vector: VersionVector,
        _ heads: [OriginHead],
        _ items: [Item]
    ) -> DocumentHash {
        var front = ByteWriter()
        front.transfer(after)
        front.transfer(through)
        front.transfer(vector)
        front.transfer(heads)
        front.number(items.count)
        var sha = SHA256()
        front.bytes.withUnsafeBytes { sha.update(bufferPointer: $0) }
        for item in items {
            var name = ByteWriter()
            name.transfer(item.id)
            name.number(item.body.count)
            name.bytes.withUnsafeBytes { sha.update(bufferPointer: $0) }
            item.body.withUnsafeBytes { sha.update(bufferPointer: $0) }
        }
        return DocumentHash(number: sha.finalize().withUnsafeBytes { $0.loadUnaligned(as: UInt128.self).littleEndian })
    }
}
