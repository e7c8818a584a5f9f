import Kernel

extension Ledger {
    /// Reads ops for a peer; a batch without bodies when there is nothing from there on.
    ///
    /// Any site serves any origin's ops: they are the bytes that the origin wrote.
    package static func read(_ request: OpsRequest, from storage: some LedgerStorage) throws -> OpsBatch {
        var batch = OpsBatch(
            origin: request.origin,
            first: request.from,
            previous: [],
            bodies: [],
            isCatchUp: true
        )
        if request.from > 1 {
            let before = Dot(origin: request.origin, sequence: request.from - 1)
            let base = try storage.bases().first { $0.dot == before }
            guard let chain = try base?.chain ?? storage.op(before)?.chain else { return batch }
            batch.previous = chain
        }
        batch.bodies = try storage.bodies(
            of: request.origin,
            from: request.from,
            maxBytes: min(max(request.maxBytes, 1), Limits.opsBatchBytesMax),
            maxCount: Limits.opsBatchCountMax
        )
        return batch
    }
}
