package import Kernel

extension Ledger {
    /// Applies ops of a peer, as far as their causes are here; the rest waits within bounds.
    ///
    /// Ops that are here already change nothing. Throws only what the storage throws.
    package mutating func apply(
        _ batch: OpsBatch,
        at wall: WallTime,
        in storage: inout some LedgerStorage
    ) throws -> ApplyOutcome {
        var work = ApplyWork()
        if !halted.contains(batch.origin) {
            if batch.origin == origin, batch.last > vector[origin], !batch.bodies.isEmpty {
                work.alarms.append(.ownOriginAhead(Dot(origin: origin, sequence: batch.last)))
            } else if try isSameHistory(batch, in: storage) {
                try take(batch, at: wall, work: &work, in: &storage)
                try applyWaiting(at: wall, work: &work, in: &storage)
            } else {
                try halt(Dot(origin: batch.origin, sequence: batch.first), work: &work, in: &storage)
            }
        }
        let changed = try work.cache.save(in: &storage)
        try saveClock(in: &storage)
        return ApplyOutcome(
            origin: batch.origin,
            applied: work.applied,
            changed: changed,
            vector: vector,
            held: waiting.contiguous(after: vector),
            missing: missing(),
            alarms: work.alarms
        )
    }

    /// False when the batch contradicts what is here of its origin: some op in it or before it is another one.
    private func isSameHistory(_ batch: OpsBatch, in storage: some LedgerStorage) throws -> Bool {
        let head = vector[batch.origin]
        // Where the batch and the log here both have a link: the nearest such place shows any difference.
        guard !batch.bodies.isEmpty, batch.first <= head + 1 else { return true }
        let place = min(batch.last, head)
        var link = batch.startLink
        for body in batch.bodies.prefix(Int(place + 1 - batch.first)) { link = OpChain.link(after: link, body: body) }
        if place == head { return link == chain(of: batch.origin) }
        guard let stored = try storage.op(Dot(origin: batch.origin, sequence: place)) else { return true }
        return link == stored.chain
    }

    /// Applies what can be applied at once and keeps the rest waiting.
    private mutating func take(
        _ batch: OpsBatch,
        at wall: WallTime,
        work: inout ApplyWork,
        in storage: inout some LedgerStorage
    ) throws {
        var link = batch.startLink
        for (index, body) in batch.bodies.enumerated() {
            let dot = Dot(origin: batch.origin, sequence: batch.first + UInt64(index))
            let previous = link
            link = OpChain.link(after: link, body: body)
            guard !vector.contains(dot) else { continue }
            let op: Op
            do throws(FrameError) {
                op = try OpCodec.decode(body, dot: dot)
            } catch {
                work.alarms.append(.malformed(dot, reason: "\(error)"))
                return
            }
            if isReady(op) {
                try apply(op, body: body, link: link, at: wall, work: &work, in: &storage)
            } else if !waiting.hold(HeldOps.Entry(op: op, body: body, previous: previous, link: link)) {
                // No room: what comes after cannot be applied either and will be asked for again.
                return
            }
        }
    }

    /// Applies waiting ops as long as one of them has become ready.
    private mutating func applyWaiting(
        at wall: WallTime,
        work: inout ApplyWork,
        in storage: inout some LedgerStorage
    ) throws {
        waiting.removeCovered(by: vector)
        var progress = true
        while progress {
            progress = false
            for origin in waiting.origins {
                while let entry = waiting.entry(Dot(origin: origin, sequence: vector[origin] + 1)), isReady(entry.op) {
                    waiting.remove(entry.op.dot)
                    guard entry.previous == chain(of: origin) else {
                        try halt(entry.op.dot, work: &work, in: &storage)
                        break
                    }
                    try apply(entry.op, body: entry.body, link: entry.link, at: wall, work: &work, in: &storage)
                    progress = true
                }
            }
        }
    }

    private func isReady(_ op: Op) -> Bool {
        op.dot.sequence == vector[op.dot.origin] + 1 && vector.covers(op.needs)
    }

    private mutating func apply(
        _ op: Op,
        body: [UInt8],
        link: [UInt8],
        at wall: WallTime,
        work: inout ApplyWork,
        in storage: inout some LedgerStorage
    ) throws {
        if case .tooFarAhead(let span) = clock.receive(op.stamp, at: wall), !work.hasStampAlarm {
            work.hasStampAlarm = true
            work.alarms.append(.stampAhead(op.dot, by: span))
        }
        for change in op.changes {
            var document = try work.cache.document(change.document, in: storage) ?? Document(id: change.document)
            document.apply(change, of: op, schema: schema)
            work.cache.put(document)
        }
        try append(op, body: body, link: link, to: &storage)
        work.applied += 1
    }

    /// Stops an origin of which two histories exist, for good: somebody has to look.
    private mutating func halt(_ dot: Dot, work: inout ApplyWork, in storage: inout some LedgerStorage) throws {
        halted.insert(dot.origin)
        waiting.removeAll(of: dot.origin)
        try storage.setCounter(LedgerCounter.halted(dot.origin), to: 1)
        work.alarms.append(.fork(dot))
    }

    /// What to ask for so that waiting ops can be applied.
    private func missing() -> [OpsRequest] {
        let here = waiting.contiguous(after: vector)
        var wanted = VersionVector()
        for dot in waiting.dots {
            guard let entry = waiting.entry(dot) else { continue }
            wanted.include(dot)
            wanted.merge(entry.op.needs)
        }
        return wanted.heads.compactMap { head in
            let have = max(vector[head.origin], here[head.origin])
            guard head.sequence > have, !halted.contains(head.origin), head.origin != origin else { return nil }
            return OpsRequest(origin: head.origin, from: have + 1)
        }
    }
}

/// What one transaction of applying gathers.
private struct ApplyWork {
    var cache = DocumentCache()
    var applied = 0
    var alarms: [LedgerAlarm] = []
    /// One alarm about a fast clock says enough for a whole batch.
    var hasStampAlarm = false
}

extension OpsBatch {
    /// The chain hash before the first body.
    fileprivate var startLink: [UInt8] {
        first == 1 ? OpChain.start(origin) : previous
    }
}
