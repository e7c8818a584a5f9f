import Kernel

extension Ledger {
    /// Drops what every active member has: tombstones whose keys are never used again, and old ops.
    ///
    /// `stable` is what all active members have on disk; `trim`, never beyond it, is how far the log may go. A
    /// tombstone may go although an edit of it may still arrive from a suspended member, because such an edit names a
    /// document that is not here and was born before: it becomes a tombstone again (`apply`).
    mutating func forget(
        stable: VersionVector,
        trim: VersionVector,
        in storage: inout some LedgerStorage
    ) throws -> LedgerTaskResult {
        var dropped = 0
        let page = try storage.deletedDocuments(after: forgottenUpTo, limit: Limits.tombstonesPerTaskMax)
        for document in page where isForgettable(document, stable: stable) {
            try storage.remove(document.id)
            dropped += 1
        }
        forgottenUpTo = page.count == Limits.tombstonesPerTaskMax ? page.last?.id : nil
        for dot in trim.heads {
            let through = min(dot.sequence, stable[dot.origin], vector[dot.origin])
            guard through > 0, let op = try storage.op(Dot(origin: dot.origin, sequence: through)) else { continue }
            try storage.setBase(OriginHead(dot: op.dot, chain: op.chain))
        }
        return .forgotten(documents: dropped, floor: VersionVector(try storage.bases().map(\.dot)))
    }

    /// A tombstone is needed no more when all have everything that touched it, and nothing lost hangs on it.
    private func isForgettable(_ document: Document, stable: VersionVector) -> Bool {
        guard document.isDeleted, document.remains == nil, schema.hasBornKeys(document.id.type),
            let birth = document.id.birth
        else { return false }
        return stable.contains(birth) && stable.covers(document.version)
    }
}
