import Kernel
import Replication

/// Merging states of a document is commutative, associative and idempotent: tried on what sites really hold.
struct MergeLaws: RecordsChecker {
    let name = "15 merging is commutative, associative, idempotent"
    private var random = SeededRandom(seed: 15)

    mutating func eachSecond(_ world: RecordsWorld) -> String? {
        guard let id = world.book.dots.keys.sorted().randomElement(using: &random) else { return nil }
        let states = world.sites.compactMap { $0.storage.document(id) }
        guard let one = states.first, let other = states.last, let third = states.dropFirst().first else { return nil }
        // Tombstones that were forgotten and made again have no full history to merge by.
        guard !world.isRotten, states.allSatisfy({ $0.deletion?.stamp != .zero }) else { return nil }
        if merged(one, one) != encoded(one) { return "\(id.key) merged with itself is another document" }
        if merged(one, other) != merged(other, one) { return "\(id.key) merges differently from either side" }
        if merged(merge(one, other), third) != merged(one, merge(other, third)) {
            return "\(id.key) merges differently in another order"
        }
        return nil
    }

    private func merge(_ one: Document, _ other: Document) -> Document {
        var result = one
        result.merge(other, schema: RecordsSchema.documents)
        return result
    }

    private func merged(_ one: Document, _ other: Document) -> [UInt8] { encoded(merge(one, other)) }

    private func encoded(_ document: Document) -> [UInt8] { DocumentEncoder.encode(document) }
}
