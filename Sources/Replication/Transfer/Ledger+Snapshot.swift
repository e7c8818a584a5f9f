import Kernel

// What a donor reads.
extension Ledger {
    /// Reads a range of documents; nil when this site has nothing to give: it is joining itself, or the bytes of a
    /// document in the range are damaged, which must not spread.
    func readSnapshot(
        after: DocumentID?,
        limit: Int,
        from storage: some LedgerStorage
    ) throws -> SnapshotChunk? {
        guard !isJoining else { return nil }
        let limit = min(max(limit, 1), Limits.snapshotChunkDocumentsMax)
        // Fewer than the limit at first: a few large documents fill a chunk.
        var items: [SnapshotChunk.Item] = []
        var bytes = 0
        var last = after
        var isFull = false
        while !isFull {
            let pageSize = min(Limits.snapshotPageDocuments, limit - items.count)
            guard try storage.damagedDocuments(after: last, limit: pageSize).damaged.isEmpty else { return nil }
            let page = try storage.documents(after: last, limit: pageSize)
            for document in page {
                let body = DocumentEncoder.encode(document)
                if !items.isEmpty, bytes + body.count > Limits.snapshotChunkBytesMax {
                    isFull = true
                    break
                }
                items.append(SnapshotChunk.Item(id: document.id, body: body))
                bytes += body.count + document.id.key.utf8.count + 8
                last = document.id
            }
            if page.count < pageSize, !isFull {
                return SnapshotChunk(
                    after: after,
                    through: nil,
                    vector: vector,
                    heads: try storage.heads(),
                    items: items
                )
            }
            isFull = isFull || items.count >= limit
        }
        return SnapshotChunk(after: after, through: last, vector: vector, heads: try storage.heads(), items: items)
    }

    /// Hashes of as many whole buckets as one answer has room for.
    func readHashes(of buckets: [Int], from storage: some LedgerStorage) throws -> DigestHashes {
        let asked = buckets.filter { (0..<StateDigest.bucketCount).contains($0) }.prefix(Limits.repairBucketsMax)
        let found = try storage.hashes(inBuckets: Set(asked)).sorted { $0.key < $1.key }
        var byBucket: [Int: [DigestHashes.Entry]] = [:]
        for (id, hash) in found {
            byBucket[StateDigest.bucket(of: id), default: []].append(DigestHashes.Entry(id: id, hash: hash))
        }
        var told: [Int] = []
        var entries: [DigestHashes.Entry] = []
        for bucket in Set(asked).sorted() {
            let more = byBucket[bucket] ?? []
            guard told.isEmpty || entries.count + more.count <= Limits.repairHashesMax else { break }
            told.append(bucket)
            entries += more
        }
        entries.sort { $0.id < $1.id }
        return DigestHashes(buckets: told, documents: entries, vector: vector)
    }

    /// The healthy ones among some documents, as many as one answer has room for; deleted ones too.
    func readDocuments(_ ids: [DocumentID], from storage: some LedgerStorage) throws -> [DocumentCopy] {
        guard !isJoining else { return [] }
        var copies: [DocumentCopy] = []
        var bytes = 0
        for id in ids.prefix(Limits.repairDocumentsMax) {
            guard try !isDamaged(id, in: storage) else { continue }
            let body = try storage.document(id).map(DocumentEncoder.encode)
            bytes += body?.count ?? 0
            guard copies.isEmpty || bytes <= Limits.repairBytesMax else { break }
            copies.append(DocumentCopy(id: id, body: body))
        }
        return copies
    }
}
