package import Kernel

extension Ledger {
    /// Makes one op of each request, in one transaction.
    ///
    /// A request that cannot be carried out is answered with the reason and leaves no trace; the others are
    /// not affected. Throws only what the storage throws.
    package mutating func commit(
        _ requests: [EditRequest],
        at wall: WallTime,
        in storage: inout some LedgerStorage
    ) throws -> CommitResult {
        var cache = DocumentCache()
        var series: [String: Int64] = [:]
        var outcomes: [CommitOutcome] = []
        var batch = OpsBatch(
            origin: origin,
            first: vector[origin] + 1,
            previous: vector[origin] == 0 ? [] : chain(of: origin),
            bodies: [],
            isCatchUp: false
        )
        for request in requests {
            do {
                let (commit, body) = try makeOp(request, at: wall, cache: &cache, series: &series, in: &storage)
                outcomes.append(.committed(commit))
                batch.bodies.append(body)
            } catch EditPlan.Failure.rejected(let reason) {
                outcomes.append(.rejected(reason))
            }
        }
        let changed = try cache.save(in: &storage)
        for (name, last) in series.sorted(by: { $0.key < $1.key }) {
            try storage.setCounter(LedgerCounter.series(name), to: last)
        }
        try saveClock(in: &storage)
        return CommitResult(
            outcomes: outcomes,
            changed: changed,
            batch: batch.bodies.isEmpty ? nil : batch,
            vector: vector
        )
    }

    /// Plans a request, and if all of it holds, appends its op to the log and applies it.
    private mutating func makeOp(
        _ request: EditRequest,
        at wall: WallTime,
        cache: inout DocumentCache,
        series: inout [String: Int64],
        in storage: inout some LedgerStorage
    ) throws -> (Commit, [UInt8]) {
        guard !halted.contains(origin) else { throw EditPlan.Failure.rejected(.originHalted(origin)) }
        guard !isJoining else { throw EditPlan.Failure.rejected(.joining) }
        let dot = Dot(origin: origin, sequence: vector[origin] + 1)
        var needs = vector.beyond(vectorOfNewest)
        needs = VersionVector(needs.heads.filter { $0.origin != origin })
        let header = Op(
            dot: dot,
            stamp: clock.stamp(at: wall),
            actor: request.actor,
            needs: needs,
            changes: []
        )
        var plan = EditPlan(
            request,
            header: header,
            schema: schema,
            writableLevel: writableLevel,
            numbersStart: knowsNumbers ? 0 : Ledger.numbersStart(at: wall),
            series: series
        )
        try plan.plan(request, cache: &cache, storage: storage)
        // A document mended with a peer's copy may reflect ops that are not in the log here yet: readers need them
        // first.
        for change in plan.changes {
            guard let version = plan.documents[change.document]?.version, !vector.covers(version) else { continue }
            needs.merge(VersionVector(version.beyond(vector).heads.filter { $0.origin != origin }))
        }
        let op = Op(dot: dot, stamp: header.stamp, actor: header.actor, needs: needs, changes: plan.changes)
        let body = OpCodec.encode(op)
        guard body.count <= Limits.opBytesMax else {
            throw EditPlan.Failure.rejected(.requestTooLarge(bytes: body.count, limit: Limits.opBytesMax))
        }
        try append(op, body: body, link: OpChain.link(after: chain(of: origin), body: body), to: &storage)
        vectorOfNewest = vector
        series = plan.series
        var conflicts: [Conflict] = []
        for change in op.changes {
            guard let document = plan.documents[change.document] else { continue }
            // A new document has not been looked up: note that storage has none, so that it counts as changed.
            _ = try cache.document(document.id, in: storage)
            cache.put(document)
            conflicts += document.conflicts
        }
        let commit = Commit(
            dot: dot,
            stamp: op.stamp,
            created: plan.created,
            numbers: plan.numbers,
            conflicts: conflicts
        )
        return (commit, body)
    }

    /// Puts an op that follows its origin's newest into the log.
    mutating func append(
        _ op: Op,
        body: [UInt8],
        link: [UInt8],
        to storage: inout some LedgerStorage
    ) throws {
        try storage.append(StoredOp(dot: op.dot, stamp: op.stamp, body: body, chain: link))
        chains[op.dot.origin] = link
        vector.include(op.dot)
    }
}
